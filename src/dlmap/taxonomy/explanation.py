"""Explain a taxonomy: every decision of the reader with its place, doubtful ones first."""

from __future__ import annotations

from collections.abc import Iterator

from dlmap.taxonomy.decision import shortened
from dlmap.taxonomy.kinds import Kind
from dlmap.taxonomy.model import Concept, Taxonomy
from dlmap.text.explanation import Explanation


def explain_taxonomy(taxonomy: Taxonomy) -> tuple[Explanation, ...]:
    """The decisions about all outlines in the order of their text, doubtful ones first."""
    methods = taxonomy.of_kind(Kind.METHOD)
    explanations = [
        *_decisions(taxonomy),
        *(each for concept in methods for each in _distant_namesakes(taxonomy, concept)),
    ]
    return tuple(
        sorted(explanations, key=lambda each: (not each.is_doubtful, each.path, each.line, each.column))
    )


def _decisions(taxonomy: Taxonomy) -> Iterator[Explanation]:
    for lang, decisions in taxonomy.decisions.items():
        source = taxonomy.prefaces[lang].source
        for decision in decisions:
            file, span = source.origin(decision.span)
            yield Explanation(
                file.path,
                *file.position(span.start),
                decision.subject,
                decision.words,
                decision.outcome,
                decision.rule,
                decision.reason,
                decision.confidence,
                decision.mark,
            )


def _distant_namesakes(taxonomy: Taxonomy, concept: Concept) -> Iterator[Explanation]:
    """A name in places that share no section may be two methods; only the author knows."""
    if concept.paper:
        return  # it is known which one is meant
    above = [
        frozenset(step for path in taxonomy.paths_to(parent) for step in (*path, parent))
        for parent in concept.broader
    ]
    if len(above) < 2 or frozenset.intersection(*above):
        return
    lang = taxonomy.languages[0]
    parents = ", ".join(taxonomy.concepts[parent].name(lang) for parent in concept.broader)
    path, line = concept.source
    yield Explanation(
        path,
        line,
        1,
        "names",
        shortened(concept.name(lang)),
        "one method",
        "names.distant",
        f"the same name in distant places: {parents}",
        0.5,
        f"**{concept.name(lang)}**{{#another-id}} for the other one",
    )
