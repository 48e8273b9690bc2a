"""The Markdown of a site: the twins of its pages, `llms.txt` and `llms-full.txt`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import Protocol
from urllib.parse import quote

from jinja2 import Environment

from dlmap.articles import ArticleText
from dlmap.render.articles import ArticlePage
from dlmap.render.html import Linker
from dlmap.render.markdown.llms import Index, is_whole_text
from dlmap.render.markdown.pages import prose_markdown, sentence_markdown
from dlmap.render.translations import Translations
from dlmap.site import Page, Site
from dlmap.site.page_types import PageContent

Way = Callable[[str], str]
"""The address of any path of the site, from some place."""

_NEWLINE = "\n"
_PATH = re.compile("\0([^\0]*)\0")


class MarkdownContext(Protocol):
    """What a page can ask for where it stands."""

    linker: Linker

    def article_page(self, article: ArticleText) -> ArticlePage:
        """An article as that page shows it."""


class MarkdownSite:
    """Makes it, page by page."""

    def __init__(
        self,
        site: Site,
        strings: Translations,
        environment: Environment,
        relative: Callable[[str, str], str],
        place: Callable[[Page, Way], MarkdownContext],
    ) -> None:
        """`relative` tells the way from a folder to a path; `place` gives a page whose links go that way."""
        self.site = site
        self.strings = strings
        self.environment = environment
        self.relative = relative
        self.place = place

    @cached_property
    def markdown_paths(self) -> Mapping[str, str]:
        """The file of the Markdown of each page that has one."""
        return {page.path: path for page in self.site.pages if (path := page.markdown_path)}

    def page(self, page: Page, content: PageContent) -> str:
        """The Markdown of a page that shows `content`."""
        return self.filled(self.draft(page, content), self.relative_links(page.markdown_path))

    def index(self, path: str, lang: str) -> str:
        """The text of `llms.txt` at a path."""
        shown = Index(self.site, lang, self.strings, self.absolute_links(path))
        return self.environment.get_template("llms.txt").render(shown.content())

    def whole_text(self, path: str, lang: str) -> str:
        """The text of `llms-full.txt` at a path: every page of the map."""
        pages = (page for page in self.site.pages if is_whole_text(page, lang))
        return self.joined(path, (self.draft(page, page.content()) for page in pages))

    def joined(self, path: str, drafts: Iterable[str]) -> str:
        """The text at a path that holds some drafts, one after the other."""
        way = self.absolute_links(path)
        pages = [self.filled(draft, way) for draft in drafts]
        return self.environment.get_template("llms-full.txt").render(pages=pages)

    def draft(self, page: Page, content: PageContent) -> str:
        """The Markdown of a page with site paths, between two NULs each, in the place of addresses."""
        place = self.place(page, _path)

        def concept(concept_id: str) -> str | None:
            address = place.linker.concept(concept_id)
            # A heading of Markdown is no place that all programs could find.
            is_own = address and self.site.path(concept_id, page.lang).partition("#")[0] == page.path
            return None if is_own else address

        linker = replace(place.linker, concept=concept)
        text = self.environment.get_template(page.type.markdown).render(
            {
                **content.variables(),
                "site": self.site.head,
                "page": page,
                "lang": page.lang,
                "t": partial(self.strings.get, page.lang),
                "words": self.strings.get,
                "url": _path,
                "prose": lambda prose: prose_markdown(prose, linker),
                "sentence": sentence_markdown,
                "article_text": lambda article: place.article_page(article).markdown(),
            }
        )
        return f"{text.rstrip(_NEWLINE)}{_NEWLINE}"

    @staticmethod
    def filled(draft: str, way: Way) -> str:
        """The Markdown for a file from which `way` leads to any path."""
        return _PATH.sub(lambda match: way(match.group(1)).removesuffix("index.html") or "./", draft)

    def relative_links(self, file: str) -> Way:
        """Relative addresses from a file; of the Markdown where there is some."""
        folder = posixpath.dirname(file)
        return lambda path: self.to_markdown(path, lambda file: quote(self.relative(folder, file), safe="/."))

    def absolute_links(self, file: str) -> Way:
        """Whole addresses where the site knows its own: what stands in one file may be read anywhere."""
        if base := self.site.head.base_url:
            return lambda path: self.to_markdown(path, lambda file: f"{base}{quote(file, safe='/')}")
        return self.relative_links(file)

    def to_markdown(self, path: str, address: Way) -> str:
        target, hash_mark, fragment = path.partition("#")
        return address(self.markdown_paths.get(target, target)) + hash_mark + quote(fragment)


def _path(path: str) -> str:
    """What stands for a path: no text can hold it, for a source with a NUL is refused."""
    return f"\0{path}\0"
