"""The page types of a site: the address, the template and the content of each.

A page type is one class here: `page_type` names its templates and the first word of its addresses (its slug), and the
fields are the variables that its template has beside those of every page.  No concept can have a slug as its id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:  # for the types of fields alone: a check imports this module, and needs none of those
    from dlmap.site.articles import ArticleRef, ArticleView, TagRef
    from dlmap.site.changes import ChangeGroup
    from dlmap.site.formula_index import AreaLink, FormulaGroup
    from dlmap.site.glossary import GlossaryRow
    from dlmap.site.home import HighlightView
    from dlmap.site.lineage import Lineage
    from dlmap.site.map.layout import MapView
    from dlmap.site.model import ConceptLink, ConceptView, Page, Prose, TocEntry, TreeItem
    from dlmap.site.open_data import FormatView
    from dlmap.site.scope_options import ScopeOption
    from dlmap.site.seo.schema_org import Thing
    from dlmap.site.static_pages import StaticPageView
    from dlmap.site.study import StudyPages
    from dlmap.site.symbols import Symbol
    from dlmap.site.timeline import Timeline
    from dlmap.taxonomy import Link

_FOLDERS = frozenset({"about", "assets", "pages", "static", "tags"})
"""Further addresses that no concept can have: folders of a site, and pages that many sites have themselves."""


@dataclass(frozen=True, slots=True)
class PageContent:
    """What a page shows beside what every page has."""

    template: ClassVar[str]
    markdown: ClassVar[str]
    """The template of its Markdown; empty where it has none."""
    slug: ClassVar[str]
    """The word behind the language in its addresses; empty where other things than its type give it one."""
    former_slug: ClassVar[str]
    """What the slug was in an earlier version: its addresses lead on; empty where it was always the same."""

    def variables(self) -> dict[str, Any]:
        """The variables of its template, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


class StudyPage(PageContent):
    """A page that helps to study the map; the foot of every page links to it by the word of its slug."""

    __slots__ = ()

    @classmethod
    def is_available(cls, study: StudyPages, lang: str) -> bool:
        """Whether a site with concepts has the page in that language."""
        return True

    @classmethod
    def plan(cls, study: StudyPages, lang: str) -> Iterator[Page]:
        """The pages of the type in that language."""
        raise NotImplementedError


Content = TypeVar("Content", bound=PageContent)

PAGE_TYPES: list[type[PageContent]] = []
"""Every page type, in the order of declaration."""


def page_type(
    template: str, *, slug: str = "", former_slug: str = "", markdown: str = ""
) -> Callable[[type[Content]], type[Content]]:
    """Declare a page type."""

    def declare(content: type[Content]) -> type[Content]:
        content.template, content.markdown = template, markdown
        content.slug, content.former_slug = slug, former_slug
        PAGE_TYPES.append(content)
        return content

    return declare


def reserved_ids() -> frozenset[str]:
    """The ids that no concept may have, as pages of the site are at their addresses."""
    slugs = (slug for content in PAGE_TYPES for slug in (content.slug, content.former_slug))
    return _FOLDERS.union(slugs) - {""}


def study_page_types() -> tuple[type[StudyPage], ...]:
    """The study pages, in the order in which they are listed."""
    return tuple(content for content in PAGE_TYPES if issubclass(content, StudyPage))


@page_type("chooser.html")
@dataclass(frozen=True, slots=True)
class ChooserPage(PageContent):
    """The root of the site: choose a language."""


@page_type("home.html", markdown="home.md")
@dataclass(frozen=True, slots=True)
class HomePage(PageContent):
    """What this is, the map, and ways into it."""

    preface: Prose | None
    tree: tuple[TreeItem, ...]
    counts: dict[str, int]
    """How many concepts there are of each kind."""
    newest: tuple[ArticleRef, ...]
    maps: tuple[MapView, ...]
    """The map for screens of several widths, the widest first."""
    entrances: HighlightView
    structured: Thing


@page_type("map.html", slug="map")
@dataclass(frozen=True, slots=True)
class MapPage(PageContent):
    """The whole taxonomy as one picture, and as a list."""

    drawing: MapView
    tree: tuple[TreeItem, ...]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class ConceptPage(PageContent):
    """What the pages of all concepts show."""

    view: ConceptView
    articles: tuple[ArticleRef, ...]
    """Those that are its full text."""
    links: tuple[Link, ...]
    """Those to articles elsewhere."""
    toc: tuple[TocEntry, ...]
    neighbourhood: Lineage | None
    tree: tuple[TreeItem, ...]
    structured: Thing


@page_type("part.html", markdown="concept.md")
class PartPage(ConceptPage):
    """A part of the map."""

    __slots__ = ()


@page_type("type.html", markdown="concept.md")
class TypePage(ConceptPage):
    """A type of a part."""

    __slots__ = ()


@page_type("family.html", markdown="concept.md")
class FamilyPage(ConceptPage):
    """A family with its approaches."""

    __slots__ = ()


@page_type("method.html", markdown="concept.md")
class MethodPage(ConceptPage):
    """A method or metric."""

    __slots__ = ()


@page_type("methods.html", slug="methods", markdown="methods.md")
@dataclass(frozen=True, slots=True)
class MethodsPage(PageContent):
    """All methods from A to Z."""

    refs: tuple[ConceptLink, ...]


@page_type("changes.html", slug="changes")
@dataclass(frozen=True, slots=True)
class ChangesPage(PageContent):
    """What the latest revisions did to the map."""

    groups: tuple[ChangeGroup, ...]


@page_type("search.html", slug="search")
@dataclass(frozen=True, slots=True)
class SearchPage(PageContent):
    """Where a search from outside arrives."""


@page_type("timeline.html", slug="timeline")
@dataclass(frozen=True, slots=True)
class TimelinePage(StudyPage):
    """Named methods by the year of their first publication."""

    timeline: Timeline

    @classmethod
    def plan(cls, study: StudyPages, lang: str) -> Iterator[Page]:
        yield study.page(cls, lang, lambda: cls(study.timeline(lang)))


@page_type("glossary.html", slug="glossary")
@dataclass(frozen=True, slots=True)
class GlossaryPage(StudyPage):
    """Every term in both languages."""

    rows: tuple[GlossaryRow, ...]
    by: str
    """The language that the terms are sorted by."""

    @classmethod
    def is_available(cls, study: StudyPages, lang: str) -> bool:
        return lang in study.glossary_languages

    @classmethod
    def plan(cls, study: StudyPages, lang: str) -> Iterator[Page]:
        other = next(code for code in study.glossary_languages if code != lang)
        for below, by in (("", lang), ("reversed/", other)):
            yield study.page(cls, lang, partial(cls.sorted_by, study, lang, by), below)

    @classmethod
    def sorted_by(cls, study: StudyPages, lang: str, by: str) -> GlossaryPage:
        return cls(study.glossary_rows(lang), by)


@page_type("formulas.html", slug="formulas")
@dataclass(frozen=True, slots=True)
class FormulasPage(StudyPage):
    """The areas with formulas, and the symbols that they use."""

    parts: tuple[tuple[ConceptLink, tuple[AreaLink, ...]], ...]
    symbols: tuple[tuple[Symbol, tuple[ConceptLink, ...]], ...]

    @classmethod
    def is_available(cls, study: StudyPages, lang: str) -> bool:
        return bool(study.formulas.areas)

    @classmethod
    def plan(cls, study: StudyPages, lang: str) -> Iterator[Page]:
        """The index, and a page for each area that has formulas."""
        yield study.page(cls, lang, lambda: cls(study.formulas.links(lang), study.formulas.symbols(lang)))
        for area in study.formulas.areas:
            yield study.page(
                FormulaAreaPage,
                lang,
                partial(FormulaAreaPage.of, study, lang, area),
                f"{area}/",
                study.refs.ref(area, lang).label,
            )


@page_type("formulas_area.html", slug="formulas")
@dataclass(frozen=True, slots=True)
class FormulaAreaPage(PageContent):
    """Every formula of an area, family by family."""

    area: ConceptLink
    groups: tuple[FormulaGroup, ...]

    @classmethod
    def of(cls, study: StudyPages, lang: str, area: str) -> FormulaAreaPage:
        return cls(study.refs.ref(area, lang), study.formulas.area(area, lang))


@page_type("compare.html", slug="compare")
@dataclass(frozen=True, slots=True)
class ComparePage(StudyPage):
    """Methods side by side; the script of the page fills the table."""

    @classmethod
    def plan(cls, study: StudyPages, lang: str) -> Iterator[Page]:
        yield study.page(cls, lang, cls)


@page_type("flashcards.html", slug="flashcards", former_slug="cards")
@dataclass(frozen=True, slots=True)
class FlashcardsPage(StudyPage):
    """Methods to learn by heart."""

    places: tuple[ScopeOption, ...]

    @classmethod
    def plan(cls, study: StudyPages, lang: str) -> Iterator[Page]:
        yield study.page(cls, lang, lambda: cls(study.scope_options(lang)))


@page_type("data.html", slug="data")
@dataclass(frozen=True, slots=True)
class OpenDataPage(PageContent):
    """The map as files for other programs."""

    offers: tuple[FormatView, ...]


@page_type("articles.html", slug="articles", markdown="articles.md")
@dataclass(frozen=True, slots=True)
class ArticlesPage(PageContent):
    """All articles by year."""

    years: tuple[tuple[str, tuple[ArticleRef, ...]], ...]
    has_tags: bool
    total: int


@page_type("article_tags.html", slug="articles")
@dataclass(frozen=True, slots=True)
class ArticleTagsPage(PageContent):
    """All articles by tag."""

    tags: tuple[tuple[TagRef, tuple[ArticleRef, ...]], ...]
    total: int


@page_type("article.html", slug="articles", markdown="article.md")
@dataclass(frozen=True, slots=True)
class ArticlePage(PageContent):
    """An article."""

    article: ArticleView
    toc: tuple[TocEntry, ...]
    structured: Thing


@page_type("page.html")
@dataclass(frozen=True, slots=True)
class StaticPage(PageContent):
    """A page of the site's own, such as "about"."""

    own: StaticPageView
    toc: tuple[TocEntry, ...]
    structured: Thing


@page_type("404.html")
@dataclass(frozen=True, slots=True)
class NotFoundPage(PageContent):
    """For every address that does not exist."""


@page_type("offline.html")
@dataclass(frozen=True, slots=True)
class OfflinePage(PageContent):
    """For a page that a reader without a network has not read before."""
