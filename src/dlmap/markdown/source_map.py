"""Where inline content stands in the source file: markdown-it tells only the lines of a block."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from markdown_it.token import Token

from dlmap.text import SourceFile

AtSource = Callable[[int], int]
"""From an offset in a block's content to the offset in the file."""


class SourceMap:
    """Finds the content of one document's blocks in its source."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.cell_ends: dict[int, int] = {}
        """How far the cells of a table row have been found, by line."""

    def of_text(self, inline: Token) -> AtSource:
        """The places of a paragraph or heading.

        Its content is made of the file's lines without what stands before them (indentation, quote marks, bullets)
        and, in headings, without the closing hash signs: each line ends where its line of the file ends.
        """
        starts: list[int] = []
        offsets: list[int] = []
        at = 0
        number = inline.map[0] + 1 if inline.map else 1
        for line in inline.meta.get("written", inline.content).split("\n"):
            raw = self.source.line_text(number).rstrip()
            written = line.rstrip()
            if not raw.endswith(written):
                raw = raw.rstrip("#").rstrip()
            starts.append(at)
            offsets.append(self.source.line_start(number) + len(raw) - len(written) - at)
            at += len(line) + 1
            number += 1
        return _mapping(starts, offsets)

    def of_cell(self, inline: Token) -> AtSource:
        r"""The places of a table cell: the cells of a row stand one after the other, bars written `\|`."""
        if not inline.map or not inline.content:
            return _mapping([0], [0])
        number = inline.map[0] + 1
        begin = self.source.line_start(number)
        row = self.source.line_text(number)
        if "|" not in inline.content:
            at = row.find(inline.content, self.cell_ends.get(number, 0))
            if at >= 0:
                self.cell_ends[number] = at + len(inline.content)
            return _mapping([0], [begin + max(0, at)])
        pattern = re.escape(inline.content).replace(r"\|", r"\\?\|")
        found = re.compile(pattern).search(row, self.cell_ends.get(number, 0))
        if found is None:
            return _mapping([0], [begin])
        self.cell_ends[number] = found.end()
        starts, offsets = [0], [begin + found.start()]
        written = found.group()
        at = 0
        for bar in (i for i, char in enumerate(inline.content) if char == "|"):
            # `written` is `at` characters ahead of the content.
            if written[bar + at] == "\\":
                at += 1
                starts.append(bar)
                offsets.append(begin + found.start() + at)
        return _mapping(starts, offsets)


def _mapping(starts: list[int], offsets: list[int]) -> AtSource:
    """Offsets from each start on are shifted by the offset that goes with it."""
    if len(starts) == 1:
        only = offsets[0]
        return lambda offset: offset + only
    return lambda offset: offset + offsets[bisect_right(starts, offset) - 1]
