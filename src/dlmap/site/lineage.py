"""The neighbourhood of a concept: what it is based on, what it led to, and what stands beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from dlmap.site.model import ConceptLink
from dlmap.site.urls import ConceptLinks
from dlmap.taxonomy import Concept, Kind, Taxonomy

_MOST_KIN = 5
_MOST_SIBLINGS = 6
_ROW = 10
"""The height of a row in the picture of the threads; its width is that as well."""


@dataclass(frozen=True, slots=True)
class Relative:
    """A concept that another descends from, or that descends from it."""

    ref: ConceptLink
    thread: str
    """The line that joins the two, as the data of an SVG path."""
    strength: int
    """How many methods of the one are based on methods of the other."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """A concept among its relatives, as one picture."""

    ref: ConceptLink
    parent: ConceptLink | None
    before: tuple[Relative, ...]
    after: tuple[Relative, ...]
    hidden_before: int
    """How many there is no room for."""
    hidden_after: int
    siblings: tuple[ConceptLink, ...]
    hidden_siblings: int
    height: int
    """Of the picture of the threads."""


class Lineages:
    """Finds the neighbours of methods, and of families by way of their methods."""

    def __init__(self, taxonomy: Taxonomy, refs: ConceptLinks, led_to: Mapping[str, Sequence[str]]) -> None:
        self.taxonomy = taxonomy
        self.refs = refs
        self.led_to = led_to
        self._families_of = cache(self._families_above)

    def view(self, concept: Concept, lang: str) -> Lineage | None:
        """The neighbourhood in one language; None where there is nothing to show."""
        siblings: Sequence[str] = ()
        if concept.kind.is_named:
            before = dict.fromkeys(concept.based_on, 1)
            after = dict.fromkeys(sorted(self.led_to.get(concept.id, ()), key=self._by_fame), 1)
            siblings = self._siblings(concept)
        elif concept.kind is Kind.FAMILY:
            before = self._between(concept.id, inwards=True)
            after = self._between(concept.id, inwards=False)
        else:
            return None
        if not (before or after or siblings):
            return None
        rows = max(1, min(len(before), _MOST_KIN), min(len(after), _MOST_KIN))
        return Lineage(
            ref=self.refs.ref(concept.id, lang),
            parent=self.refs.ref(concept.broader[0], lang) if concept.broader else None,
            before=self._kin(before, rows, lang, inwards=True),
            after=self._kin(after, rows, lang, inwards=False),
            hidden_before=max(0, len(before) - _MOST_KIN),
            hidden_after=max(0, len(after) - _MOST_KIN),
            siblings=self.refs.all(siblings[:_MOST_SIBLINGS], lang),
            hidden_siblings=max(0, len(siblings) - _MOST_SIBLINGS),
            height=rows * _ROW,
        )

    def _kin(self, found: Mapping[str, int], rows: int, lang: str, *, inwards: bool) -> tuple[Relative, ...]:
        """The kin in a column, each with its thread to or from the middle."""
        shown = list(found.items())[:_MOST_KIN]
        middle = rows * _ROW / 2
        made = []
        for row, (concept_id, strength) in enumerate(shown):
            own = round((row + (rows - len(shown)) / 2 + 0.5) * _ROW, 1)
            start, end = (own, middle) if inwards else (middle, own)
            half = _ROW / 2
            thread = f"M0 {start:g}C{half:g} {start:g} {half:g} {end:g} {_ROW} {end:g}"
            made.append(Relative(self.refs.ref(concept_id, lang), thread, strength))
        return tuple(made)

    def _by_fame(self, concept_id: str) -> tuple[int, int]:
        return -len(self.led_to.get(concept_id, ())), self.taxonomy.concepts[concept_id].year or 9999

    def _siblings(self, concept: Concept) -> Sequence[str]:
        """The other methods of its first place."""
        if not concept.broader:
            return ()
        around = self.taxonomy.concepts[concept.broader[0]].narrower
        return [
            other for other in around if other != concept.id and self.taxonomy.concepts[other].kind.is_named
        ]

    def _between(self, family: str, *, inwards: bool) -> dict[str, int]:
        """The families that lineages lead from (or to) this one, with the number of its methods' kin; the closest first."""
        found: Counter[str] = Counter()
        for concept_id in (family, *self.refs.members(family)):
            here = self._families_of(concept_id)
            for other in self._kin_of(concept_id, inwards=inwards) if family in here else ():
                there = self._families_of(other)
                if not there & here:
                    found.update(there)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def _kin_of(self, concept_id: str, *, inwards: bool) -> Iterable[str]:
        """What a method is based on, or the methods that are based on a concept."""
        concepts = self.taxonomy.concepts
        if inwards:
            return concepts[concept_id].based_on if concepts[concept_id].kind.is_named else ()
        return (other for other in self.led_to.get(concept_id, ()) if concepts[other].kind.is_named)

    def _families_above(self, concept_id: str) -> frozenset[str]:
        """The families that a concept stands in, the nearest of each place."""
        concept = self.taxonomy.concepts[concept_id]
        if concept.kind is Kind.FAMILY:
            return frozenset({concept_id})
        return frozenset(family for parent in concept.broader for family in self._families_of(parent))
