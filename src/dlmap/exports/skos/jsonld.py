"""A graph as JSON-LD: plain JSON for who does not know of graphs, with a context for who does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dlmap.exports.skos.graph import Graph, GraphNode, LangString, Value
from dlmap.exports.skos.vocabulary import PREFIXES, Form, Property
from dlmap.text.strings import compact_json


def to_jsonld(graph: Graph, base: str) -> bytes:
    """UTF-8; `base` is the address of the site, absolute or relative to that of the file."""
    document = {
        "@context": {
            "@version": 1.1,
            "@base": base,
            **{prefix: PREFIXES[prefix] for prefix in sorted(graph.prefixes())},
            "id": "@id",
            "type": "@type",
            **{property_.term: _definition(property_) for property_ in graph.properties()},
        },
        "@graph": [_object(node) for node in graph.nodes],
    }
    return f"{compact_json(document)}\n".encode()


def _definition(property_: Property) -> str | Mapping[str, str]:
    match property_.form:
        case Form.IRI:
            return {"@id": property_.name, "@type": "@id"}
        case Form.WORDS:
            return {"@id": property_.name, "@container": "@language"}
        case Form.YEAR:
            return {"@id": property_.name, "@type": "xsd:gYear"}
        case Form.PLAIN:
            return property_.name


def _object(node: GraphNode) -> Mapping[str, object]:
    types = {"type": node.types[0] if len(node.types) == 1 else list(node.types)} if node.types else {}
    said = {property_.term: _value(property_, values) for property_, values in node.said}
    return {"id": node.iri, **types, **said}


def _value(property_: Property, values: Sequence[Value]) -> object:
    if property_.form is not Form.WORDS:
        return list(values) if property_.many else values[0]
    by_language: dict[str, list[str]] = {}
    for words in values:
        assert isinstance(words, LangString)
        by_language.setdefault(words.tag, []).append(words.text)
    return by_language if property_.many else {tag: texts[0] for tag, texts in by_language.items()}
