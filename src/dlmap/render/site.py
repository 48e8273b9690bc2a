"""Render a site: every page through its template, and the files that all pages share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from pathlib import Path

from dlmap.cache import TEXT, Cache, Task
from dlmap.math import FormulaResults, katex_assets
from dlmap.parallel import apply_inherited
from dlmap.publish.file import OutputFile
from dlmap.render.fingerprint import digest, file_fingerprint
from dlmap.render.markdown.llms import guides, is_whole_text
from dlmap.render.markdown.site import MarkdownSite
from dlmap.render.page import KATEX_FOLDER, PageRenderer
from dlmap.render.service_worker import FILE as SERVICE_WORKER
from dlmap.render.service_worker import service_worker
from dlmap.render.templates import Templates
from dlmap.site import Page, Site
from dlmap.site.page_types import OfflinePage, PageContent
from dlmap.taxonomy import explain_taxonomy
from dlmap.text.explanation import Explanation

CUSTOM_STYLES = "assets/custom.css"
"""The style sheet of the site's own, after all others."""
_MARKDOWN: Task[str, str] = Task(
    "page Markdown", "dlmap.render.markdown.site", lambda fingerprint: (fingerprint.encode(),), TEXT
)
"""The Markdown of a page before it has a place, by the page's fingerprint: `llms-full.txt` needs that of them all."""


class RenderedSite:
    """Every file of the published folder, each made when it is asked for."""

    def __init__(
        self, site: Site, templates: Templates, outcomes: FormulaResults, cache: Cache | None = None
    ) -> None:
        """In the `cache`, `files` finds the Markdown of pages that are the same as in an earlier build."""
        self.site = site
        self._cache = cache or Cache.open(None)
        self._pages = {page.file: page for page in site.pages}
        self._twins = {twin: page for page in site.pages if (twin := page.markdown_path)}
        self._redirects = {_redirect_file(old): (old, new) for old, new in site.redirects.items()}
        copied = {f"assets/{name}": file for name, file in templates.theme.static_files().items()}
        self._renderer = PageRenderer(
            site, templates, outcomes, CUSTOM_STYLES if CUSTOM_STYLES in copied else ""
        )
        if outcomes.any_rendered:
            copied[f"{KATEX_FOLDER}katex.min.css"] = katex_assets() / "katex.min.css"
            for file in sorted((katex_assets() / "fonts").glob("*.woff2")):
                copied[f"{KATEX_FOLDER}fonts/{file.name}"] = file
        self._static = tuple(copied)
        self._copied = {**site.files, **copied}
        self._guides = guides(site)
        self._paths = frozenset(
            (
                *self._pages,
                *self._twins,
                *self._guides,
                *self._redirects,
                *site.data,
                *site.named,
                *self._copied,
                SERVICE_WORKER,
            )
        )

    def paths(self) -> Collection[str]:
        """The path of every file, relative to the folder."""
        return self._paths

    def explanations(self) -> tuple[Explanation, ...]:
        """What the reader made of the outlines, doubtful decisions first."""
        return explain_taxonomy(self.site.taxonomy)

    def content(self, path: str) -> bytes | Path:
        """The content of a file, or the file that holds it.  Raises KeyError where the site has none at the path."""
        for pages, form in ((self._pages, self._renderer.page), (self._twins, self._renderer.forms.page)):
            if page := pages.get(path):
                return form(page, page.content()).encode()
        if guide := self._guides.get(path):
            text = self._renderer.forms.whole_text if guide.is_full else self._renderer.forms.index
            return text(path, guide.lang).encode()
        if redirect := self._redirects.get(path):
            return self._renderer.redirect(*redirect).encode()
        if make := self.site.data.get(path) or self.site.named.get(path):
            return make()
        if path == SERVICE_WORKER:
            return self._service_worker("")
        return self._copied[path]

    def document(self, page: Page, content: PageContent, way: Callable[[str], str]) -> str:
        """The HTML of a page that is none of the site's, for a file from which `way` leads to any path of the site."""
        return self._renderer.page(page, content, way)

    def whole_text(self, lang: str) -> bytes:
        """The Markdown of all pages of the map in a language, for a file at the root of the site."""
        return self._renderer.forms.whole_text("", lang).encode()

    @property
    def templates(self) -> Templates:
        return self._renderer.templates

    def files(self, published: Mapping[str, str], *, jobs: int = 1) -> Iterator[OutputFile]:
        """Every file, without its content where the fingerprint that is `published` at its path is still right."""
        edition = blake2b(digest_size=8)
        for file in self._files(published, jobs):
            if self.site.head.offline:
                edition.update(file.path.encode() + b"\0" + self._told(file))
            yield file
        yield OutputFile(SERVICE_WORKER, self._service_worker(edition.hexdigest()))

    def _files(self, published: Mapping[str, str], jobs: int) -> Iterator[OutputFile]:
        def made(path: str) -> OutputFile:
            fingerprint = self._fingerprint(path)
            content = None if fingerprint and published.get(path) == fingerprint else self.content(path)
            if isinstance(content, bytes) and not fingerprint:
                fingerprint = blake2b(content, digest_size=16).hexdigest()
                content = None if published.get(path) == fingerprint else content
            return OutputFile(path, content, fingerprint)

        # Before the processes part: what is made here is there in each of them.
        yield from map(made, self.site.told)

        def made_page(page: Page) -> tuple[tuple[OutputFile, ...], str]:
            return self._page_files(page, published)

        prints: dict[str, str] = {}
        markdown: dict[str, str] = {}
        pages = apply_inherited(made_page, self.site.pages, jobs=jobs)
        for page, (files, draft) in zip(self.site.pages, pages, strict=True):
            prints[page.file] = files[0].fingerprint
            if draft:
                markdown[files[0].fingerprint] = draft
            yield from files
        self._cache.put(_MARKDOWN, markdown.items())
        for path, guide in self._guides.items():
            yield self._whole_text(path, guide.lang, prints, published) if guide.is_full else made(path)
        yield from apply_inherited(made, tuple(self.site.named), jobs=jobs)
        others = (path for path in self.site.data if path not in self.site.told)
        yield from map(made, (*self._redirects, *others, *self._copied))

    def _page_files(self, page: Page, published: Mapping[str, str]) -> tuple[tuple[OutputFile, ...], str]:
        """A page and its twin, which are made of the same; and the draft of its Markdown where others need it."""
        content = page.content()
        fingerprint = self._renderer.fingerprint(page, content)
        known = published.get(page.file) == fingerprint
        html = None if known else self._renderer.page(page, content).encode()
        files = (OutputFile(page.file, html, fingerprint),)
        if not page.markdown_path:
            return files, ""
        if published.get(page.markdown_path) == fingerprint:
            return (*files, OutputFile(page.markdown_path, None, fingerprint)), ""
        forms = self._renderer.forms
        draft = forms.draft(page, content)
        twin = forms.filled(draft, forms.relative_links(page.markdown_path)).encode()
        return (*files, OutputFile(page.markdown_path, twin, fingerprint)), draft if is_whole_text(
            page, page.lang
        ) else ""

    def _whole_text(
        self, path: str, lang: str, prints: Mapping[str, str], published: Mapping[str, str]
    ) -> OutputFile:
        """`llms-full.txt` at a path; `prints` are the fingerprints of all pages."""
        pages = [page for page in self.site.pages if is_whole_text(page, lang)]
        fingerprint = digest(tuple(prints[page.file] for page in pages)).hex()
        if published.get(path) == fingerprint:
            return OutputFile(path, None, fingerprint)
        forms = self._renderer.forms
        # No two pages share a fingerprint, for the path of a page is part of it.
        makers = {prints[page.file]: partial(_draft, forms, page) for page in pages}
        task = replace(_MARKDOWN, compute=lambda missing: (makers[each]() for each in missing))
        text = forms.joined(path, self._cache.map(task, tuple(makers)))
        return OutputFile(path, text.encode(), fingerprint)

    def _fingerprint(self, path: str) -> str:
        """What a file that is no page is made of, in short; empty where only its content tells."""
        if redirect := self._redirects.get(path):
            return self._renderer.redirect_fingerprint(*redirect)
        if path in self.site.named:
            return path
        return file_fingerprint(self._copied[path]) if path in self._copied else ""

    def _told(self, file: OutputFile) -> bytes:
        """What tells a file from another edition of it, the same on every machine."""
        if file.path in self._copied:
            # Pictures of articles may be large, and no browser is given them ahead.
            return self._copied[file.path].read_bytes() if file.path.startswith("assets/") else b""
        return file.fingerprint.encode()

    def _service_worker(self, edition: str) -> bytes:
        head = self.site.head
        # No page of the site: nothing leads to it.
        missing = Page(
            path="offline.html",
            type=OfflinePage,
            content=OfflinePage,
            lang=head.languages[0],
            listed=False,
        )
        page = self._renderer.page(missing, missing.content()) if head.offline else ""
        return service_worker(self._renderer.templates.environment, head, self._static, edition, page)


def _draft(forms: MarkdownSite, page: Page) -> str:
    return forms.draft(page, page.content())


def _redirect_file(old: str) -> str:
    return f"{old}index.html" if not old or old.endswith("/") else old
