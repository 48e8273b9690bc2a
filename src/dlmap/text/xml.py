"""What XML can hold."""

from __future__ import annotations

_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)))


def xml_text(text: str) -> str:
    """The text without the characters that XML has no way to write."""
    return text.translate(_NOT_XML)
