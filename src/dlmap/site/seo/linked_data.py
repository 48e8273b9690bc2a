"""The taxonomy as linked data: a file for the whole, and one beside the page of each concept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache, partial

from dlmap.config import Config
from dlmap.exports.skos import JSONLD, TURTLE, SkosContext, SkosExporter, to_jsonld
from dlmap.site.addresses import language_tag
from dlmap.site.model import DataFile, SiteInfo
from dlmap.taxonomy import Concept

WHOLE = (DataFile(JSONLD, "taxonomy.jsonld"), DataFile(TURTLE, "taxonomy.ttl"))
_FROM_PAGE = "../../"
"""The way from the file of a concept to the root of the site."""


@cache
def beside(page: str) -> DataFile:
    """What tells of the concept that the page at a site path shows."""
    return DataFile(JSONLD, f"{page}index.jsonld")


def place_of(head: SiteInfo, path: Callable[[str, str], str], config: Config) -> SkosContext:
    """Where a site's taxonomy is published; `path` tells where a concept is shown."""
    return SkosContext(
        base_url=head.base_url,
        page=path,
        tags={lang: language_tag(lang) for lang in head.languages},
        titles=dict(_once(head.title)),
        descriptions=dict(_once(head.description)),
        origin=head.origin,
        files=f"{config.repository}/blob/{config.branch}/" if config.repository else "",
    )


def concept_files(scheme: SkosExporter, shown: Iterable[Concept]) -> Mapping[str, Callable[[], bytes]]:
    """The files beside the pages, by site path; `shown` are the concepts that have one."""
    place = scheme.place

    @lru_cache(1)  # it is the same in all languages, one after the other
    def of_page(concept_id: str) -> bytes:
        return to_jsonld(scheme.of_page(concept_id), place.base_url or _FROM_PAGE)

    return {
        beside(place.page(concept.id, lang)).path: partial(of_page, concept.id)
        for concept in shown
        for lang in place.tags
    }


def _once(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A text that stands in for a missing translation is not one: it is said in the first language only."""
    said: set[str] = set()
    for lang, text in texts.items():
        if text not in said:
            said.add(text)
            yield lang, text
