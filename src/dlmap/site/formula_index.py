"""The formula index: every display formula with its concept, area by area, and the symbols they use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dlmap.cache.memory import Generation, MemoryCache
from dlmap.markdown import Block
from dlmap.site.concepts import Views
from dlmap.site.model import ConceptLink, Prose
from dlmap.site.symbols import Symbol, symbols_in
from dlmap.site.urls import ConceptLinks
from dlmap.taxonomy import Concept, Kind, Taxonomy

# A symbol that more than this share of the concepts use finds nothing.
_MAX_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class ConceptFormulas:
    """The display formulas of one concept."""

    ref: ConceptLink
    formulas: tuple[Prose, ...]


@dataclass(frozen=True, slots=True)
class FormulaGroup:
    """The formulas of a family and what stands under it."""

    ref: ConceptLink
    concepts: tuple[ConceptFormulas, ...]


@dataclass(frozen=True, slots=True)
class AreaLink:
    """An area as the index lists it."""

    ref: ConceptLink
    path: str
    count: int
    """How many formulas it has."""


class FormulaIndex:
    """Finds the formulas of the map in any language."""

    def __init__(self, taxonomy: Taxonomy, refs: ConceptLinks, views: Views, memo: MemoryCache) -> None:
        self.taxonomy = taxonomy
        self.refs = refs
        self.views = views
        self.of_concept = cache(self._of_concept)
        with memo.generation("concepts with formulas", taxonomy.languages) as recall:
            self.areas = self._areas(recall)

    def _areas(self, recall: Generation) -> dict[str, dict[str, list[str]]]:
        """Area to group to the concepts with formulas; each concept once, where it stands first.

        An area is what stands right under a part, or the part itself for the formulas of its own text; a group is
        what stands right under an area.
        """
        areas: dict[str, dict[str, list[str]]] = {}
        seen: set[str] = set()

        def visit(concept_id: str, area: str, group: str) -> None:
            if concept_id in seen:
                return
            seen.add(concept_id)
            if recall.of(self.taxonomy.concepts[concept_id], self._has_formulas):
                areas.setdefault(area, {}).setdefault(group, []).append(concept_id)
            for child in self.taxonomy.concepts[concept_id].narrower:
                is_area = self.taxonomy.concepts[concept_id].kind is Kind.PART
                is_group = concept_id == area and not is_area
                visit(child, child if is_area else area, child if is_area or is_group else group)

        for part in self.taxonomy.parts:
            visit(part, part, part)
        return areas

    def _has_formulas(self, concept: Concept) -> bool:
        return bool(self.of_concept(concept.id, self.taxonomy.languages[0]))

    def _of_concept(self, concept_id: str, lang: str) -> tuple[Prose, ...]:
        concept = self.taxonomy.concepts[concept_id]
        text, note = self.views.text_in(concept, lang), self.views.note_in(concept, lang)
        found: list[Prose] = []
        if text:
            blocks = tuple(piece for piece in text.content if isinstance(piece, Block))
            found += (self.views.prose((formula,), text) for formula in _displayed(blocks))
        if note:
            found += (self.views.prose((formula,), note) for formula in _displayed(note.blocks))
        return tuple({formula.blocks[0].tokens[0].content: formula for formula in found}.values())

    def area(self, area: str, lang: str) -> tuple[FormulaGroup, ...]:
        """The formulas of an area, family by family."""
        return tuple(
            FormulaGroup(
                self.refs.ref(group, lang),
                tuple(
                    ConceptFormulas(self.refs.ref(concept_id, lang), self.of_concept(concept_id, lang))
                    for concept_id in concepts
                ),
            )
            for group, concepts in self.areas[area].items()
        )

    def links(self, lang: str) -> tuple[tuple[ConceptLink, tuple[AreaLink, ...]], ...]:
        """The areas with formulas under their parts."""
        by_part: dict[str, list[AreaLink]] = defaultdict(list)
        for area, groups in self.areas.items():
            count = sum(len(self.of_concept(each, lang)) for concepts in groups.values() for each in concepts)
            part = next((path[0] for path in self.taxonomy.paths_to(area) if path), area)
            by_part[part].append(AreaLink(self.refs.ref(area, lang), f"{lang}/formulas/{area}/", count))
        return tuple((self.refs.ref(part, lang), tuple(links)) for part, links in by_part.items())

    def symbols(self, lang: str) -> tuple[tuple[Symbol, tuple[ConceptLink, ...]], ...]:
        """Every symbol that tells concepts apart, with the concepts that use it."""
        users: dict[Symbol, dict[str, None]] = defaultdict(dict)
        concepts = [each for groups in self.areas.values() for found in groups.values() for each in found]
        for concept_id in concepts:
            for formula in self.of_concept(concept_id, lang):
                for symbol in symbols_in(formula.blocks[0].tokens[0].content):
                    users[symbol][concept_id] = None
        most = max(_MAX_SHARE * len(concepts), 1)
        ordered = sorted(
            users.items(), key=lambda used: (used[0].group, used[0].text.casefold(), used[0].text)
        )
        return tuple((symbol, self.refs.all(ids, lang)) for symbol, ids in ordered if len(ids) <= most)


def _displayed(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield from (inner for inner in block.walk() if inner.type == "math_block")
