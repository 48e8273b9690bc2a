"""The site's own pages, such as "about": what each shows, and how all others link to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dlmap.articles import Article, ArticleText
from dlmap.site.articles import ArticlePages, toc_of
from dlmap.site.media_policy import media_policy
from dlmap.site.model import NavLink, Page, SourcePlace, alternates
from dlmap.site.page_types import StaticPage
from dlmap.site.seo.schema_org import SchemaOrg
from dlmap.site.urls import written_in


@dataclass(frozen=True, slots=True)
class StaticPageView:
    """A page of the site's own with everything it shows."""

    link: NavLink
    text: ArticleText
    is_translated: bool
    """False when the page shows another language's text."""
    source: SourcePlace


class StaticPages:
    """Plans the site's own pages; they are read as articles are."""

    def __init__(self, articles: ArticlePages, structured: SchemaOrg) -> None:
        self.articles = articles
        self.library = articles.library
        self.languages = articles.languages
        self.structured = structured

    def links(self, lang: str) -> tuple[NavLink, ...]:
        return tuple(self.link(entry, lang) for entry in self.library.pages)

    def link(self, entry: Article, lang: str) -> NavLink:
        text = entry.text(lang)
        path = self.library.path(entry.path, lang)
        return NavLink(path, text.title, written_in(text.title, text.lang), entry.first.nav)

    def pages(self) -> Iterator[Page]:
        for entry in self.library.pages:
            for lang in self.languages:
                yield self.page(entry, lang)

    def page(self, entry: Article, lang: str) -> Page:
        text = entry.text(lang)

        def content() -> StaticPage:
            link = self.link(entry, lang)
            return StaticPage(
                own=StaticPageView(link, text, text.lang == lang, self.articles.source(text)),
                toc=toc_of(text.headings, text.lang),
                structured=self.structured.page(link, text, lang),
            )

        return Page(
            path=f"{lang}/{entry.path}",
            type=StaticPage,
            content=content,
            lang=lang,
            title=text.title,
            description=text.summary,
            alternates=alternates(entry.path, self.languages),
            remote_pictures=self.articles.shows_remote(text),
            media_policy=media_policy(text, self.articles.library),
        )
