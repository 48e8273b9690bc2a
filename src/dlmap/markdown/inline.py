"""The inline content of one block as plain text with marks: what the outline reader works on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from markdown_it.token import Token

from dlmap.markdown.tex_to_text import tex_to_text
from dlmap.text import Span

FILLER = "\ufffc"
"""What a formula, a code span or a picture is in `InlineText.masked`: it never looks like punctuation."""


class MarkKind(StrEnum):
    """What a mark says about its range of the text."""

    BOLD = "bold"
    LINK = "link"
    MATH = "math"
    CODE = "code"
    IMAGE = "image"
    ITALIC = "italic"


@dataclass(frozen=True, slots=True)
class Mark:
    """A range of an `InlineText` with a meaning."""

    kind: MarkKind
    start: int
    end: int
    """`text[start:end]` is the marked text."""
    span: Span
    """The same in the source file, without the marking characters."""
    href: str = ""
    id: str = ""
    classes: tuple[str, ...] = ()
    tex: str = ""

    def moved(self, by: int) -> Mark:
        """The same mark on a text of which the first `by` characters are cut off."""
        start, end = self.start - by, self.end - by
        return Mark(self.kind, start, end, self.span, self.href, self.id, self.classes, self.tex)


@dataclass(frozen=True, slots=True)
class InlineText:
    """Plain text (formulas as Unicode) and the marks upon it, in order of their starts."""

    text: str = ""
    marks: tuple[Mark, ...] = ()
    span: Span = Span(0, 0)
    masked: str = field(default="", compare=False)

    def of(self, kind: MarkKind) -> tuple[Mark, ...]:
        """The marks of one kind."""
        return tuple(mark for mark in self.marks if mark.kind is kind)

    def words(self, mark: Mark) -> str:
        """The text under a mark, without outer white space."""
        return self.text[mark.start : mark.end].strip()


def flatten(children: Sequence[Token], span_of: Callable[[int, int], Span]) -> InlineText:
    """Flatten inline tokens; `span_of` maps a range of offsets in the block to one in the source file.

    Each `strong_open` keeps the span of its mark in `meta["span"]`: a renderer finds the mark of a token by its place.
    One with a link in it keeps none: a link in a link would be taken apart by every browser.
    """
    flattener = _Flattener(span_of)
    for token in children:
        flattener.take(token)
    marks = tuple(sorted(flattener.marks, key=lambda mark: mark.start))
    begin, end = (children[0].meta["at"][0], children[-1].meta["at"][1]) if children else (0, 0)
    return InlineText("".join(flattener.text), marks, span_of(begin, end), "".join(flattener.masked))


class _Flattener:
    def __init__(self, span_of: Callable[[int, int], Span]) -> None:
        self.span_of = span_of
        self.text: list[str] = []
        self.masked: list[str] = []
        self.length = 0
        self.marks: list[Mark] = []
        self.links = 0
        self.open: list[tuple[Token, int, int, int]] = []
        """Openers; the length, the marks and the links before each."""

    def take(self, token: Token) -> None:
        match token.type:
            case "text":
                self.put(token.content, token.content)
            case "strong_open" | "link_open" | "em_open":
                # A place in `marks` now keeps the marks in order of their starts.
                self.open.append((token, self.length, len(self.marks), self.links))
            case "strong_close" | "link_close" | "em_close":
                opener, start, place, links = self.open.pop()
                self.marks.insert(place, self.paired(opener, token, start, holds_link=self.links > links))
            case "softbreak" | "hardbreak":
                self.put(" ", " ")
            case "math_inline":
                self.put_masked(tex_to_text(token.content), MarkKind.MATH, token, tex=token.content)
            case "code_inline":
                self.put_masked(token.content, MarkKind.CODE, token)
            case "image":
                self.put_masked(token.content, MarkKind.IMAGE, token, href=str(token.attrs.get("src", "")))

    def put(self, words: str, masked: str) -> None:
        self.text.append(words)
        self.masked.append(masked)
        self.length += len(words)

    def put_masked(self, words: str, kind: MarkKind, token: Token, *, href: str = "", tex: str = "") -> None:
        span = self.span_of(*token.meta["at"])
        self.marks.append(Mark(kind, self.length, self.length + len(words), span, href=href, tex=tex))
        self.put(words, FILLER * len(words))

    def paired(self, opener: Token, closer: Token, start: int, *, holds_link: bool) -> Mark:
        if opener.type == "link_open":
            self.links += 1
            href = str(opener.attrs.get("href", ""))
            return Mark(MarkKind.LINK, start, self.length, self.span_of(*opener.meta["at"]), href=href)
        span = self.span_of(opener.meta["at"][1], closer.meta["at"][0])
        if not holds_link:
            opener.meta["span"] = span
        return Mark(
            MarkKind.ITALIC if opener.type == "em_open" else MarkKind.BOLD,
            start,
            self.length,
            span,
            id=opener.meta.get("id", ""),
            classes=opener.meta.get("classes", ()),
        )


def visible_length(token: Token) -> int:
    """How many characters of an `InlineText` a token makes."""
    if token.type == "math_inline":
        return len(tex_to_text(token.content))
    if token.type in ("softbreak", "hardbreak"):
        return 1
    return len(token.content) if token.type in ("text", "code_inline", "image") else 0
