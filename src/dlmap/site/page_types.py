"""The page types of a site: the address and the template of each.

A page type is one class here; `page_type` names its template and the first word of its addresses (its slug).  No concept
can have a slug as its id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

_FOLDERS = frozenset({"about", "assets", "cards", "pages", "static", "tags"})
"""Further addresses that no concept can have: folders, what an earlier version had, and pages that many sites have."""


@dataclass(frozen=True, slots=True)
class PageContent:
    """What a page shows beside what every page has."""

    template: ClassVar[str]
    slug: ClassVar[str]
    """The word behind the language in its addresses; empty where other things than its type give it one."""


Content = TypeVar("Content", bound=PageContent)

PAGE_TYPES: list[type[PageContent]] = []
"""Every page type, in the order of declaration."""


def page_type(template: str, *, slug: str = "") -> Callable[[type[Content]], type[Content]]:
    """Declare a page type."""

    def declare(content: type[Content]) -> type[Content]:
        content.template, content.slug = template, slug
        PAGE_TYPES.append(content)
        return content

    return declare


def reserved_ids() -> frozenset[str]:
    """The ids that no concept may have, as pages of the site are at their addresses."""
    return _FOLDERS.union(content.slug for content in PAGE_TYPES) - {""}


@page_type("map.html", slug="map")
class MapPage(PageContent):
    """The whole map."""


@page_type("methods.html", slug="methods")
class MethodsPage(PageContent):
    """All methods from A to Z."""


@page_type("changes.html", slug="changes")
class ChangesPage(PageContent):
    """What the latest revisions did to the map."""


@page_type("search.html", slug="search")
class SearchPage(PageContent):
    """Where a search from outside arrives."""


@page_type("timeline.html", slug="timeline")
class TimelinePage(PageContent):
    """Methods by year."""


@page_type("glossary.html", slug="glossary")
class GlossaryPage(PageContent):
    """Every term in both languages."""


@page_type("formulas.html", slug="formulas")
class FormulasPage(PageContent):
    """The index of formulas."""


@page_type("compare.html", slug="compare")
class ComparePage(PageContent):
    """Methods side by side."""


@page_type("cards.html", slug="cards")
class FlashcardsPage(PageContent):
    """Methods to learn by heart."""


@page_type("data.html", slug="data")
class OpenDataPage(PageContent):
    """The map as files for other programs."""


@page_type("articles.html", slug="articles")
class ArticlesPage(PageContent):
    """All articles by year."""
