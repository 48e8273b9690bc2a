"""A Markdown file as a tree of blocks with spans."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from dlmap.markdown.dialect import MAX_NESTING, parser
from dlmap.markdown.frontmatter import FrontMatter, read_front_matter
from dlmap.markdown.inline import InlineText, MarkKind, flatten
from dlmap.markdown.passes import ATTRIBUTES, link_problem
from dlmap.text import Diagnostic, SourceFile, Span


@dataclass(frozen=True, slots=True)
class Block:
    """A CommonMark block (or a display formula) with its tokens, ready to be read and to be rendered."""

    type: str
    """`heading paragraph bullet_list ordered_list list_item blockquote math_block table fence …`"""
    tokens: tuple[Token, ...]
    """Everything markdown-it made of it.  Nobody changes a token once the document is made."""
    span: Span
    children: tuple[Block, ...] = ()
    inline: InlineText = InlineText()
    level: int = 0
    """1 to 6 for headings."""
    id: str = ""
    """The explicit `{#id}` of a heading."""

    def walk(self) -> Iterator[Block]:
        """This block and every block in it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed Markdown file."""

    source: SourceFile
    front_matter: FrontMatter
    blocks: tuple[Block, ...]
    kramdown: bool

    def walk(self) -> Iterator[Block]:
        """Every block, in order."""
        for block in self.blocks:
            yield from block.walk()


def parse_document(
    source: SourceFile, *, flavor: str | None = None, parser: Callable[..., MarkdownIt] = parser
) -> tuple[Document, tuple[Diagnostic, ...]]:
    """Parse a Markdown file; `flavor` is `kramdown`, `commonmark`, or None to tell by the front matter.

    `parser` makes the parser of a flavour, for texts that want rules of their own.
    """
    front, diagnostics = read_front_matter(source)
    kramdown = flavor == "kramdown" or (flavor is None and front.layout is not None)
    # Front matter becomes empty lines, so that line numbers stay those of the file.
    head = source.text[: front.span.end]
    body = "\n" * head.count("\n") + source.text[front.span.end :]
    tokens = parser(kramdown=kramdown).parse(body, {})
    builder = _Builder(source)
    blocks = builder.blocks(tokens)
    document = Document(source, front, blocks, kramdown)
    return document, (*diagnostics, *builder.diagnostics, *_checks(document))


class _Builder:
    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []
        self.cell_cursor: dict[int, int] = {}

    def blocks(self, tokens: list[Token]) -> tuple[Block, ...]:
        made: list[Block] = []
        index = 0
        while index < len(tokens):
            end = _run_end(tokens, index)
            made.append(self.block(tokens[index:end]))
            index = end
        return tuple(made)

    def block(self, run: list[Token]) -> Block:
        first = run[0]
        kind = first.type.removesuffix("_open")
        span = self.lines(first)
        if first.nesting == 1 and first.level >= MAX_NESTING - 2:
            self.diagnostics.append(
                Diagnostic(
                    "DL209",
                    f"blocks are nested deeper than {MAX_NESTING // 2} lists or {MAX_NESTING} quotes",
                    "flatten the outline; what stands deeper cannot be shown",
                    self.source,
                    span,
                )
            )
        if kind in ("heading", "paragraph"):
            inline = run[1]
            block_id = _heading_id(inline) if kind == "heading" else ""
            text = flatten(inline.children or [], self.offsets(inline))
            level = int(first.tag[1]) if kind == "heading" else 0
            return Block(kind, tuple(run), span, inline=text, level=level, id=block_id)
        if kind == "inline":
            text = flatten(first.children or [], self.offsets(first))
            return Block(kind, tuple(run), span, inline=text)
        if first.nesting == 1:
            return Block(kind, tuple(run), span, children=self.blocks(run[1:-1]))
        return Block(kind, tuple(run), span)

    def lines(self, token: Token) -> Span:
        if token.map is None:
            return Span(0, 0)
        start = self.source.line_start(token.map[0] + 1)
        raw = self.source.text[start : self.source.line_start(token.map[1] + 1)]
        return Span(start + len(raw) - len(raw.lstrip()), start + len(raw.rstrip()))

    def offsets(self, inline: Token) -> Callable[[int], int]:
        """Map offsets in a block's inline content to offsets in the file.

        The content is made of the file's lines without indentation and quote marks, so each of its lines is
        found again in its own line of the file; the cells of a table row one after the other.
        """
        if inline.map is None:
            return lambda offset: 0
        starts: list[int] = []
        sources: list[int] = []
        content_at = 0
        for index, line in enumerate(inline.content.split("\n")):
            number = inline.map[0] + index + 1
            line_start, raw = self.source.line_start(number), self.source.line_text(number)
            written = line.strip() if line.strip() in raw else line.replace("|", "\\|").strip()
            column = raw.find(written, self.cell_cursor.get(number, 0)) if written else len(raw)
            column = max(column, 0)
            self.cell_cursor[number] = column + len(written)
            starts.append(content_at)
            sources.append(line_start + column - (len(line) - len(line.lstrip())))
            content_at += len(line) + 1

        def at_source(offset: int) -> int:
            row = bisect_right(starts, offset) - 1
            return sources[row] + offset - starts[row]

        return at_source


def _run_end(tokens: list[Token], index: int) -> int:
    depth = 0
    for position in range(index, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position + 1
    return len(tokens)


def _heading_id(inline: Token) -> str:
    """Take a trailing `{#id}` out of a heading's tokens."""
    children = inline.children or []
    if not children or children[-1].type != "text":
        return ""
    last = children[-1]
    match = re.search(rf"\s*{ATTRIBUTES.pattern}\s*$", last.content)
    if match is None:
        return ""
    start, _ = last.meta["at"]
    last.content = last.content[: match.start()]
    last.meta["at"] = (start, start + len(last.content))
    if not last.content:
        children.pop()
    ids = [word[1:] for word in match.group(1).split() if word.startswith("#")]
    return ids[-1] if ids else ""


def _checks(document: Document) -> Iterator[Diagnostic]:
    for block in document.walk():
        for mark in block.inline.of(MarkKind.LINK) + block.inline.of(MarkKind.IMAGE):
            code = link_problem(mark.href)
            if code:
                yield Diagnostic(
                    code,
                    f"the link target `{mark.href[:60]}` is not allowed",
                    "use http, https, mailto or a relative address",
                    document.source,
                    mark.span,
                )
        unclosed = block.inline.masked.find("$$")
        if unclosed >= 0:
            yield Diagnostic(
                "DL402",
                "a `$$` has no partner",
                "close the formula with `$$`, or write `\\$\\$` for the characters",
                document.source,
                block.inline.span,
            )
