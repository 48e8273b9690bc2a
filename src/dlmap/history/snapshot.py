"""The concepts of one revision, as far as a comparison of two needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from dlmap.taxonomy import Taxonomy


class ConceptSnapshot(NamedTuple):
    """What one revision says of a concept."""

    kind: str
    label: tuple[tuple[str, str], ...]
    """(language, label)."""
    broader: tuple[str, ...]
    year: int | None
    paper: str
    """The address of its paper; empty without one."""

    def name(self, lang: str) -> str:
        """The label in a language, else in the first that has one."""
        labels = dict(self.label)
        return labels.get(lang) or next(iter(labels.values()))


@dataclass(frozen=True, slots=True)
class MapSnapshot:
    """All concepts by id, in the order of the taxonomy."""

    concepts: dict[str, ConceptSnapshot]


def map_snapshot(taxonomy: Taxonomy) -> MapSnapshot:
    """What a taxonomy says, as far as it is compared."""
    return MapSnapshot(
        {
            concept.id: ConceptSnapshot(
                concept.kind.value,
                tuple(concept.label.items()),
                concept.broader,
                concept.year,
                concept.paper.url if concept.paper else "",
            )
            for concept in taxonomy.concepts.values()
        }
    )
