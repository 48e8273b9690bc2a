"""The pages and files that help to read: timeline, glossary, formulas, comparison, cards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial

from dlmap.site import glossary as terms
from dlmap.site.facts import fact_files
from dlmap.site.formula_index import FormulaIndex
from dlmap.site.model import Alternate, Page
from dlmap.site.places import places
from dlmap.site.refs import Refs, label_in
from dlmap.site.timeline import timeline
from dlmap.site.views import Views
from dlmap.taxonomy import Pair, Taxonomy, glossary


class ReadingPages:
    """Plans them; nothing is computed before a page of the kind is asked for."""

    def __init__(self, taxonomy: Taxonomy, refs: Refs, views: Views) -> None:
        self.taxonomy = taxonomy
        self.refs = refs
        self.views = views

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        return glossary(self.taxonomy)

    @cached_property
    def formulas(self) -> FormulaIndex:
        return FormulaIndex(self.taxonomy, self.refs, self.views)

    @property
    def has_glossary(self) -> bool:
        return set(terms.LANGUAGES) <= set(self.taxonomy.languages)

    def pages(self) -> Iterator[Page]:
        """Every page, in every language."""
        if not self.taxonomy.concepts:
            return
        for lang in self.taxonomy.languages:
            yield self.page("timeline", lang, lambda lang=lang: {"timeline": timeline(self.taxonomy, self.refs, lang)})
            yield from self.glossary(lang)
            yield from self.formula_pages(lang)
            yield self.page("compare", lang, dict)
            yield self.page("cards", lang, lambda lang=lang: {"places": places(self.taxonomy, self.refs, lang)})

    def page(
        self, name: str, lang: str, content: Callable[[], Mapping[str, object]], path: str = "", title: str = ""
    ) -> Page:
        path = path or f"{name}/"
        alternates = tuple(Alternate(other, f"{other}/{path}") for other in self.taxonomy.languages)
        return Page(f"{lang}/{path}", f"{name}.html", lang, title, "", alternates, content)

    def glossary(self, lang: str) -> Iterator[Page]:
        """Sorted by the page's own language, and by the other one."""
        if not self.has_glossary or lang not in terms.LANGUAGES:
            return
        other = next(code for code in terms.LANGUAGES if code != lang)
        for path, by in (("glossary/", lang), ("glossary/reversed/", other)):
            yield self.page("glossary", lang, partial(self.glossary_content, lang, by), path)

    def glossary_content(self, lang: str, by: str) -> Mapping[str, object]:
        groups = terms.rows(self.pairs, self.refs, lang, by)
        return {"groups": groups, "total": sum(len(rows) for _, rows in groups), "by": by}

    def formula_pages(self, lang: str) -> Iterator[Page]:
        """The index, and a page for each area that has formulas."""
        if not self.formulas.areas:
            return
        yield self.page(
            "formulas",
            lang,
            lambda: {"parts": self.formulas.links(lang), "symbols": self.formulas.symbols(lang)},
        )
        for area in self.formulas.areas:
            label, _ = label_in(self.taxonomy.concepts[area], lang)
            content = partial(self.area_content, area, lang)
            yield self.page("formulas_area", lang, content, f"formulas/{area}/", label)

    def area_content(self, area: str, lang: str) -> Mapping[str, object]:
        return {"area": self.refs.ref(area, lang), "groups": self.formulas.area(area, lang)}

    def data(self, titles: Mapping[str, str]) -> dict[str, Callable[[], bytes]]:
        """Site path to what makes the content."""
        files = fact_files(self.taxonomy, self.refs)
        if self.has_glossary and self.taxonomy.concepts:
            files["glossary.tsv"] = lambda: terms.tsv(self.pairs)
            files["glossary.tbx"] = lambda: terms.tbx(self.pairs, titles)
        return files
