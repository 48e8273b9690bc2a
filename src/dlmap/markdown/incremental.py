"""Parse Markdown through the cache: outlines in passages, from heading to heading, so that an edit changes one of them.

A passage ends before a heading that follows an empty line, for nothing but code, raw HTML and formulas that are not
yet closed goes on behind such a line; where one does, the passage goes on too.  A text with definitions of links or
footnotes is one passage: any part may refer to them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from dlmap.cache import Cache, Codec, Key, Task
from dlmap.markdown.dialect import parser
from dlmap.markdown.document import Document, Parsed, is_kramdown, parse_text, without_front_matter
from dlmap.markdown.frontmatter import read_front_matter
from dlmap.markdown.rows import decode_parsed, encode_parsed
from dlmap.text import Diagnostic, SourceChunk, SourceFile

_BEFORE_HEADING = re.compile(r"\n[ \t]*\n(?=#{1,6}[ \t])")


class _Text(NamedTuple):
    """A text to be parsed: a passage, or a whole file behind its front matter."""

    text: str
    begin: int
    """Where the Markdown begins."""
    kramdown: bool
    passage: SourceChunk | None

    @property
    def key(self) -> Key:
        number = self.passage.number if self.passage else -1
        return (f"{self.kramdown} {self.begin} {number}".encode(), self.text.encode("utf-8", "surrogatepass"))


def _parse_all(texts: Sequence[_Text]) -> Iterator[Parsed]:
    for text in texts:
        source = SourceFile("", text.text)
        body = without_front_matter(source, text.begin)
        yield parse_text(body, source, parser(kramdown=text.kramdown), text.passage)


_PARSE: Task[_Text, Parsed] = Task(
    "parsed Markdown",
    "dlmap.markdown.incremental",
    lambda text: text.key,
    Codec(encode_parsed, lambda row, text: decode_parsed(row, text.passage)),
    _parse_all,
)


def parse_documents(
    sources: Sequence[SourceFile], cache: Cache, *, flavor: str | None = None
) -> list[tuple[Document, tuple[Diagnostic, ...]]]:
    """Parse whole files as `parse_document` does, each by itself."""
    with cache.memory.generation("documents", flavor) as memory:
        absent = [source for source in sources if source not in memory]
        fronts = [read_front_matter(source) for source in absent]
        texts = [
            _Text(source.text, front.span.end, is_kramdown(front, flavor), None)
            for source, (front, _) in zip(absent, fronts, strict=True)
        ]
        for source, text, (front, diagnostics), parsed in zip(
            absent, texts, fronts, cache.map(_PARSE, texts), strict=True
        ):
            document = Document(source, front, parsed.blocks, text.kramdown)
            problems = (problem.at(source) for problem in parsed.problems)
            memory.put(source, (document, (*diagnostics, *problems)))
        return [memory.get(source) for source in sources]


def parse_outline(
    source: SourceFile, *, flavor: str | None = None, cache: Cache | None = None
) -> tuple[Document, tuple[Diagnostic, ...]]:
    """Parse an outline as `parse_document` does, but with spans that belong to passages."""
    cache = cache or Cache.open(None)
    with cache.memory.generation("document", source.path) as memory:
        return memory((source, flavor), lambda: _parse_outline(source, flavor, cache))


class _Piece(NamedTuple):
    passage: SourceChunk
    begin: int
    parsed: Parsed


def _parse_outline(
    source: SourceFile, flavor: str | None, cache: Cache
) -> tuple[Document, tuple[Diagnostic, ...]]:
    front, diagnostics = read_front_matter(source)
    kramdown = is_kramdown(front, flavor)
    begin = front.span.end
    headings = (match.end() for match in _BEFORE_HEADING.finditer(source.text, begin))
    files = [part.begin for part in source.parts if part.begin > begin]
    ends = sorted({*headings, *files, len(source.text)})
    with cache.memory.generation("passages", source.path) as memory:
        # Most passages end before the next heading: these are parsed, or looked up, all at once.
        texts = [_Text(each.text, 0, kramdown, each) for each in _numbered(source.text, begin, ends)]
        new = [text for text in texts if text not in memory]
        for text, parsed in zip(new, cache.map(_PARSE, new), strict=True):
            memory.put(text, parsed)

        def parse(passage: SourceChunk) -> Parsed:
            text = _Text(passage.text, 0, kramdown, passage)
            return memory(text, lambda: cache.get(_PARSE, text))

        pieces = list(_cut(source.text, begin, ends, {*files, len(source.text)}, parse))
        if len(pieces) > 1 and any(piece.parsed.defines for piece in pieces):
            whole = SourceChunk(source.text[begin:], 0)
            pieces = [_Piece(whole, begin, parse(whole))]
    with_passages = replace(source, passages={piece.passage: piece.begin for piece in pieces})
    blocks = tuple(block for piece in pieces for block in piece.parsed.blocks)
    problems = (problem.at(with_passages) for piece in pieces for problem in piece.parsed.problems)
    return Document(with_passages, front, blocks, kramdown), (*diagnostics, *problems)


def _numbered(text: str, begin: int, ends: Sequence[int]) -> Iterator[SourceChunk]:
    numbers: Counter[str] = Counter()
    for start, end in pairwise((begin, *ends)):
        stretch = text[start:end]
        yield SourceChunk(stretch, numbers[stretch])
        numbers[stretch] += 1


def _cut(
    text: str,
    begin: int,
    ends: Sequence[int],
    ends_of_files: Container[int],
    parse: Callable[[SourceChunk], Parsed],
) -> Iterator[_Piece]:
    """Passages from heading to heading; none goes on in the next file."""
    numbers: Counter[str] = Counter()
    index = 0
    while index < len(ends):
        # Twice as much each time it is still open, so that no text is parsed more than a few times.
        reach = 1
        while True:
            reached = range(index, min(index + reach, len(ends)))
            last = next((at for at in reached if ends[at] in ends_of_files), reached[-1])
            stretch = text[begin : ends[last]]
            passage = SourceChunk(stretch, numbers[stretch])
            parsed = parse(passage)
            if not parsed.is_open or ends[last] in ends_of_files:
                break
            reach *= 2
        numbers[stretch] += 1
        yield _Piece(passage, begin, parsed)
        begin, index = ends[last], last + 1
