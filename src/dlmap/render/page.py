"""Render one page: its content through its template, with what the template can ask for."""

from __future__ import annotations

import html
import posixpath
from collections.abc import Callable
from dataclasses import fields
from functools import cache, lru_cache, partial
from operator import attrgetter
from urllib.parse import quote

from markupsafe import Markup

from dlmap.articles import ArticleText, LinkKind
from dlmap.cache import program_version
from dlmap.markdown.language_spans import tag_runs
from dlmap.math import FormulaResults
from dlmap.render.articles import ArticlePage
from dlmap.render.fingerprint import Fingerprints, Specials
from dlmap.render.html import Linker, Rendered, prose_inputs, render_prose, render_sentence
from dlmap.render.markdown.site import MarkdownSite
from dlmap.render.templates import Templates
from dlmap.site import ConceptLink, Page, Prose, Sentence, Site, TreeItem
from dlmap.site.page_types import PageContent

KATEX_FOLDER = "assets/katex/"
_PAGE_FIELDS: Callable[[Page], tuple[object, ...]] = attrgetter(
    *(field.name for field in fields(Page) if field.name not in ("type", "content"))
)
"""What a page shows that is no content of its type."""


class PageRenderer:
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
            site, self.strings, templates.environment, relative_path, partial(_PageContext, self)
        )
        self.template_fingerprint = cache(self._template_fingerprint)

    def fingerprint(self, page: Page, content: PageContent) -> str:
        """The digest of everything that `page` and its twin would be made of."""
        state = _PageContext(self, page)
        shown = _PAGE_FIELDS(page)
        special: Specials = {
            Prose: state.prose_inputs,
            Sentence: state.sentence_inputs,
            ArticleText: state.article_inputs,
        }
        templates = [
            self.template_fingerprint(name) for name in (page.type.template, page.type.markdown) if name
        ]
        return self.fingerprints.of((*templates, *shown, content), special).hex()

    def _template_fingerprint(self, name: str) -> bytes:
        """Of a template, the words of the interface, what all pages show of the site, and the programs at work."""
        theme = tuple(self.templates.all_in(name)), self.strings.tables, self.custom_styles
        return self.fingerprints.of((program_version(), *theme, self.site.head), {})

    def page(self, page: Page, content: PageContent, way: Callable[[str], str] | None = None) -> str:
        """The HTML of one page that shows `content`; `way` leads to any path of the site, else links are relative."""
        state = _PageContext(self, page, way)
        context = {
            **content.variables(),
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
        folder = posixpath.dirname(old)
        target = new if "://" in new else relative_path(folder, new.lstrip("/"))
        lang = self.site.head.languages[0]
        template = self.templates.environment.get_template("redirect.html")
        return template.render(
            site=self.site.head,
            target=target,
            script=relative_path(folder, "assets/redirect.js"),
            lang=lang,
            t=partial(self.strings.get, lang),
        )

    def absolute(self, path: str) -> str:
        """A site path as an address that also other sites can use, where the site knows where it stands."""
        return f"{self.site.head.base_url or self.site.head.base_path}{quote(path, safe='/#')}"


_MATH_MARK = "<!--math-->"


# A page asks for the same few again and again; what all pages of a large site ask for would fill the memory.
@lru_cache(4096)
def relative_path(folder: str, target: str) -> str:
    """The way from a folder of the site to a path of it."""
    steps = folder.split("/") if folder else []
    words = target.split("/")
    common = 0
    while common < min(len(steps), len(words) - 1) and steps[common] == words[common]:
        common += 1
    return "../" * (len(steps) - common) + "/".join(words[common:]) or "./"


class _PageContext:
    """What a template can ask for while one page is rendered."""

    def __init__(self, renderer: PageRenderer, page: Page, way: Callable[[str], str] | None = None) -> None:
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
        relative = here if target == self.page.path else relative_path(self.folder, target)
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
