"""The methods and metrics that a text names in bold (rules D8 and D9)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dlmap.markdown import InlineText
from dlmap.taxonomy.bold_spans import BoldSpan, bold_spans
from dlmap.taxonomy.facts import NO_FACTS, Facts
from dlmap.taxonomy.labels import split_gloss
from dlmap.taxonomy.names import expand_series
from dlmap.taxonomy.span_features import Surroundings
from dlmap.taxonomy.span_model import decide_spans
from dlmap.text import Span

_SEPARATOR = re.compile(r"\s*[,，、;；]\s*")


@dataclass(frozen=True, slots=True)
class NamedMethod:
    """A named method (or metric) where the outline names it."""

    name: str
    alt: tuple[str, ...]
    series: str
    kind: str
    """`method` or `metric`."""
    span: Span
    """The bold span in the source."""
    id: str = ""
    """The explicit id behind it, if any."""
    sentence: str = ""
    """The sentence that names it, as plain text."""
    written: str = ""
    """All that the bold span says, where it names several."""
    facts: Facts = NO_FACTS
    """What the outline says beside the name."""
    gloss: str = ""
    """What an entry says of it."""
    expansion: str = ""
    """The long form of an abbreviation."""
    is_entry: bool = False
    """Whether it is an entry of a list, a table or a heading, and no name in running text."""


def find_members(
    inline: InlineText,
    start: int = 0,
    *,
    after_label: bool = False,
    metrics: bool = False,
    intro: str = "",
    heading: tuple[str, ...] = (),
) -> tuple[tuple[NamedMethod, ...], tuple[BoldSpan, ...]]:
    """The members that the text from `start` on names, and the bold spans that are none.

    `after_label` tells that a label and its colon stand before `start`; `metrics` that all members are metrics; `intro`
    is the sentence that announces the text, `heading` the names of its section.
    """
    spans, around = surroundings_of(inline, start, after_label=after_label, intro=intro, heading=heading)
    if not spans:
        return (), ()
    _, decisions = decide_spans(around, [span.mark.classes for span in spans])
    members: list[NamedMethod] = []
    rest: list[BoldSpan] = []
    for span, decision in zip(spans, decisions, strict=True):
        if decision.is_named:
            is_metric = decision.kind == "metric" or (metrics and decision.reason != "mark")
            members += _members(span, "metric" if is_metric else "method", decision.alt)
        elif decision.kind != "gloss":
            rest.append(span)
    return tuple(members), tuple(rest)


def surroundings_of(
    inline: InlineText,
    start: int = 0,
    *,
    after_label: bool = False,
    metrics: bool = False,  # noqa: ARG001
    intro: str = "",
    heading: tuple[str, ...] = (),
) -> tuple[tuple[BoldSpan, ...], Surroundings]:
    """The bold spans of a text, and what the model sees of it."""
    spans = bold_spans(inline, start)
    ranges = [(span.start, span.end) for span in spans]
    words = [span.words for span in spans]
    return spans, Surroundings(inline.masked, start, ranges, words, after_label, intro, heading)


def _members(span: BoldSpan, kind: str, aliases: tuple[str, ...]) -> Iterable[NamedMethod]:
    series, names = expand_series(span.words)
    if not series and "(" not in span.words:
        parts = [part for part in _SEPARATOR.split(span.words) if part]
        if len(parts) > 1 and all(part[0].isalpha() and len(part) > 1 for part in parts):
            names = tuple(parts)
    alone = len(names) == 1
    for name in names:
        label = split_gloss(name)
        yield NamedMethod(
            name=label.text,
            alt=tuple(alt for alt in (label.gloss, *label.alt, *aliases) if alt),
            series=series,
            kind=kind,
            span=span.mark.span,
            id=span.mark.id if alone else "",
            sentence=span.sentence,
            written="" if alone else span.words,
        )
