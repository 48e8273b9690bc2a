"""How labels on the map break into lines, and about how much room the lines need."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TypeAlias

from dlmap.javascript import Run, Script

Lines: TypeAlias = tuple[str, ...]

LINE_HEIGHT = 1.2
"""In em, as all lengths here."""
_MARGIN = 0.4

SEGMENTER = Script(
    name="word segmenter",
    scripts=(Path(__file__).with_name("segment.js"),),
    function="segmentLabels",
    probe='["\u6a21\u578b"]',
    proof="[[",
)
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]")

# Never broken: a word with the space or hyphen after it, or a Chinese character with its punctuation.
_PIECE = re.compile(
    r"[（(《“]*(?:[^\W\u2e80-\u9fff\uf900-\ufaff]+(?:['’.+/&][^\W\u2e80-\u9fff]+)*|.)[)）》”，、：。,:+]*-?\s*"
)
_NARROW = frozenset("iljtfrI.,:;'|!()[]-/ ·")
_WIDE = frozenset("mwMW@%—")


def segment(labels: Sequence[str], run: Run) -> dict[str, tuple[str, ...]]:
    """The words of each label with Chinese in it. Joined, the words are the label."""
    chinese = sorted({label for label in labels if _HAN.search(label)})
    if not chinese:
        return {}
    words = json.loads(run(SEGMENTER, json.dumps(chinese)))
    return {label: tuple(split) for label, split in zip(chinese, words, strict=True)}


@cache
def pieces(label: str, words: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The parts of a label between which a line may break. Without `words`, Chinese may break after any character."""
    boundaries: set[int] = set()
    at = 0
    for word in words:
        # Text in another script breaks by its own rules.
        boundaries |= {at} if _HAN.search(word) else set(range(at, at + len(word) + 1))
        at += len(word)
    smallest = _PIECE.findall(label)
    joined: list[str] = []
    for start, piece in zip(accumulate(map(len, smallest), initial=0), smallest, strict=False):
        if joined and words and start not in boundaries:
            joined[-1] += piece
        else:
            joined.append(piece)
    return tuple(joined)


@cache
def shapes(label: str, most_lines: int, words: tuple[str, ...] = ()) -> tuple[Lines, ...]:
    """The label on one line, on two, and so on, as long as each line more makes it narrower."""
    parts = pieces(label, words)
    result: list[Lines] = [(label,)]
    for count in range(2, min(most_lines, len(parts)) + 1):
        lines = _balanced(parts, count)
        if len(lines) > len(result[-1]):
            result.append(lines)
    return tuple(result)


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


def _balanced(parts: Sequence[str], count: int) -> Lines:
    """The parts on at most `count` lines, the longest line as short as possible."""
    widths = [width(part) for part in parts]
    low, high = max(widths), sum(widths)
    best = _filled(parts, widths, high)
    for _ in range(8):
        limit = (low + high) / 2
        lines = _filled(parts, widths, limit)
        if len(lines) <= count:
            best, high = lines, limit
        else:
            low = limit
    return best


def _filled(parts: Sequence[str], widths: list[float], limit: float) -> Lines:
    lines: list[str] = []
    line, used = "", 0.0
    for piece, wide in zip(parts, widths, strict=True):
        if line and used + wide > limit + 1e-6:
            lines.append(line.strip())
            line, used = "", 0.0
        line += piece
        used += wide
    return (*lines, line.strip())
