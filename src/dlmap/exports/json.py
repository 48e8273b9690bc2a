"""The map as JSON: everything there is to know of every concept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from dlmap.taxonomy import Concept, Paper, Taxonomy

SCHEMA_VERSION = 1


def taxonomy_json(taxonomy: Taxonomy, titles: Mapping[str, str], address: Callable[[str, str], str]) -> bytes:
    """The public contract `taxonomy.json`; `docs/taxonomy.schema.json` is its schema.

    `address` gives the address of a concept on the site, by its id and the language.
    """
    related = taxonomy.related()
    document = {
        "schema": SCHEMA_VERSION,
        "title": dict(titles),
        "languages": list(taxonomy.languages),
        "concepts": [_concept(concept, taxonomy, related, address) for concept in taxonomy.concepts.values()],
        "terms": [
            {
                "zh": term.zh,
                "en": term.en,
                "concept": term.concept,
                "source": _place(term.place),
            }
            for term in taxonomy.terms
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=False) + "\n").encode()


def _concept(
    concept: Concept,
    taxonomy: Taxonomy,
    related: Mapping[str, tuple[str, ...]],
    address: Callable[[str, str], str],
) -> dict[str, Any]:
    return {
        "id": concept.id,
        "kind": concept.kind.value,
        "label": dict(concept.label),
        "alt": list(concept.alt),
        "broader": list(concept.broader),
        "narrower": list(concept.narrower),
        "related": list(related[concept.id]),
        "based_on": list(concept.based_on),
        "needs": list(concept.needs),
        "links": [{"href": link.href, "label": link.label} for link in concept.links],
        "resources": [{"href": link.href, "label": link.label} for link in concept.resources],
        "url": {lang: address(concept.id, lang) for lang in taxonomy.languages},
        "definition": {lang: text for lang in taxonomy.languages if (text := concept.definition(lang))},
        "series": concept.series or None,
        "expansion": concept.expansion or None,
        "year": concept.year,
        "paper": _paper(concept.paper) if concept.paper else None,
        "code": concept.code or None,
        "confidence": concept.confidence or None,
        "translated": {lang: concept.is_translated(lang) for lang in taxonomy.languages},
        "source": _place(concept.source),
    }


def _place(place: tuple[str, int]) -> dict[str, str | int]:
    path, line = place
    return {"path": path, "line": line}


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "title": paper.title,
        "authors": list(paper.authors),
        "venue": paper.venue or None,
        "url": paper.url or None,
    }
