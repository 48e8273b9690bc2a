"""The pages and files that help to read: timeline, glossary, formulas, comparison, cards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from dlmap.cache.memory import MemoryCache
from dlmap.exports.formats import GLOSSARY_LANGUAGES
from dlmap.site.concept_data import fact_files
from dlmap.site.concepts import Views
from dlmap.site.formula_index import FormulaIndex
from dlmap.site.glossary import GlossaryRow, rows
from dlmap.site.model import Page, alternates
from dlmap.site.page_types import PageContent, study_page_types
from dlmap.site.scope_options import ScopeOption, places
from dlmap.site.timeline import Timeline, timeline
from dlmap.site.urls import ConceptLinks
from dlmap.taxonomy import Taxonomy, TermPair, glossary


class StudyPages:
    """Plans them; nothing is computed before a page of the kind is asked for."""

    def __init__(self, taxonomy: Taxonomy, refs: ConceptLinks, views: Views, memo: MemoryCache) -> None:
        self.taxonomy = taxonomy
        self.refs = refs
        self.views = views
        self.memo = memo

    @cached_property
    def pairs(self) -> tuple[TermPair, ...]:
        return glossary(self.taxonomy)

    @cached_property
    def formulas(self) -> FormulaIndex:
        return FormulaIndex(self.taxonomy, self.refs, self.views, self.memo)

    @property
    def glossary_languages(self) -> tuple[str, ...]:
        """The languages of the glossary; empty where the site lacks one of them."""
        return GLOSSARY_LANGUAGES if set(GLOSSARY_LANGUAGES) <= set(self.taxonomy.languages) else ()

    def glossary_rows(self, lang: str) -> tuple[GlossaryRow, ...]:
        """Every term as a page in that language shows it."""
        return rows(self.pairs, self.refs, lang)

    def timeline(self, lang: str) -> Timeline:
        return timeline(self.taxonomy, self.refs, lang)

    def scope_options(self, lang: str) -> tuple[ScopeOption, ...]:
        """The parts, areas and families that a reader can choose."""
        return places(self.taxonomy, self.refs, lang)

    def names(self, lang: str) -> tuple[str, ...]:
        """The slugs of the study pages that there are in a language."""
        if not self.taxonomy.concepts:
            return ()
        return tuple(each.slug for each in study_page_types() if each.is_available(self, lang))

    def pages(self) -> Iterator[Page]:
        """Every page, in every language."""
        for lang in self.taxonomy.languages if self.taxonomy.concepts else ():
            for each in study_page_types():
                if each.is_available(self, lang):
                    yield from each.plan(self, lang)

    def redirects(self) -> dict[str, str]:
        """Each address that an earlier version had, to that of today."""
        return {
            f"{page.lang}/{page.type.former_slug}/": f"/{page.path}"
            for page in self.pages()
            if page.type.former_slug
        }

    def page(
        self,
        content: type[PageContent],
        lang: str,
        make: Callable[[], PageContent],
        below: str = "",
        title: str = "",
    ) -> Page:
        """The page of a type, or one `below` it."""
        path = f"{content.slug}/{below}"
        languages = tuple(other for other in self.taxonomy.languages if content.slug in self.names(other))
        return Page(
            path=f"{lang}/{path}",
            type=content,
            content=make,
            lang=lang,
            title=title,
            alternates=alternates(path, languages),
        )

    def data(self) -> dict[str, Callable[[], bytes]]:
        """Site path to what makes the content, of the files that pages load."""
        return fact_files(self.taxonomy, self.refs)
