"""The bold spans of a text, as the names and terms that they are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dlmap.markdown import InlineText, Mark, MarkKind
from dlmap.taxonomy.name_slots import SENTENCE_END

_GREEK_OR_SCRIPT = re.compile(r"[\^_]|\\[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class BoldSpan:
    r"""A bold span with the formulas that are part of its name (`$\Pi$**-Model**`)."""

    start: int
    end: int
    words: str
    mark: Mark
    sentence: str
    """The sentence that it stands in, as plain text."""


class Sentences:
    """The sentences of `inline.text[start:]`."""

    def __init__(self, inline: InlineText, start: int = 0) -> None:
        self.text = inline.text
        ends = (match.end() for match in SENTENCE_END.finditer(inline.masked))
        self.begins = [start, *(end for end in ends if end > start)]
        self.known: dict[int, str] = {}

    def around(self, offset: int) -> str:
        """The sentence that holds `offset`; one string for all who ask for it."""
        index = bisect_right(self.begins, offset) - 1
        if index not in self.known:
            end = self.begins[index + 1] if index + 1 < len(self.begins) else len(self.text)
            self.known[index] = self.text[self.begins[index] : end].strip()
        return self.known[index]


def bold_spans(inline: InlineText, start: int = 0) -> tuple[BoldSpan, ...]:
    """The bold spans from `start` on, joined with adjacent formulas and bold spans into whole names."""
    bold = inline.of(MarkKind.BOLD)
    if not bold:
        return ()
    math = _formulas_of_names(inline, bold)
    pieces = sorted((mark for mark in (*bold, *math) if mark.start >= start), key=lambda mark: mark.start)
    sentences = Sentences(inline, start)
    spans: list[BoldSpan] = []
    cluster: list[Mark] = []
    for piece in (*pieces, None):
        if piece is not None and cluster and piece.start < cluster[-1].end:
            continue  # a formula inside a bold span is already in its text
        if cluster and (piece is None or piece.start != cluster[-1].end):
            spans.extend(_whole_name(inline, cluster, sentences))
            cluster = []
        if piece is not None:
            cluster.append(piece)
    return tuple(spans)


def _formulas_of_names(inline: InlineText, bold: Sequence[Mark]) -> Iterator[Mark]:
    """The formulas that can be part of a bold name beside them."""
    formulas = inline.of(MarkKind.MATH)
    if formulas:
        begins, ends = {mark.start for mark in bold}, {mark.end for mark in bold}
        for mark in formulas:
            is_between = mark.start in ends and mark.end in begins  # **AB**$S^2$**CD**
            if is_between or _GREEK_OR_SCRIPT.match(mark.tex) or inline.text.startswith("-", mark.end):
                yield mark


def _whole_name(inline: InlineText, cluster: list[Mark], sentences: Sentences) -> Iterator[BoldSpan]:
    bold = [mark for mark in cluster if mark.kind is MarkKind.BOLD]
    if not bold:
        return
    joins = len(bold) > 1 or cluster[0].tex == "" or inline.words(bold[0]).startswith("-")
    start, end = (cluster[0] if joins else bold[0]).start, cluster[-1].end
    words = inline.text[start:end].strip()
    if words[:1] in ("(", "（") and words[-1:] in (")", "）"):  # 主坐标分析**(PCoA)**
        words = words[1:-1].strip()
    yield BoldSpan(start, end, words, bold[0], sentences.around(start))


def in_source(inline: InlineText, offset: int, *, is_end: bool = False) -> int:
    """The place in the source of an offset outside all marks: between two of them, text and source run in parallel."""
    text_at, source_at = 0, inline.span.start
    for mark in inline.marks:
        reach = 2 * (mark.kind is MarkKind.BOLD)  # its stars stand outside its span
        if offset < mark.end or (offset == mark.end and not is_end):
            if offset >= mark.start and not is_end:
                return mark.span.start - reach
            break
        if mark.end >= text_at:
            text_at, source_at = mark.end, max(source_at, mark.span.end + reach)
    return source_at + offset - text_at
