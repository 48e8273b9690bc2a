"""The methods and metrics that a text names in bold (rules D8 and D9)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dlmap.markdown import InlineText
from dlmap.taxonomy.bold_spans import BoldSpan, bold_spans
from dlmap.taxonomy.enumeration import Enumeration
from dlmap.taxonomy.facts import NO_FACTS, Facts
from dlmap.taxonomy.labels import split_gloss
from dlmap.taxonomy.names import expand_series
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
) -> tuple[tuple[NamedMethod, ...], tuple[BoldSpan, ...]]:
    """The members that the text from `start` on names, and the bold spans that are none.

    `after_label` tells that a label and its colon stand before `start`; `metrics` that all members are metrics.
    """
    spans = bold_spans(inline, start)
    if not spans:
        return (), ()
    enumeration = Enumeration(inline, start, spans, after_label=after_label)
    members: list[NamedMethod] = []
    rest: list[BoldSpan] = []
    for index, span in enumerate(spans):
        classes = span.mark.classes
        chosen = enumeration.is_member[index] or "method" in classes or "metric" in classes
        if index in enumeration.group_labels or "term" in classes or not chosen:
            if index not in enumeration.absorbed:
                rest.append(span)
            continue
        is_metric = "metric" in classes or metrics or enumeration.names_metrics(index)
        kind = "metric" if is_metric and "method" not in classes else "method"
        members += _members(span, kind, enumeration.aliases.get(index, ()))
    return tuple(members), tuple(rest)


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
