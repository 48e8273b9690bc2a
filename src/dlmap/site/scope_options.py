"""The places of the map that methods are looked for in: parts, areas and families, as one list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dlmap.site.model import ConceptLink
from dlmap.site.urls import ConceptLinks
from dlmap.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class ScopeOption:
    """A part, an area or a family."""

    ref: ConceptLink
    depth: int
    """0 for a part."""


def places(taxonomy: Taxonomy, refs: ConceptLinks, lang: str) -> tuple[ScopeOption, ...]:
    """Every place that holds methods, once, in the order of the map."""
    found: dict[str, ScopeOption] = {}

    def visit(concept_id: str, depth: int) -> Iterator[tuple[str, ScopeOption]]:
        ref = refs.ref(concept_id, lang)
        if ref.count and concept_id not in found:
            yield concept_id, ScopeOption(ref, depth)
            for child in taxonomy.concepts[concept_id].narrower:
                if taxonomy.concepts[child].kind.is_section:
                    yield from visit(child, depth + 1)

    for part in taxonomy.parts:
        found.update(visit(part, 0))
    return tuple(found.values())
