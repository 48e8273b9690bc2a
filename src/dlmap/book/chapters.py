"""What stands in the book, in the order of the map: parts, areas and families, each with its methods behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from dlmap.site import ConceptView, Page, Prose, Site
from dlmap.site.map.layout import MapView
from dlmap.site.page_types import ConceptPage, PageContent, page_type
from dlmap.taxonomy import NAMED

_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part, an area or a family."""

    view: ConceptView
    level: int
    """Of its heading, from 1 for a part to 4."""
    methods: tuple[ConceptView, ...]
    """Those whose first place is here."""
    children: tuple[Chapter, ...]


@page_type("book.html")
@dataclass(frozen=True, slots=True)
class BookPage(PageContent):
    """The whole map as one file."""

    parts: tuple[Chapter, ...]
    others: tuple[ConceptView, ...]
    """The methods that have no place in the map."""
    preface: Prose | None
    maps: tuple[MapView, ...]


class Chapters:
    """Finds them in the pages of a site."""

    def __init__(self, site: Site, lang: str) -> None:
        self.site = site
        self.lang = lang
        self.pages: Mapping[str, Page] = {page.path: page for page in site.pages if page.lang == lang}
        self.seen: set[str] = set()

    def all(self) -> tuple[Chapter, ...]:
        """The parts with everything below."""
        return tuple(self.chapter(part, 1) for part in self.site.taxonomy.parts)

    def chapter(self, concept_id: str, level: int) -> Chapter:
        self.seen.add(concept_id)
        concepts = self.site.taxonomy.concepts
        methods = tuple(map(self.view, self.methods[self.path(concept_id)]))
        # A concept with several parents stands under the first of them that comes.
        children = tuple(
            self.chapter(child, min(level + 1, _DEEPEST))
            for child in concepts[concept_id].narrower
            if concepts[child].kind.is_section and child not in self.seen
        )
        return Chapter(self.view(concept_id), level, methods, children)

    def others(self) -> tuple[ConceptView, ...]:
        """The methods that have no place in the map."""
        return tuple(map(self.view, self.methods[""]))

    def view(self, concept_id: str) -> ConceptView:
        content = self.pages[self.path(concept_id)].content()
        assert isinstance(content, ConceptPage)
        return content.view

    def path(self, concept_id: str) -> str:
        """The page that shows a concept, without the place in it."""
        return self.site.path(concept_id, self.lang).partition("#")[0]

    @cached_property
    def methods(self) -> Mapping[str, list[str]]:
        """The methods by the page of the first concept that they stand under."""
        found: dict[str, list[str]] = defaultdict(list)
        for concept in self.site.taxonomy.of_kind(*NAMED):
            found[self.path(concept.broader[0]) if concept.broader else ""].append(concept.id)
        return found

    def anchors(self) -> Iterator[tuple[str, str]]:
        """The site path of every concept and its place in the book."""
        return ((self.site.path(id, self.lang), f"#{id}") for id in self.site.taxonomy.concepts)
