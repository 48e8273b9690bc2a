"""Outlines are parsed in passages, from heading to heading: an edit changes one of them, and the others stay parsed.

A passage ends before a heading that follows an empty line, for nothing but code, raw HTML and formulas that are not
yet closed goes on behind such a line; where one does, the passage goes on too.  A text with definitions of links or
footnotes is one passage: any part may refer to them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from markdown_it import MarkdownIt

from dlmap.cache.memory import MemoryCache
from dlmap.markdown.dialect import parser
from dlmap.markdown.document import Document, Parsed, is_kramdown, parse_text
from dlmap.markdown.frontmatter import read_front_matter
from dlmap.text import Diagnostic, SourceChunk, SourceFile

_BEFORE_HEADING = re.compile(r"\n[ \t]*\n(?=#{1,6}[ \t])")


class _Piece(NamedTuple):
    passage: SourceChunk
    begin: int
    parsed: Parsed


def parse_outline(
    source: SourceFile, *, flavor: str | None = None, memo: MemoryCache | None = None
) -> tuple[Document, tuple[Diagnostic, ...]]:
    """Parse an outline as `parse_document` does, but with spans that belong to passages."""
    memo = memo or MemoryCache()
    with memo.reading("document", source.path) as recall:
        return recall((source, flavor), lambda: _parse(source, flavor, memo))


def _parse(
    source: SourceFile, flavor: str | None, memo: MemoryCache
) -> tuple[Document, tuple[Diagnostic, ...]]:
    front, diagnostics = read_front_matter(source)
    kramdown = is_kramdown(front, flavor)
    md = parser(kramdown=kramdown)
    with memo.reading("passages", source.path) as recall:

        def parse(passage: SourceChunk) -> Parsed:
            return recall((kramdown, passage), partial(_parse_passage, passage, md))

        begin = front.span.end
        pieces = list(_cut(source.text, begin, parse))
        if len(pieces) > 1 and any(piece.parsed.defines for piece in pieces):
            whole = SourceChunk(source.text[begin:], 0)
            pieces = [_Piece(whole, begin, parse(whole))]
    known = SourceFile(source.path, source.text, {piece.passage: piece.begin for piece in pieces})
    blocks = tuple(block for piece in pieces for block in piece.parsed.blocks)
    problems = (problem.at(known) for piece in pieces for problem in piece.parsed.problems)
    return Document(known, front, blocks, kramdown), (*diagnostics, *problems)


def _parse_passage(passage: SourceChunk, md: MarkdownIt) -> Parsed:
    return parse_text(passage.text, SourceFile("", passage.text), md, passage)


def _cut(text: str, begin: int, parse: Callable[[SourceChunk], Parsed]) -> Iterator[_Piece]:
    ends = [*(match.end() for match in _BEFORE_HEADING.finditer(text, begin)), len(text)]
    numbers: Counter[str] = Counter()
    index = 0
    while index < len(ends):
        # Twice as much each time it is still open, so that no text is parsed more than a few times.
        reach = 1
        while True:
            last = min(index + reach, len(ends)) - 1
            stretch = text[begin : ends[last]]
            passage = SourceChunk(stretch, numbers[stretch])
            parsed = parse(passage)
            if not parsed.is_open or last == len(ends) - 1:
                break
            reach *= 2
        numbers[stretch] += 1
        yield _Piece(passage, begin, parsed)
        begin, index = ends[last], last + 1
