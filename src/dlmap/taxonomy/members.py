"""The methods and metrics that a text names in bold (rules D8 and D9)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dlmap.markdown import InlineText
from dlmap.taxonomy.bold_spans import BoldSpan, bold_spans
from dlmap.taxonomy.decision import Decision
from dlmap.taxonomy.facts import NO_FACTS, Facts, states_year, year_in
from dlmap.taxonomy.labels import Label, split_gloss
from dlmap.taxonomy.names import expand_series
from dlmap.taxonomy.plain_names import is_marked_name, marked_spans, plain_members, plain_runs
from dlmap.taxonomy.span_decisions import name_decisions, plain_decision
from dlmap.taxonomy.span_features import Surroundings, spells_out
from dlmap.taxonomy.span_model import SpanDecision, decide_spans
from dlmap.text import Span

_BESIDE = re.compile(r"\s?[(（](?P<words>[^()（）]{2,80})[)）]")
"""What stands in parentheses right behind a name: its year, its long form."""
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


@dataclass(frozen=True, slots=True)
class NameReading:
    """What a text names."""

    members: tuple[NamedMethod, ...] = ()
    rest: tuple[BoldSpan, ...] = ()
    """The bold spans that are no members."""
    decisions: tuple[Decision, ...] = ()


def find_members(
    inline: InlineText,
    start: int = 0,
    *,
    after_label: bool = False,
    metrics: bool = False,
    intro: str = "",
    heading: tuple[str, ...] = (),
) -> NameReading:
    """What the text from `start` on names.

    `after_label` tells that a label and its colon stand before `start`; `metrics` that all members are metrics; `intro`
    is the sentence that announces the text, `heading` the names of its section.
    """
    spans, around = surroundings_of(inline, start, after_label=after_label, intro=intro, heading=heading)
    named: list[tuple[BoldSpan, SpanDecision]] = []
    rest: list[BoldSpan] = []
    notes: list[Decision] = []
    if spans:
        sites, decisions = decide_spans(around, [span.mark.classes for span in spans])
        for span, decision in zip(spans, decisions, strict=True):
            if decision.is_named:
                named.append((span, decision))
            elif decision.kind != "gloss":
                rest.append(span)
        notes += name_decisions(spans, sites, decisions)
        named += plain_members(inline, around, sites, decisions)
    taken = {span.start for span, _ in named}
    unmarked = [] if spans else [*_marked_names(inline, around)]
    taken |= {span.start for span, _ in unmarked}
    unmarked += (pair for pair in plain_runs(inline, around) if pair[0].start not in taken)
    if unmarked:
        notes.append(plain_decision(unmarked))
    named = sorted((*named, *unmarked), key=_start)
    members = (
        member
        for span, decision in named
        for member in _members(inline, span, _kind(decision, are_metrics=metrics), decision.alt)
    )
    return NameReading(tuple(members), tuple(rest), tuple(notes))


def _start(pair: tuple[BoldSpan, SpanDecision]) -> int:
    return pair[0].start


def _kind(decision: SpanDecision, *, are_metrics: bool) -> str:
    return "metric" if are_metrics and decision.reason != "mark" else decision.kind


def _marked_names(inline: InlineText, around: Surroundings) -> Iterator[tuple[BoldSpan, SpanDecision]]:
    """The names in code or italics."""
    if spans := marked_spans(inline, around.start):
        ranges, words = [(span.start, span.end) for span in spans], [span.words for span in spans]
        marked = replace(around, spans=ranges, words=words)
        for site, decision in zip(*decide_spans(marked), strict=True):
            if is_marked_name(site, decision, marked):
                yield spans[site.index], decision


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


def _members(
    inline: InlineText, span: BoldSpan, kind: str, aliases: tuple[str, ...]
) -> Iterable[NamedMethod]:
    series, names = expand_series(span.words)
    if not series and "(" not in span.words:
        parts = [part for part in _SEPARATOR.split(span.words) if part]
        if len(parts) > 1 and all(part[0].isalpha() and len(part) > 1 for part in parts):
            names = tuple(parts)
    alone = len(names) == 1
    beside = match["words"] if alone and (match := _BESIDE.match(inline.text, span.end)) else ""
    year = year_in(beside) if beside and states_year(beside) else None
    expansion = beside if beside and spells_out(beside, span.words) else ""
    for name in names:
        label = Label(name) if name.isascii() and "(" not in name else split_gloss(name)
        yield NamedMethod(
            name=label.text,
            alt=tuple(alt for alt in (label.gloss, *label.alt, *aliases) if alt),
            series=series,
            kind=kind,
            span=span.mark.span,
            id=span.mark.id if alone else "",
            sentence=span.sentence,
            written="" if alone else span.words,
            facts=Facts(year) if year else NO_FACTS,
            expansion=expansion,
        )
