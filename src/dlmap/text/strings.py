"""Strings as other formats want them: shortened, as compact JSON, as XML."""

from __future__ import annotations

import json
from html import escape

_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)))


def truncate(text: str, length: int) -> str:
    """At most `length` characters, the last of them `…` where there was more."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def compact_json(value: object) -> str:
    """JSON without spaces, and with characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def xml_text(text: str) -> str:
    """The text without the characters that XML has no way to write."""
    return text.translate(_NOT_XML)


def xml_escaped(text: str) -> str:
    """The text as the content of an element or an attribute."""
    return escape(xml_text(text))
