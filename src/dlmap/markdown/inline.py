"""The inline content of one block as plain text with marks: what the outline reader works on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from markdown_it.token import Token

from dlmap.markdown.textmath import tex_to_text
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


def flatten(children: Sequence[Token], at_source: Callable[[int], int]) -> InlineText:
    """Flatten inline tokens; `at_source` maps an offset in the block to one in the source file."""
    text: list[str] = []
    masked: list[str] = []
    marks: list[Mark] = []
    opened: list[tuple[Token, int, int]] = []
    length = 0

    def span_of(token: Token) -> Span:
        start, end = token.meta.get("at", (0, 0))
        return Span(at_source(start), at_source(end))

    def put(words: str, *, mask: bool = False) -> None:
        nonlocal length
        text.append(words)
        masked.append(FILLER * len(words) if mask else words)
        length += len(words)

    for token in children:
        match token.type:
            case "text" | "text_special":
                put(token.content)
            case "softbreak" | "hardbreak":
                put(" ")
            case "code_inline":
                marks.append(Mark(MarkKind.CODE, length, length + len(token.content), span_of(token)))
                put(token.content, mask=True)
            case "math_inline":
                words = tex_to_text(token.content)
                marks.append(
                    Mark(MarkKind.MATH, length, length + len(words), span_of(token), tex=token.content)
                )
                put(words, mask=True)
            case "image":
                marks.append(
                    Mark(
                        MarkKind.IMAGE,
                        length,
                        length + len(token.content),
                        span_of(token),
                        href=str(token.attrs.get("src", "")),
                    )
                )
                put(token.content, mask=True)
            case "strong_open" | "link_open":
                # A place in `marks` now keeps the marks in order of their starts.
                opened.append((token, length, len(marks)))
            case "strong_close" | "link_close" if opened:
                opener, start, place = opened.pop()
                marks.insert(place, _paired_mark(opener, token, start, length, at_source))
            case _:
                pass
    edges = (
        (children[0].meta.get("at", (0, 0))[0], children[-1].meta.get("at", (0, 0))[1])
        if children
        else (0, 0)
    )
    span = Span(at_source(edges[0]), at_source(edges[1]))
    ordered = tuple(sorted(marks, key=lambda mark: mark.start))
    return InlineText("".join(text), ordered, span, "".join(masked))


def visible_length(token: Token) -> int:
    """How many characters of an `InlineText` a token makes."""
    if token.type == "math_inline":
        return len(tex_to_text(token.content))
    if token.type in ("softbreak", "hardbreak"):
        return 1
    return len(token.content) if token.type in ("text", "text_special", "code_inline", "image") else 0


def _paired_mark(opener: Token, closer: Token, start: int, end: int, at_source: Callable[[int], int]) -> Mark:
    outer_start, outer_end = opener.meta["at"]
    if opener.type == "link_open":
        return Mark(
            MarkKind.LINK,
            start,
            end,
            Span(at_source(outer_start), at_source(outer_end)),
            href=str(opener.attrs.get("href", "")),
        )
    inner = Span(at_source(outer_end), at_source(closer.meta["at"][0]))
    return Mark(
        MarkKind.BOLD,
        start,
        end,
        inner,
        id=str(opener.meta.get("id", "")),
        classes=tuple(opener.meta.get("classes", ())),
    )
