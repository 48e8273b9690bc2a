"""The places of the map that methods are looked for in: parts, areas and families, as one list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dlmap.site.model import Ref
from dlmap.site.urls import Refs
from dlmap.taxonomy import Kind, Taxonomy

_PLACES = (Kind.PART, Kind.TYPE, Kind.FAMILY)


@dataclass(frozen=True, slots=True)
class Place:
    """A part, an area or a family."""

    ref: Ref
    depth: int
    """0 for a part."""


def places(taxonomy: Taxonomy, refs: Refs, lang: str) -> tuple[Place, ...]:
    """Every place that holds methods, once, in the order of the map."""
    found: dict[str, Place] = {}

    def visit(concept_id: str, depth: int) -> Iterator[tuple[str, Place]]:
        ref = refs.ref(concept_id, lang)
        if ref.count and concept_id not in found:
            yield concept_id, Place(ref, depth)
            for child in taxonomy.concepts[concept_id].narrower:
                if taxonomy.concepts[child].kind in _PLACES:
                    yield from visit(child, depth + 1)

    for part in taxonomy.parts:
        found.update(visit(part, 0))
    return tuple(found.values())
