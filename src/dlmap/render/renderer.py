"""Render a site: every page through its template, and the files that all pages share."""

from __future__ import annotations

import html
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from hashlib import blake2b
from pathlib import Path
from urllib.parse import quote

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

import dlmap
from dlmap.articles import Article, Leads
from dlmap.markdown.runs import tag_runs
from dlmap.math import katex_assets
from dlmap.render.articles import render_article
from dlmap.render.markup import Linker, Outcomes, Rendered, render_prose, render_sentence
from dlmap.render.offline import FILE as SERVICE_WORKER
from dlmap.render.offline import service_worker
from dlmap.render.strings import Strings
from dlmap.render.theme import Theme
from dlmap.site import Page, Prose, Section, Sentence, Site

KATEX_FOLDER = "assets/katex/"


@dataclass(frozen=True, slots=True)
class OutputFile:
    """One file of the published folder: its bytes, or the file that holds them."""

    path: str
    content: bytes | Path


def render_site(site: Site, theme: Theme, outcomes: Outcomes) -> Iterator[OutputFile]:
    """Every file of the published folder."""
    renderer = _Renderer(site, theme, outcomes)
    seen = blake2b(digest_size=8)
    for file in _files(site, theme, renderer):
        seen.update(file.path.encode())
        if isinstance(file.content, bytes):
            seen.update(file.content)
        elif file.path.startswith(
            "assets/"
        ):  # pictures of articles may be large, and no browser is given them ahead
            seen.update(file.content.read_bytes())
        yield file
    # No page of the site: nothing leads to it.
    missing = renderer.page(Page("offline.html", "offline.html", site.head.languages[0], "", listed=False))
    worker = service_worker(renderer.environment, site.head, theme.static_files(), seen.hexdigest(), missing)
    yield OutputFile(SERVICE_WORKER, worker)


def _files(site: Site, theme: Theme, renderer: _Renderer) -> Iterator[OutputFile]:
    for page in site.pages:
        yield OutputFile(page.file, renderer.page(page).encode())
    for old, new in site.redirects.items():
        yield OutputFile(_redirect_file(old), renderer.redirect(old, new).encode())
    for path, make in site.data.items():
        yield OutputFile(path, make())
    for path, copied in site.files.items():
        yield OutputFile(path, copied)
    for name, file in theme.static_files().items():
        yield OutputFile(f"assets/{name}", file)
    if renderer.math_pages:
        for file in sorted((katex_assets() / "fonts").glob("*.woff2")):
            yield OutputFile(f"{KATEX_FOLDER}fonts/{file.name}", file)
        yield OutputFile(f"{KATEX_FOLDER}katex.min.css", katex_assets() / "katex.min.css")


def _redirect_file(old: str) -> str:
    return f"{old}index.html" if not old or old.endswith("/") else old


class _Renderer:
    def __init__(self, site: Site, theme: Theme, outcomes: Outcomes) -> None:
        self.site = site
        self.outcomes = outcomes
        self.strings = Strings(theme, site.head.languages)
        self.math_pages = 0
        self.last_article: tuple[Article | None, Rendered] = (None, Rendered(Markup(), has_math=False))
        """The text of an article is the same in its pages of all languages, which stand equally deep: only where an
        article has several texts may a heading be found in one alone."""
        self.environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in theme.template_folders]),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals.update(site=site.head, version=dlmap.__version__)
        self.environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
        self.environment.tests["section"] = lambda piece: isinstance(piece, Section)

    def page(self, page: Page) -> str:
        """The HTML of one page."""
        state = _PageState(self, page)
        context = {
            **page.content(),
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
        main = self.environment.get_template(page.template).render(context)
        if state.has_math:
            self.math_pages += 1
        return main.replace(_MATH_MARK, state.head_links(), 1)

    def redirect(self, old: str, new: str) -> str:
        """The page at an old address."""
        target = new if "://" in new else _relative(posixpath.dirname(old), new.lstrip("/"))
        lang = self.site.head.languages[0]
        template = self.environment.get_template("redirect.html")
        return template.render(target=target, lang=lang, t=partial(self.strings.get, lang))

    def absolute(self, path: str) -> str:
        """A site path as an address that also other sites can use, where the site knows where it stands."""
        return f"{self.site.head.base_url or self.site.head.base_path}{quote(path, safe='/#')}"


_MATH_MARK = "<!--math-->"


@cache
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

    def __init__(self, renderer: _Renderer, page: Page) -> None:
        self.renderer = renderer
        self.site = renderer.site
        self.page = page
        self.folder = posixpath.dirname(page.file)
        self.has_math = self.has_article = self.has_code = False

    def url(self, path: str) -> str:
        """The address of a site path, relative to this page: it works under any prefix, and offline."""
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
        return self.renderer.site.paths.get((concept_id, self.page.lang))

    def prose(self, prose: Prose) -> Markup:
        """The HTML of blocks of Markdown."""
        linker = Linker(
            self.concept_url,
            lambda path, offset: self.site.taxonomy.spans.get((path, offset), ()),
            self.site.head.origin,
            self.article_url,
        )
        rendered = render_prose(prose, linker, self.renderer.outcomes)
        self.has_math |= rendered.has_math
        return rendered.html

    def sentence(self, sentence: Sentence) -> Markup:
        """The HTML of one sentence."""
        if not sentence.is_markdown:
            return Markup(tag_runs(sentence.text, sentence.lang))
        rendered = render_sentence(sentence.text, sentence.lang, self.renderer.outcomes)
        self.has_math |= rendered.has_math
        return rendered.html

    def article(self, article: Article) -> Markup:
        """The HTML of an article's text."""
        self.has_article, self.has_code = True, article.has_code
        last, made = self.renderer.last_article
        if last is not article or self.site.library.is_translated:
            made = render_article(
                article,
                self.site.library,
                self.renderer.outcomes,
                self.url,
                self.concept_url,
                self.page.lang,
            )
            self.renderer.last_article = article, made
        self.has_math |= made.has_math
        return made.html

    def article_url(self, href: str) -> str | None:
        """The address of the article that is public at `href`, None where there is none."""
        target = self.site.library.public(href)
        if target.leads is Leads.HOME:
            return self.url(f"{self.page.lang}/")
        if target.leads is not Leads.ARTICLE:
            return None
        return self.url(self.site.library.path(target.value, self.page.lang, target.fragment))

    def head_links(self) -> str:
        """What the head links beside the style sheet of all pages."""
        sheets = [
            name
            for name, wanted in (
                (f"{KATEX_FOLDER}katex.min.css", self.has_math),
                ("assets/article.css", self.has_article),
                ("assets/code.css", self.has_code),
            )
            if wanted
        ]
        links = [f'<link rel="stylesheet" href="{self.url(name)}">' for name in sheets]
        if feed := self.site.head.feeds.get(self.page.lang):
            title = html.escape(self.site.head.title[self.page.lang])
            links.append(
                f'<link rel="alternate" type="application/atom+xml" title="{title}" href="{self.url(feed)}">'
            )
        return "\n".join(links)
