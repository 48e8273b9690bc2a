"""Where a reader can enter from the home page: lineages, what most was built on, what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dlmap.site.model import ConceptLink
from dlmap.site.urls import ConceptLinks
from dlmap.taxonomy import Kind, Taxonomy

_LINEAGES = 3
_STEPS = 5
_LISTED = 10


@dataclass(frozen=True, slots=True)
class Highlight:
    """A method as a way into the map."""

    ref: ConceptLink
    successors: int
    """How many methods are based on it."""


@dataclass(frozen=True, slots=True)
class HighlightView:
    """All ways in, in one language; any of them may be empty."""

    lineages: tuple[tuple[ConceptLink, ...], ...]
    """Each step based on the one before."""
    founding: tuple[Highlight, ...]
    """Most was built on these."""
    newest: tuple[ConceptLink, ...]


class Highlights:
    """Chooses them by lineage and year alone, so that they are the same until the map changes."""

    def __init__(self, taxonomy: Taxonomy, refs: ConceptLinks, led_to: Mapping[str, Sequence[str]]) -> None:
        self.taxonomy = taxonomy
        self.refs = refs
        self.led_to = led_to

    def view(self, lang: str) -> HighlightView:
        """The ways in, with labels of that language."""
        # A family may be the method itself that it is named after: Transformer.
        candidates = self.taxonomy.of_kind(Kind.METHOD, Kind.FAMILY)
        methods = [each for each in candidates if each.kind is Kind.METHOD or each.paper]
        fame = {method.id: len(self.led_to.get(method.id, ())) for method in methods}
        founding = sorted((id for id in fame if fame[id] > 1), key=lambda id: (-fame[id], id))
        dated = ((method.year, fame[method.id], method.id) for method in methods if method.year)
        newest = sorted(dated, key=lambda found: (-found[0], -found[1], found[2]))
        return HighlightView(
            tuple(self.refs.all(steps, lang) for steps in self._lineages(fame)),
            tuple(Highlight(self.refs.ref(id, lang), fame[id]) for id in founding[:_LISTED]),
            self.refs.all((id for _, _, id in newest[:_LISTED]), lang),
        )

    def _lineages(self, fame: Mapping[str, int]) -> list[tuple[str, ...]]:
        """Lines of descent through the methods that most was built on; no method stands in two."""
        chosen: list[tuple[str, ...]] = []
        left = dict(fame)
        while len(chosen) < _LINEAGES and (line := self._longest(left)):
            chosen.append(line)
            for step in line:
                del left[step]
        return chosen

    def _longest(self, fame: Mapping[str, int]) -> tuple[str, ...]:
        lines: dict[str, tuple[int, tuple[str, ...]]]
        lines = {method: (fame[method], (method,)) for method in fame}
        for _ in range(_STEPS - 1):
            longer: dict[str, tuple[int, tuple[str, ...]]] = {}
            for method in fame:
                before = [
                    lines[parent]
                    for parent in self.taxonomy.concepts[method].based_on
                    if parent in lines and method not in lines[parent][1]
                ]
                if before:
                    score, line = max(before)
                    longer[method] = (score + fame[method], (*line, method))
            if not longer:
                return ()
            lines = longer
        return max(lines.values())[1]
