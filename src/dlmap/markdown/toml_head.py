"""TOML between `+++`, the front matter of Hugo, as the nodes that YAML gives."""

from __future__ import annotations

import datetime
import re
import tomllib

from dlmap.text import Diagnostic, SourceFile, Span
from dlmap.text.strict_yaml import YamlMapping, YamlNode, YamlScalar, YamlSequence

_PLACE = re.compile(r"\s*\(at line (\d+), column (\d+)\)")


def parse_toml(source: SourceFile, span: Span) -> tuple[YamlMapping | None, tuple[Diagnostic, ...]]:
    """The keys of a TOML table; what is nested in it has the place of its key."""
    text = source.text[span.start : span.end]
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return None, (_syntax_error(source, span, error),)
    items: list[tuple[YamlScalar, YamlNode]] = []
    for key, value in table.items():
        place = _key_span(text, key, span.start)
        items.append((YamlScalar(key, False, place), _node(value, place)))
    return YamlMapping(tuple(items), span), ()


def _key_span(text: str, key: str, start: int) -> Span:
    match = re.search(rf"^[ \t]*(?:\[+)?[ \t]*([\"']?{re.escape(key)}[\"']?)", text, re.MULTILINE)
    return Span(start + match.start(1), start + match.end(1)) if match else Span(start, start)


def _node(value: object, span: Span) -> YamlNode:
    if isinstance(value, dict):
        items = ((YamlScalar(key, False, span), _node(each, span)) for key, each in value.items())
        return YamlMapping(tuple(items), span)
    if isinstance(value, list):
        return YamlSequence(tuple(_node(each, span) for each in value), span)
    if isinstance(value, str):
        return YamlScalar(value, False, span)
    if isinstance(value, bool):
        return YamlScalar("true" if value else "false", True, span)
    if isinstance(value, datetime.datetime):
        return YamlScalar(value.isoformat(" "), True, span)
    return YamlScalar(value.isoformat() if isinstance(value, datetime.date) else str(value), True, span)


def _syntax_error(source: SourceFile, span: Span, error: ValueError | RecursionError) -> Diagnostic:
    words = _PLACE.sub("", str(error).splitlines()[0]) if str(error) else "it is nested too deep"
    start = span.start
    if match := _PLACE.search(str(error)):
        start = source.line_start(source.text.count("\n", 0, span.start) + int(match[1])) + int(match[2]) - 1
    start = min(start, max(span.start, span.end - 1))
    message = f"the front matter between `+++` is not valid TOML: {words}"
    return Diagnostic(
        "DL102", message, 'write `key = "value"`, or YAML between `---`', source, Span(start, start)
    )
