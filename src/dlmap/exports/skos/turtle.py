"""A graph as Turtle."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dlmap.exports.skos.graph import Graph, GraphNode, LangString, Value
from dlmap.exports.skos.vocabulary import PREFIXES, Form, Property

_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def to_turtle(graph: Graph, base: str) -> bytes:
    """UTF-8; `base` is the address of the site, absolute or relative to that of the file."""
    head = [f"@base <{base}> ."]
    head += (f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in sorted(graph.prefixes()))
    return "\n".join([*head, "", *map(_statement, graph.nodes)]).encode()


def _statement(node: GraphNode) -> str:
    return f"<{node.iri}>\n    " + " ;\n    ".join(_said(node)) + " .\n"


def _said(node: GraphNode) -> Iterator[str]:
    if node.types:
        yield f"a {', '.join(node.types)}"
    for property_, values in node.said:
        yield f"{property_.name} {', '.join(_value(property_, value) for value in values)}"


def _value(property_: Property, value: Value) -> str:
    if isinstance(value, LangString):
        return f"{_quoted(value.text)}@{value.tag}"
    if property_.form is Form.IRI:
        return f"<{value}>"
    return f"{_quoted(value)}^^xsd:gYear" if property_.form is Form.YEAR else _quoted(value)


def _quoted(text: str) -> str:
    return f'"{_SPECIAL.sub(_escaped, text)}"'


def _escaped(char: re.Match[str]) -> str:
    return _SHORT.get(char[0]) or f"\\u{ord(char[0]):04X}"
