"""Render a site: every page through its template, and the files that all pages share."""

from __future__ import annotations

import html
import posixpath
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields
from functools import cache, lru_cache, partial
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path
from urllib.parse import quote

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    select_autoescape,
)
from jinja2.meta import find_referenced_templates
from markupsafe import Markup

import dlmap
from dlmap.articles import ArticleText, LinkKind
from dlmap.cache import Store, program
from dlmap.markdown.language_spans import tag_runs
from dlmap.math import FormulaResults, katex_assets
from dlmap.parallel import apply_in_forks
from dlmap.publish.file import OutputFile
from dlmap.render.articles import ArticlePage
from dlmap.render.fingerprint import Fingerprints, Specials, digest, file_fingerprint
from dlmap.render.html import Linker, Rendered, prose_inputs, render_prose, render_sentence
from dlmap.render.markdown.drafts import Drafts
from dlmap.render.markdown.llms import guides, is_whole_text
from dlmap.render.markdown.site import MarkdownSite
from dlmap.render.service_worker import FILE as SERVICE_WORKER
from dlmap.render.service_worker import service_worker
from dlmap.render.templates import CompiledTemplates
from dlmap.render.translations import Translations
from dlmap.site import ConceptLink, Page, Prose, Sentence, Site, TocSection, TreeItem
from dlmap.site.alphabet import by_letter
from dlmap.site.concept_data import SHARDS
from dlmap.site.page_types import OfflinePage, PageContent
from dlmap.theme import Theme, ThemeError

KATEX_FOLDER = "assets/katex/"
CUSTOM_STYLES = "assets/custom.css"
"""The style sheet of the site's own, after all others."""
_PAGES_AT_ONCE = 32
"""By each of the processes that share the work."""


class Templates:
    """The templates and words of a theme; those that were used once stay compiled until they change."""

    def __init__(self, theme: Theme, compiled: CompiledTemplates | None = None) -> None:
        self.theme = theme
        # So that a site's `base.html` can extend the one it takes the place of, and not itself.
        default = PrefixLoader({"default": FileSystemLoader(theme.default_templates)})
        self.environment = Environment(
            loader=ChoiceLoader([default, *map(FileSystemLoader, theme.template_folders)]),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=compiled,
        )
        self.environment.globals.update(version=dlmap.__version__, fact_shards=SHARDS)
        self.environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
        self.environment.tests["section"] = lambda piece: isinstance(piece, TocSection)
        self.environment.filters["by_letter"] = by_letter
        self._read = cache(self._read_anew)
        self.strings = cache(partial(Translations, theme))
        """The words of some languages."""

    def source(self, name: str) -> str:
        """The text of a template."""
        return self._source(name)[0]

    def _source(self, name: str) -> tuple[str, str | None]:
        loader = self.environment.loader
        assert loader is not None
        text, file, _ = loader.get_source(self.environment, name)
        return text, file

    def all_in(self, name: str) -> Iterator[tuple[str, str]]:
        """A template and all that it takes in, each with its text, in the order of their names.

        Raises `ThemeError` where one of them is not there, and jinja2's own errors for one that cannot be parsed.
        """
        texts: dict[str, str] = {}
        todo = {name}
        while todo:
            inner = todo.pop()
            try:
                texts[inner], used = self._read(inner)
            except TemplateNotFound:
                raise ThemeError(f"there is no template `{inner}`, which `{name}` takes in") from None
            todo |= used - texts.keys()
        return ((inner, texts[inner]) for inner in sorted(texts))

    def _read_anew(self, name: str) -> tuple[str, frozenset[str]]:
        """The text of a template, and the names of those that it takes in."""
        text, file = self._source(name)
        used = set(find_referenced_templates(self.environment.parse(text, name, file)))
        # A name that is only known when the page is rendered may be that of any template.
        return text, frozenset(self.environment.list_templates() if None in used else filter(None, used))


class RenderedSite:
    """Every file of the published folder, each made when it is asked for."""

    def __init__(
        self, site: Site, templates: Templates, outcomes: FormulaResults, store: Store | None = None
    ) -> None:
        """In the `store`, `files` finds again what the last build has made of pages that are still the same."""
        self.site = site
        self._drafts = Drafts(store)
        self._pages = {page.file: page for page in site.pages}
        self._twins = {twin: page for page in site.pages if (twin := page.markdown_path)}
        self._redirects = {_redirect_file(old): (old, new) for old, new in site.redirects.items()}
        copied = {f"assets/{name}": file for name, file in templates.theme.static_files().items()}
        self._renderer = _Renderer(
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

    def content(self, path: str) -> bytes | Path:
        """The content of a file, or the file that holds it.  Raises KeyError where the site has none at the path."""
        for pages, form in ((self._pages, self._renderer.page), (self._twins, self._renderer.forms.twin)):
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
        pages = apply_in_forks(made_page, self.site.pages, jobs=jobs, chunk=_PAGES_AT_ONCE)
        for page, (files, draft) in zip(self.site.pages, pages, strict=True):
            prints[page.file] = files[0].fingerprint
            if draft:
                self._drafts.add(files[0].fingerprint, draft)
            yield from files
        for path, guide in self._guides.items():
            yield self._whole_text(path, guide.lang, prints, published) if guide.is_full else made(path)
        self._drafts.keep()
        yield from apply_in_forks(made, tuple(self.site.named), jobs=jobs, chunk=_PAGES_AT_ONCE)
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
        text = forms.joined(path, self._drafts.of(makers))
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


_PAGE_FIELDS: Callable[[Page], tuple[object, ...]] = attrgetter(
    *(field.name for field in fields(Page) if field.name not in ("type", "content"))
)
"""What a page shows that is no content of its type."""


class _Renderer:
    def __init__(
        self, site: Site, templates: Templates, outcomes: FormulaResults, custom_styles: str
    ) -> None:
        self.site = site
        self.templates = templates
        self.outcomes = outcomes
        self.custom_styles = custom_styles
        """The site path of the site's own style sheet; empty where it has none."""
        self.strings = templates.strings(site.head.languages)
        self.last_article: tuple[ArticleText | None, Rendered] = (None, Rendered(Markup(), has_math=False))
        """The text of an article is the same in its pages of all languages, which stand equally deep: only where an
        article has several texts may a heading be found in one alone."""
        self.fingerprints = Fingerprints(shared=(ConceptLink, TreeItem))
        self.broken = {formula: failure.message for formula, failure in outcomes.failures.items()}
        self.forms = MarkdownSite(
            site, self.strings, templates.environment, _relative, partial(_PageState, self)
        )
        self.template_fingerprint = cache(self._template_fingerprint)

    def fingerprint(self, page: Page, content: PageContent) -> str:
        """The digest of everything that `page` and its twin would be made of."""
        state = _PageState(self, page)
        shown = _PAGE_FIELDS(page)
        special: Specials = {
            Prose: state.prose_inputs,
            Sentence: state.sentence_inputs,
            ArticleText: state.article_inputs,
        }
        template = self.template_fingerprint(page.template)
        return self.fingerprints.of((template, *shown, content), special).hex()

    def _template_fingerprint(self, name: str) -> bytes:
        """Of a template, the words of the interface, what all pages show of the site, and the programs at work."""
        theme = tuple(self.templates.all_in(name)), self.strings.tables, self.custom_styles
        return self.fingerprints.of((program(), *theme, self.site.head), {})

    def page(self, page: Page, content: PageContent, way: Callable[[str], str] | None = None) -> str:
        """The HTML of one page that shows `content`; `way` leads to any path of the site, else links are relative."""
        state = _PageState(self, page, way)
        context = {
            **{field.name: getattr(content, field.name) for field in fields(content)},
            "site": self.site.head,
            "custom_styles": self.custom_styles,
            "page": page,
            "lang": page.lang,
            "t": partial(self.strings.get, page.lang),
            "words": self.strings.get,
            "url": state.url,
            "absolute": self.absolute,
            "prose": state.prose,
            "article_text": state.article,
            "sentence": state.sentence,
            "tag": lambda text, lang=page.lang: Markup(tag_runs(text, lang)),
        }
        # The head comes before the text, but only the text tells whether the page needs KaTeX's style sheet.
        main = self.templates.environment.get_template(page.template).render(context)
        return main.replace(_MATH_MARK, state.head_links(), 1)

    def redirect_fingerprint(self, old: str, new: str) -> str:
        """The digest of everything that the page at an old address would be made of."""
        return self.fingerprints.of((self.template_fingerprint("redirect.html"), old, new), {}).hex()

    def redirect(self, old: str, new: str) -> str:
        """The page at an old address."""
        target = new if "://" in new else _relative(posixpath.dirname(old), new.lstrip("/"))
        lang = self.site.head.languages[0]
        template = self.templates.environment.get_template("redirect.html")
        return template.render(
            site=self.site.head, target=target, lang=lang, t=partial(self.strings.get, lang)
        )

    def absolute(self, path: str) -> str:
        """A site path as an address that also other sites can use, where the site knows where it stands."""
        return f"{self.site.head.base_url or self.site.head.base_path}{quote(path, safe='/#')}"


_MATH_MARK = "<!--math-->"


# A page asks for the same few again and again; what all pages of a large site ask for would fill the memory.
@lru_cache(4096)
def _relative(folder: str, target: str) -> str:
    """The way from a folder of the site to a path of it."""
    steps = folder.split("/") if folder else []
    words = target.split("/")
    common = 0
    while common < min(len(steps), len(words) - 1) and steps[common] == words[common]:
        common += 1
    return "../" * (len(steps) - common) + "/".join(words[common:]) or "./"


class _PageState:
    """What a template can ask for while one page is rendered."""

    def __init__(self, renderer: _Renderer, page: Page, way: Callable[[str], str] | None = None) -> None:
        self.renderer = renderer
        self.way = way
        self.site = renderer.site
        self.page = page
        self.folder = posixpath.dirname(page.file)
        self.has_math = self.has_article = self.has_code = False
        self.linker = Linker(
            self.concept_url,
            lambda path, span: self.site.taxonomy.spans.get((path, span), ()),
            self.site.head.origin,
            self.article_url,
        )

    def url(self, path: str) -> str:
        """The address of a site path, relative to this page: it works under any prefix, and offline."""
        if self.way:
            return self.way(path)
        if not self.page.listed:
            # A page for any missing address cannot know how deep it is shown.
            return f"{self.site.head.base_path}{quote(path, safe='/#')}"
        target, hash_mark, fragment = path.partition("#")
        here = "" if hash_mark else "./"
        relative = here if target == self.page.path else _relative(self.folder, target)
        return quote(relative, safe="/.") + hash_mark + quote(fragment)

    def concept_url(self, concept_id: str) -> str | None:
        """The address of a concept, None on its own page and for unknown ones."""
        page = self.site_path(concept_id)
        return self.url(page) if page and page != self.page.path else None

    def site_path(self, concept_id: str) -> str | None:
        site = self.renderer.site
        return site.path(concept_id, self.page.lang) if concept_id in site.taxonomy.concepts else None

    def prose(self, prose: Prose) -> Markup:
        """The HTML of blocks of Markdown."""
        rendered = render_prose(prose, self.linker, self.renderer.outcomes)
        self.has_math |= rendered.has_math
        return rendered.html

    def prose_inputs(self, prose: Prose) -> object:
        """What `prose` makes its HTML of."""
        return prose_inputs(prose, self.linker, self.renderer.broken)

    def sentence(self, sentence: Sentence) -> Markup:
        """The HTML of one sentence."""
        if not sentence.is_markdown:
            return Markup(tag_runs(sentence.text, sentence.lang))
        rendered = render_sentence(sentence.text, sentence.lang, self.renderer.outcomes)
        self.has_math |= rendered.has_math
        return rendered.html

    def sentence_inputs(self, sentence: Sentence) -> object:
        """What `sentence` makes its HTML of."""
        broken = [(f.tex, why) for f, why in self.renderer.broken.items() if f.tex in sentence.text]
        return sentence.text, sentence.lang, sentence.is_markdown, broken

    def article(self, article: ArticleText) -> Markup:
        """The HTML of an article's text."""
        self.has_article, self.has_code = True, article.has_code
        last, made = self.renderer.last_article
        if last is not article or self.site.library.is_translated:
            made = self.article_page(article).render(self.renderer.outcomes)
            self.renderer.last_article = article, made
        self.has_math |= made.has_math
        return made.html

    def article_inputs(self, article: ArticleText) -> object:
        """What `article` makes its HTML of."""
        return self.article_page(article).inputs(self.renderer.broken)

    def article_page(self, article: ArticleText) -> ArticlePage:
        return ArticlePage(article, self.site.library, self.url, self.concept_url, self.page.lang)

    def article_url(self, href: str) -> str | None:
        """The address of the article that is public at `href`, None where there is none."""
        target = self.site.library.public(href)
        if target.leads is LinkKind.HOME:
            return self.url(f"{self.page.lang}/")
        if target.leads is not LinkKind.ARTICLE:
            return None
        return self.url(self.site.library.path(target.value, self.page.lang, target.fragment))

    def head_links(self) -> str:
        """What the head links beside the style sheet of all pages."""
        sheets = [
            name
            for name, wanted in (
                (f"{KATEX_FOLDER}katex.min.css", self.has_math),
                ("assets/formulas.css", self.has_math),
                ("assets/article.css", self.has_article),
                ("assets/code.css", self.has_code),
            )
            if wanted
        ]
        links = [f'<link rel="stylesheet" href="{self.url(name)}">' for name in sheets]
        head, lang = self.site.head, self.page.lang
        title = html.escape(head.title[lang])
        links += (
            f'<link rel="alternate" type="application/atom+xml" title="{title}" href="{self.url(feeds[lang])}">'
            for feeds in (head.feeds, head.changes)
            if lang in feeds
        )
        return "\n".join(links)
