"""The timeline: named methods by the year of their first publication."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from dlmap.site.model import ConceptLink
from dlmap.site.scope_options import ScopeOption, places
from dlmap.site.urls import ConceptLinks
from dlmap.taxonomy import NAMED, Taxonomy

# The years that together brought less than this share of the methods are the early ones.
_EARLY_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A method in its year."""

    ref: ConceptLink
    within: tuple[int, ...]
    """The places it stands in, as numbers of `Timeline.places`."""
    based_on: tuple[str, ...]
    """The ids of what it builds on and the timeline shows."""


@dataclass(frozen=True, slots=True)
class TimelineYear:
    """A year in which something was published."""

    year: int
    entries: tuple[TimelineEntry, ...]
    """By part, so that a year reads as bands of one colour."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the skyline: the methods of a year, or of all years before the skyline begins."""

    year: int
    """The year it leads to."""
    until: int
    """The last year it counts."""
    count: int
    stack: tuple[tuple[int, float], ...]
    """(hue of a part, height in per cent of the tallest column), from the bottom up."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything the page shows."""

    years: tuple[TimelineYear, ...]
    places: tuple[ScopeOption, ...]
    skyline: tuple[Column, ...]
    total: int


def timeline(taxonomy: Taxonomy, refs: ConceptLinks, lang: str) -> Timeline:
    """The timeline in one language."""
    dated = [concept for concept in taxonomy.of_kind(*NAMED) if concept.year]
    shown = {concept.id for concept in dated}
    where = places(taxonomy, refs, lang)
    number = {place.ref.id: index for index, place in enumerate(where)}
    rank = {part: index for index, part in enumerate(taxonomy.parts)}
    by_year: dict[int, list[tuple[int, TimelineEntry]]] = defaultdict(list)
    for concept in dated:
        above = {step for path in taxonomy.paths_to(concept.id) for step in path}
        entry = TimelineEntry(
            refs.ref(concept.id, lang),
            tuple(sorted(number[step] for step in above if step in number)),
            tuple(other for other in concept.based_on if other in shown),
        )
        first_part = min((rank[step] for step in above if step in rank), default=len(rank))
        by_year[concept.year or 0].append((first_part, entry))
    years = tuple(
        TimelineYear(
            year,
            tuple(entry for _, entry in sorted(entries, key=lambda e: (e[0], e[1].ref.label.casefold()))),
        )
        for year, entries in sorted(by_year.items())
    )
    return Timeline(years, where, _skyline(years), len(dated))


def _skyline(years: tuple[TimelineYear, ...]) -> tuple[Column, ...]:
    """A column for each year; the long thin beginning of the field shares the first one."""
    early = 0
    spare = _EARLY_SHARE * sum(len(year.entries) for year in years)
    while early < len(years) and (spare := spare - len(years[early].entries)) >= 0:
        early += 1
    heads = [years[:early]] if early else []
    groups = [*heads, *((year,) for year in years[early:])]
    tallest = max((sum(len(year.entries) for year in group) for group in groups), default=1)
    return tuple(
        Column(
            group[0].year,
            group[-1].year,
            sum(len(year.entries) for year in group),
            tuple((hue, round(100 * count / tallest, 1)) for hue, count in _by_hue(group).items()),
        )
        for group in groups
    )


def _by_hue(years: tuple[TimelineYear, ...]) -> Mapping[int, int]:
    return Counter(entry.ref.hue for year in years for entry in year.entries)
