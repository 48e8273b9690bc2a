"""The facts on each concept that scripts fetch when a reader asks: previews, comparisons, cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any

from dlmap.site.urls import ConceptLinks, label_in
from dlmap.taxonomy import NAMED, Concept, Kind, Taxonomy
from dlmap.text.strings import compact_json, truncate

SHARDS = 64
"""Pages pass it on to static/concept-data.js."""
_MAX_TEXT = 280
_FNV_OFFSET, _FNV_PRIME = 0x811C9DC5, 0x01000193


def fact_files(taxonomy: Taxonomy, refs: ConceptLinks) -> dict[str, Callable[[], bytes]]:
    """Site path to what makes the content: the concepts of a shard in one language, by id."""
    shards: dict[int, list[str]] = defaultdict(list)
    for concept_id in taxonomy.concepts:
        shards[shard_of(concept_id)].append(concept_id)
    files: dict[str, Callable[[], bytes]] = {
        f"data/facts/{lang}/{shard}.json": partial(_shard, taxonomy, refs, lang, tuple(ids))
        for lang in taxonomy.languages
        for shard, ids in sorted(shards.items())
    }
    if taxonomy.concepts:
        files["data/members.json"] = partial(_members, taxonomy)
    return files


@cache
def shard_of(concept_id: str) -> int:
    """The shard of a concept: FNV-1a of its id, so that one more concept moves no other."""
    value = _FNV_OFFSET
    for byte in concept_id.encode("ascii"):
        value = (value ^ byte) * _FNV_PRIME & 0xFFFFFFFF
    return value % SHARDS


def _shard(taxonomy: Taxonomy, refs: ConceptLinks, lang: str, ids: Iterable[str]) -> bytes:
    facts = {concept_id: _facts(taxonomy.concepts[concept_id], taxonomy, refs, lang) for concept_id in ids}
    return compact_json(facts).encode()


def _facts(concept: Concept, taxonomy: Taxonomy, refs: ConceptLinks, lang: str) -> Mapping[str, object]:
    """What is empty is left out: most concepts are methods without some of it."""
    ref = refs.ref(concept.id, lang)
    text, text_lang = _definition(concept, lang, taxonomy.languages)
    facts: dict[str, Any] = {
        "label": ref.label,
        "lang": ref.lang if ref.lang != lang else "",
        "other": ref.other,
        "otherLang": ref.other_lang if ref.other else "",
        "path": ref.path,
        "hue": ref.hue,
        "year": concept.year,
        "places": [
            " › ".join(label_in(taxonomy.concepts[step], lang)[0] for step in path)
            for path in taxonomy.paths_to(concept.id)
            if path
        ],
        "text": text,
        "textLang": text_lang if text_lang != lang else "",
        "basedOn": [label_in(taxonomy.concepts[other], lang)[0] for other in concept.based_on],
    }
    if concept.paper:
        facts["paper"] = {"title": concept.paper.title, "url": concept.paper.url}
    return {key: value for key, value in facts.items() if value or key == "hue"}


def _definition(concept: Concept, lang: str, languages: tuple[str, ...]) -> tuple[str, str]:
    for code in (lang, *(other for other in languages if other != lang)):
        if text := concept.definition(code):
            return truncate(text, _MAX_TEXT), code
    return "", lang


def _members(taxonomy: Taxonomy) -> bytes:
    """Which methods stand under each part, area and family: `under` points into `methods`."""
    methods = [concept.id for concept in taxonomy.of_kind(*NAMED)]
    index = {concept_id: number for number, concept_id in enumerate(methods)}
    under = {
        concept.id: [index[member] for member in taxonomy.members_under(concept.id)]
        for concept in taxonomy.of_kind(Kind.PART, Kind.TYPE, Kind.FAMILY)
    }
    return compact_json({"methods": methods, "under": under}).encode()
