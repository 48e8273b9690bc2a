"""The files of a site that are no pages: the taxonomy as open data, what crawlers ask for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dlmap.config import Config
from dlmap.site.model import Page
from dlmap.site.seo.sitemap import sitemaps
from dlmap.site.urls import ConceptLinks
from dlmap.taxonomy import Concept, Taxonomy

SCHEMA_VERSION = 1


def data_files(pages: Sequence[Page], config: Config) -> dict[str, Callable[[], bytes]]:
    """Site path to what makes the content."""
    return {
        **sitemaps(pages, config),
        ".nojekyll": bytes,
        "robots.txt": lambda: robots(config).encode(),
        **({"CNAME": f"{config.domain}\n".encode} if config.domain else {}),
    }


def robots(config: Config) -> str:
    """`robots.txt`: everything may be read, and where the sitemap is."""
    lines = ["User-agent: *", "Allow: /"]
    if config.base_url:
        lines.append(f"Sitemap: {config.base_url}sitemap.xml")
    return "\n".join([*lines, ""])


def taxonomy_json(taxonomy: Taxonomy, refs: ConceptLinks, titles: Mapping[str, str], config: Config) -> str:
    """The public contract `taxonomy.json`; `docs/taxonomy.schema.json` is its schema."""
    related = taxonomy.related()
    document = {
        "schema": SCHEMA_VERSION,
        "title": dict(titles),
        "languages": list(taxonomy.languages),
        "concepts": [
            _concept(concept, taxonomy, refs, related, config) for concept in taxonomy.concepts.values()
        ],
        "terms": [
            {
                "zh": term.zh,
                "en": term.en,
                "concept": term.concept,
                "source": {"path": term.source.path, "line": term.line},
            }
            for term in taxonomy.terms
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=False) + "\n"


def _concept(
    concept: Concept,
    taxonomy: Taxonomy,
    refs: ConceptLinks,
    related: Mapping[str, tuple[str, ...]],
    config: Config,
) -> dict[str, Any]:
    path, line = concept.source
    return {
        "id": concept.id,
        "kind": concept.kind.value,
        "label": dict(concept.label),
        "alt": list(concept.alt),
        "broader": list(concept.broader),
        "narrower": list(concept.narrower),
        "related": list(related[concept.id]),
        "based_on": list(concept.based_on),
        "links": [{"href": link.href, "label": link.label} for link in concept.links],
        "resources": [{"href": link.href, "label": link.label} for link in concept.resources],
        "url": {lang: config.base_path + refs.path(concept.id, lang) for lang in taxonomy.languages},
        "definition": {lang: text for lang in taxonomy.languages if (text := concept.definition(lang))},
        "series": concept.series or None,
        "expansion": concept.expansion or None,
        "year": concept.year,
        "paper": {"title": concept.paper.title, "url": concept.paper.url or None} if concept.paper else None,
        "code": concept.code or None,
        "confidence": concept.confidence or None,
        "translated": {lang: concept.is_translated(lang) for lang in taxonomy.languages},
        "source": {"path": path, "line": line},
    }
