"""A text with some passages replaced that still knows where everything stood."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dlmap.text import Span

CODE = r"""
      ^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]*(?P=fence)[`~]*[ \t]*$|\Z)
    | (?P<ticks>`+)(?!`)(?:[^`\n]|(?!(?P=ticks))`)+(?P=ticks)(?!`)
"""
"""A part of verbose patterns: fences and spans of code, in which no token counts."""


class Replacement(NamedTuple):
    """`text[start:end]` becomes `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class RewrittenText:
    """The outcome of edits."""

    text: str
    _starts: tuple[int, ...] = (0,)
    """Where each piece begins: one for every passage that is kept or new, in order."""
    _origins: tuple[int, ...] = (0,)
    """Where each piece began before."""

    def origin(self, span: Span) -> Span:
        """Where a passage stood before the edits."""
        return Span(self._before(span.start), self._before(span.end))

    def _before(self, offset: int) -> int:
        piece = bisect_right(self._starts, offset) - 1
        before = self._origins[piece] + offset - self._starts[piece]
        # A new passage may be longer than what it replaces.
        return min(before, self._origins[piece + 1]) if piece + 1 < len(self._origins) else before


def apply(text: str, edits: Iterable[Replacement]) -> RewrittenText:
    """Carry out edits, which come in order and do not overlap."""
    pieces: list[str] = []
    starts, origins = [0], [0]
    at = length = 0
    for edit in edits:
        kept = text[at : edit.start]
        pieces += (kept, edit.new)
        length += len(kept)
        starts.append(length)
        origins.append(edit.start)
        length += len(edit.new)
        starts.append(length)
        origins.append(edit.end)
        at = edit.end
    return RewrittenText("".join((*pieces, text[at:])), tuple(starts), tuple(origins))


def enclosed(
    token: re.Pattern[str], ends: Mapping[str, re.Pattern[str]], text: str
) -> Iterator[tuple[re.Match[str], re.Match[str] | None]]:
    """Every token in order; one of a group that `ends` names with its end, before which no other token begins.

    What has no end is looked for once: a text of beginnings alone takes no longer than others.
    """
    at = 0
    endless: set[str] = set()
    while match := token.search(text, at):
        kind = next((group for group in ends if match[group] is not None and group not in endless), "")
        end = ends[kind].search(text, match.end()) if kind else None
        if kind and end is None:
            endless.add(kind)
        yield match, end
        at = (end or match).end()
