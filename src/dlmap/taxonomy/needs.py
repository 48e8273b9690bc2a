"""What has to be known before: the relation `needs` between concepts of any kind."""

from __future__ import annotations

from dlmap.taxonomy.builder import TaxonomyBuilder
from dlmap.taxonomy.registry_entry import RegistryEntry
from dlmap.taxonomy.relations import circles


def needs_of(drafts: TaxonomyBuilder, concept_id: str) -> tuple[str, ...]:
    """What the registry says a concept needs, without what is not in the map."""
    entry = _entry(drafts, concept_id)
    targets = (drafts.of_entry.get(target, target) for target in entry.needs) if entry else ()
    return tuple(dict.fromkeys(target for target in targets if target in drafts.by_id))


def check_needs(drafts: TaxonomyBuilder) -> None:
    """Report what is needed and not there, and what needs itself in the end."""
    source = drafts.registry.source
    for entry in drafts.registry.entries.values():
        for target in entry.needs:
            if drafts.of_entry.get(target, target) not in drafts.by_id and source:
                drafts.report(
                    "DL604",
                    f"`{entry.id}` needs `{target}`, which is not in the map",
                    "correct the id",
                    source,
                    entry.span,
                )
    for circle in circles({concept_id: needs_of(drafts, concept_id) for concept_id in drafts.by_id}):
        needing = _entry(drafts, circle[0])
        assert needing is not None
        assert source is not None
        drafts.report(
            "DL605",
            f"needs runs in a circle: {' → '.join(circle)}",
            "what is read first cannot need what comes later: remove one relation",
            source,
            needing.span,
        )


def _entry(drafts: TaxonomyBuilder, concept_id: str) -> RegistryEntry | None:
    return drafts.by_id[concept_id].entry or drafts.registry.entries.get(concept_id)
