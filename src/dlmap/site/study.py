"""The pages and files that help to read: timeline, glossary, formulas, comparison, cards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial

from dlmap.cache.memory import MemoryCache
from dlmap.site import glossary as terms
from dlmap.site.concept_data import fact_files
from dlmap.site.concepts import Views
from dlmap.site.formula_index import FormulaIndex
from dlmap.site.model import Page, alternates
from dlmap.site.scope_options import places
from dlmap.site.timeline import timeline
from dlmap.site.urls import ConceptLinks, label_in
from dlmap.taxonomy import Taxonomy, TermPair, glossary

_NAMES = ("timeline", "glossary", "formulas", "compare", "cards")


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

    def names(self, lang: str) -> tuple[str, ...]:
        """Which of the pages there are in a language, by the names of their addresses and templates."""
        if not self.taxonomy.concepts:
            return ()
        is_there = {
            "glossary": lang in terms.LANGUAGES and self.has_glossary,
            "formulas": bool(self.formulas.areas),
        }
        return tuple(name for name in _NAMES if is_there.get(name, True))

    @property
    def has_glossary(self) -> bool:
        return set(terms.LANGUAGES) <= set(self.taxonomy.languages)

    def pages(self) -> Iterator[Page]:
        """Every page, in every language."""
        for lang in self.taxonomy.languages:
            for name in self.names(lang):
                yield from self.named(name, lang)

    def named(self, name: str, lang: str) -> Iterator[Page]:
        """The pages of that name."""
        if name == "glossary":
            yield from self.glossary(lang)
        elif name == "formulas":
            yield from self.formula_pages(lang)
        else:
            yield self.page(name, lang, partial(self.content, name, lang))

    def content(self, name: str, lang: str) -> Mapping[str, object]:
        """What a page shows that is one of a kind; the comparison is made in the browser."""
        match name:
            case "timeline":
                return {"timeline": timeline(self.taxonomy, self.refs, lang)}
            case "cards":
                return {"places": places(self.taxonomy, self.refs, lang)}
        return {}

    def page(
        self,
        name: str,
        lang: str,
        content: Callable[[], Mapping[str, object]],
        below: str = "",
        title: str = "",
    ) -> Page:
        """A page of that name, or one `below` it, which has a template of its own where it has a title of its own."""
        path = f"{name}/{below}"
        template = f"{name}_area.html" if title else f"{name}.html"
        languages = tuple(other for other in self.taxonomy.languages if name in self.names(other))
        return Page(f"{lang}/{path}", template, lang, title, "", alternates(path, languages), content)

    def glossary(self, lang: str) -> Iterator[Page]:
        """Sorted by the page's own language, and by the other one."""
        other = next(code for code in terms.LANGUAGES if code != lang)
        for below, by in (("", lang), ("reversed/", other)):
            yield self.page("glossary", lang, partial(self.glossary_content, lang, by), below)

    def glossary_content(self, lang: str, by: str) -> Mapping[str, object]:
        return {"rows": terms.rows(self.pairs, self.refs, lang), "by": by}

    def formula_pages(self, lang: str) -> Iterator[Page]:
        """The index, and a page for each area that has formulas."""
        yield self.page(
            "formulas",
            lang,
            lambda: {"parts": self.formulas.links(lang), "symbols": self.formulas.symbols(lang)},
        )
        for area in self.formulas.areas:
            label, _ = label_in(self.taxonomy.concepts[area], lang)
            content = partial(self.area_content, area, lang)
            yield self.page("formulas", lang, content, f"{area}/", label)

    def area_content(self, area: str, lang: str) -> Mapping[str, object]:
        return {"area": self.refs.ref(area, lang), "groups": self.formulas.area(area, lang)}

    def data(self) -> dict[str, Callable[[], bytes]]:
        """Site path to what makes the content, of the files that pages load."""
        return fact_files(self.taxonomy, self.refs)

    def glossaries(self, titles: Mapping[str, str]) -> dict[str, Callable[[], bytes]]:
        """Site path to what makes the content, of the glossary for other programs."""
        if not any("glossary" in self.names(lang) for lang in self.taxonomy.languages):
            return {}
        return {
            "glossary.tsv": lambda: terms.tsv(self.pairs),
            "glossary.tbx": lambda: terms.tbx(self.pairs, titles),
        }
