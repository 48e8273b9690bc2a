"""The shapes that a name can take on the map: its lines, and about how much room they need."""

from __future__ import annotations

import re
from functools import cache
from typing import TypeAlias

Lines: TypeAlias = tuple[str, ...]

LINE_HEIGHT = 1.2
"""In em, as all lengths here."""
_MARGIN = 0.4

# What stays on one line: a word with the space or the hyphen after it, or a Chinese character with its punctuation.
_PIECE = re.compile(
    r"[（(《“]*(?:[^\W\u2e80-\u9fff\uf900-\ufaff]+(?:['’.+/&][^\W\u2e80-\u9fff]+)*|.)[)）》”，、：。,:+]*-?\s*"
)
_NARROW = frozenset("iljtfrI.,:;'|!()[]-/ ·")
_WIDE = frozenset("mwMW@%—")


@cache
def shapes(name: str, most_lines: int) -> tuple[Lines, ...]:
    """The name on one line, on two, and so on, where that makes it narrower."""
    pieces = _PIECE.findall(name)
    found: list[Lines] = [(name,)]
    for count in range(2, min(most_lines, len(pieces)) + 1):
        lines = _balanced(pieces, count)
        if len(lines) > len(found[-1]):
            found.append(lines)
    return tuple(found)


def extent(lines: Lines) -> tuple[float, float]:
    """Width and height of lines with a margin around them."""
    return max(map(width, lines)) + _MARGIN, LINE_HEIGHT * len(lines)


@cache
def width(text: str) -> float:
    """About how wide a text is; which font a reader has nobody knows, so rather too wide than too narrow."""
    return sum(map(_advance, text))


def _advance(char: str) -> float:
    if char >= "\u2e80":
        return 1.0
    if char in _NARROW:
        return 0.32
    if char in _WIDE:
        return 0.88
    return 0.68 if char.isupper() else 0.55


def _balanced(pieces: list[str], count: int) -> Lines:
    """The pieces on at most `count` lines, the longest as short as can be."""
    widths = [width(piece) for piece in pieces]
    low, high = max(widths), sum(widths)
    best = _filled(pieces, widths, high)
    for _ in range(8):
        limit = (low + high) / 2
        lines = _filled(pieces, widths, limit)
        if len(lines) <= count:
            best, high = lines, limit
        else:
            low = limit
    return best


def _filled(pieces: list[str], widths: list[float], limit: float) -> Lines:
    lines: list[str] = []
    line, used = "", 0.0
    for piece, wide in zip(pieces, widths, strict=True):
        if line and used + wide > limit + 1e-6:
            lines.append(line.strip())
            line, used = "", 0.0
        line += piece
        used += wide
    return (*lines, line.strip())
