"""`llms.txt` and `llms-full.txt` in each language: where a program that reads finds what, and the whole map at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from dlmap.markdown.escapes import escaped
from dlmap.render.translations import Translations
from dlmap.site import Page, Site
from dlmap.site.urls import label_in
from dlmap.taxonomy import Kind

_PAGED = (Kind.TYPE, Kind.FAMILY)
_ARTICLES = frozenset({"article.html", "articles.html"})


class LlmsFile(NamedTuple):
    """One of these files."""

    lang: str
    is_full: bool


class LlmsEntry(NamedTuple):
    """A line of a list."""

    address: str
    label: str
    about: str = ""


def guides(site: Site) -> dict[str, LlmsFile]:
    """Site path to what stands there: those of the first language at the root, where programs look for them."""
    if not site.taxonomy.concepts and not site.library.entries:
        return {}
    folders = {lang: f"{lang}/" if index else "" for index, lang in enumerate(site.head.languages)}
    found = {f"{folder}llms.txt": LlmsFile(lang, is_full=False) for lang, folder in folders.items()}
    if site.taxonomy.concepts:
        found |= {f"{folder}llms-full.txt": LlmsFile(lang, is_full=True) for lang, folder in folders.items()}
    return found


def is_whole_text(page: Page, lang: str) -> bool:
    """Whether a page is one of those that `llms-full.txt` is made of.  Articles are only linked: they can be many."""
    return page.has_markdown and page.lang == lang and page.template not in _ARTICLES


class Index:
    """What `llms.txt` of one language shows."""

    def __init__(self, site: Site, lang: str, strings: Translations, url: Callable[[str], str]) -> None:
        """`url` gives the address of a site path, of the Markdown where there is some."""
        self.site = site
        self.lang = lang
        self.strings = strings
        self.url = url

    def content(self) -> dict[str, object]:
        """The values of its template."""
        head = self.site.head
        preface = self.site.taxonomy.prefaces.get(self.lang)
        return {
            "title": escaped(head.title[self.lang]),
            "description": escaped(head.description[self.lang] or (preface.description if preface else "")),
            "parts": tuple(self.parts()),
            "articles": tuple(self.articles()),
            "optional": tuple(self.optional()),
            "t": lambda key, **values: self.strings.get(self.lang, key, **values),
        }

    def parts(self) -> Iterator[tuple[str, tuple[LlmsEntry, ...]]]:
        for part in self.site.taxonomy.parts:
            label, _ = label_in(self.site.taxonomy.concepts[part], self.lang)
            yield escaped(label), (self.entry(part), *self.below(part))

    def below(self, concept_id: str) -> Iterator[LlmsEntry]:
        """The areas and families under a concept; one that stands in several places is told in each."""
        concepts = self.site.taxonomy.concepts
        for child in concepts[concept_id].narrower:
            if concepts[child].kind in _PAGED:
                yield self.entry(child)
                yield from self.below(child)

    def entry(self, concept_id: str) -> LlmsEntry:
        concept = self.site.taxonomy.concepts[concept_id]
        label, _ = label_in(concept, self.lang)
        about = " ".join(concept.definition(self.lang).split())
        return LlmsEntry(
            self.url(self.site.path(concept_id, self.lang)), escaped(label, in_link=True), escaped(about)
        )

    def articles(self) -> Iterator[LlmsEntry]:
        if entries := self.site.library.entries:
            count = self.strings.get(self.lang, "n_articles", n=len(entries))
            label = self.strings.get(self.lang, "all_articles")
            yield LlmsEntry(self.url(f"{self.lang}/articles/"), label, count)

    def optional(self) -> Iterator[LlmsEntry]:
        for path, guide in guides(self.site).items():
            if guide.lang != self.lang or guide.is_full:
                name = path.rpartition("/")[2]
                yield LlmsEntry(self.url(path), name, self.strings.get(guide.lang, "language_name"))
        if self.site.taxonomy.concepts:
            yield LlmsEntry(self.url(f"{self.lang}/methods/"), self.strings.get(self.lang, "all_methods"))
        yield LlmsEntry(self.url("taxonomy.json"), "taxonomy.json", self.strings.get(self.lang, "open_data"))
