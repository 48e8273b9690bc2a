"""A Markdown file as a tree of blocks with spans."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from dlmap.markdown.dialect import parser
from dlmap.markdown.frontmatter import FrontMatter, read_front_matter
from dlmap.markdown.htmlrules import WHOLE_ADDRESS
from dlmap.markdown.inline import InlineText, MarkKind, flatten
from dlmap.markdown.nesting import MAX_NESTING
from dlmap.markdown.rules_core import link_problem
from dlmap.markdown.source_map import SourceMap
from dlmap.text import Diagnostic, LocalDiagnostic, SourceChunk, SourceFile, Span

_MAY_STAY_OPEN = ("fence", "html_block")


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
    classes: tuple[str, ...] = ()
    """The classes `{.family}` of a heading."""
    _digest: bytes = field(default=b"", init=False, repr=False, compare=False)

    @property
    def digest(self) -> bytes:
        """A hash of all that a page shows of the block; where it stands in the file does not matter."""
        if not self._digest:
            # Made when it is asked for, and once: a block is shown by several pages.
            shown = repr(_shown(self.tokens)).encode("utf-8", "surrogatepass")
            object.__setattr__(self, "_digest", hashlib.blake2b(shown, digest_size=16).digest())
        return self._digest

    def walk(self) -> Iterator[Block]:
        """This block and every block in it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def _shown(tokens: Sequence[Token]) -> list[tuple[object, ...]]:
    """What the rendering of tokens reads."""
    return [
        (
            *(token.type, token.tag, token.attrs, token.content, token.markup, token.info),
            *(token.hidden, token.nesting, _shown(token.children or ())),
        )
        for token in tokens
    ]


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


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the parser makes of a text."""

    blocks: tuple[Block, ...]
    problems: tuple[LocalDiagnostic, ...]
    is_open: bool
    """Whether its last block would take in what follows, a heading too."""
    defines: bool
    """Whether it holds definitions that other passages can refer to: of links, footnotes, macros or formulas."""


def parse_document(
    source: SourceFile,
    *,
    flavor: str | None = None,
    parser: Callable[..., MarkdownIt] = parser,
    may_climb: bool = False,
) -> tuple[Document, tuple[Diagnostic, ...]]:
    """Parse a Markdown file; `flavor` is `kramdown`, `commonmark`, or None to tell by the front matter.

    `parser` makes the parser of a flavour, for texts that want rules of their own; with `may_climb` relative
    addresses may leave the file's folder.
    """
    front, diagnostics = read_front_matter(source)
    kramdown = is_kramdown(front, flavor)
    body = without_front_matter(source, front.span.end)
    parsed = parse_text(body, source, parser(kramdown=kramdown), may_climb=may_climb)
    document = Document(source, front, parsed.blocks, kramdown)
    return document, (*diagnostics, *(problem.at(source) for problem in parsed.problems))


def without_front_matter(source: SourceFile, begin: int) -> str:
    """The Markdown of a file, which begins behind its front matter; line numbers stay those of the file."""
    return "\n" * source.text.count("\n", 0, begin) + source.text[begin:]


def is_kramdown(front: FrontMatter, flavor: str | None) -> bool:
    """Whether a text is written for kramdown: as `flavor` says, or the front matter of a post."""
    return flavor == "kramdown" or (flavor is None and front.layout is not None)


def parse_text(
    text: str,
    source: SourceFile,
    md: MarkdownIt,
    passage: SourceChunk | None = None,
    *,
    may_climb: bool = False,
) -> Parsed:
    """Parse a text that stands in `source`, line by line; spans are those of `passage`, if it is one."""
    env: dict[str, Any] = {}
    tokens = md.parse(text, env)
    builder = _Builder(source, passage, may_climb=may_climb)
    builder.report_too_deep(env.get("too_deep", set()))
    last = tokens[-1] if tokens else None
    reach = last.map[1] if last and last.map and last.type in _MAY_STAY_OPEN else 0
    return Parsed(
        builder.blocks(tokens),
        tuple(builder.problems),
        is_open=env.get("open_formula", False) or reach > text.rstrip().count("\n") + 1,
        defines=bool(
            env.get("references") or env.get("footnotes", {}).get("refs") or env.get("defines_formulas")
        ),
    )


class _Builder:
    def __init__(self, source: SourceFile, passage: SourceChunk | None, *, may_climb: bool) -> None:
        self.source = source
        self.passage = passage
        self.may_climb = may_climb
        self.places = SourceMap(source)
        self.problems: list[LocalDiagnostic] = []

    def report(self, code: str, message: str, help: str, span: Span) -> None:
        self.problems.append(LocalDiagnostic(code, message, help, span))

    def span(self, start: int, end: int) -> Span:
        return Span(start, end, self.passage)

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
        if kind in ("heading", "paragraph"):
            inline = run[1]
            block = Block(kind, tuple(run), span, inline=self.text(inline))
            if kind == "paragraph":
                return block
            written = inline.meta
            return replace(
                block,
                level=int(first.tag[1]),
                id=written.get("id", ""),
                classes=written.get("classes", ()),
            )
        if kind == "inline":
            return Block(kind, tuple(run), span, inline=self.text(first, is_cell=True))
        if first.nesting == 1:
            return Block(kind, tuple(run), span, children=self.blocks(run[1:-1]))
        self.report_notes(first, span)
        if kind == "html_block":
            self.check_raw_links(first, span)
        return Block(kind, tuple(run), span)

    def text(self, inline: Token, *, is_cell: bool = False) -> InlineText:
        """The text of an inline token, and what is wrong with its links and dollar signs."""
        at_source = self.places.of_cell(inline) if is_cell else self.places.of_text(inline)
        text = flatten(inline.children or [], lambda start, end: self.span(at_source(start), at_source(end)))
        for child in inline.children or ():
            if child.meta.get("notes") or child.meta.get("problems"):
                start, end = child.meta["at"]
                self.report_notes(child, self.span(at_source(start), at_source(end)))
        for mark in text.marks:
            if mark.kind not in (MarkKind.LINK, MarkKind.IMAGE):
                continue
            if code := link_problem(mark.href, may_climb=self.may_climb):
                self.refuse_link(code, mark.href, mark.span)
        if (unclosed := inline.meta.get("unclosed")) is not None:
            self.report(
                "DL402",
                "a `$$` has no partner",
                "close the formula with `$$`, or write `\\$\\$` for the characters",
                self.span(at_source(unclosed), at_source(unclosed) + 2),
            )
        return text

    def report_notes(self, token: Token, span: Span) -> None:
        """Report what was left out of a formula."""
        for note in token.meta.get("notes", ()):
            self.report("DL403", f"formula: {note}", "write it with commands that KaTeX has", span)
        problems = token.meta.get("problems", ())
        for code, message, help in zip(problems[::3], problems[1::3], problems[2::3], strict=True):
            self.report(code, message, help, span)

    def refuse_link(self, code: str, href: str, span: Span) -> None:
        self.report(
            code,
            f"the link target `{href[:60]}` is not allowed",
            "use http, https, mailto or a relative address",
            span,
        )

    def check_raw_links(self, token: Token, span: Span) -> None:
        for href in token.meta.get("hrefs", ()):
            if code := link_problem(href, may_climb=self.may_climb):
                self.refuse_link(code, href, span)
            elif not href.lower().startswith(WHOLE_ADDRESS):
                self.report(
                    "DL301",
                    f"the relative link `{href[:60]}` inside a block of HTML leads nowhere",
                    "write the whole address, or the link in Markdown",
                    span,
                )

    def report_too_deep(self, lines: set[int]) -> None:
        """Report the first of adjacent lines on which a list or quote would pass the limit."""
        for line in sorted(lines):
            if line - 1 not in lines:
                start, end, _ = self.source.line_span(line + 1)
                self.report(
                    "DL209",
                    f"blocks are nested deeper than {MAX_NESTING // 2} lists or {MAX_NESTING} quotes",
                    "flatten the outline; deeper blocks are shown as text",
                    self.span(start, end),
                )

    def lines(self, token: Token) -> Span:
        if token.map is None:
            return self.span(0, 0)
        start = self.source.line_start(token.map[0] + 1)
        raw = self.source.text[start : self.source.line_start(token.map[1] + 1)]
        return self.span(start + len(raw) - len(raw.lstrip()), start + len(raw.rstrip()))


def _run_end(tokens: list[Token], index: int) -> int:
    depth = 0
    for position in range(index, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position + 1
    return len(tokens)
