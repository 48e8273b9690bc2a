"""The Markdown form of a page: what it says, for programs that read rather than show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markdown_it.token import Token

from dlmap.articles import ArticleText
from dlmap.markdown.commonmark import Targets, Writer, around_link, link
from dlmap.markdown.dialect import parser
from dlmap.markdown.escapes import escaped
from dlmap.render.html import Linker
from dlmap.site import ConceptLink, ConceptView, MemberRow, Page, Prose, Sentence, TocSection, TreeItem
from dlmap.site.alphabet import by_letter
from dlmap.site.articles import ArticleRef, ArticleView
from dlmap.site.model import SiteInfo

_WITH_MARKUP = frozenset("$`*_\\[<&~")


@dataclass(frozen=True, slots=True)
class MarkdownPage:
    """Writes the Markdown of one page."""

    page: Page
    head: SiteInfo
    t: Callable[..., str]
    """The words of the interface in the page's language."""
    words: Callable[..., str]
    """Those of any language."""
    url: Callable[[str], str]
    """The address of a site path: of the Markdown where there is one."""
    linker: Linker
    article_text: Callable[[ArticleText], str]

    def write(self, content: Mapping[str, Any]) -> str:
        """The whole file; `content` is that of the page."""
        match self.page.template:
            case "home.html":
                blocks = self.home(content)
            case "methods.html":
                blocks = self.methods(content["refs"])
            case "articles.html":
                blocks = self.articles(content["years"])
            case "article.html":
                blocks = self.article(content["article"])
            case _:
                blocks = self.concept(content)
        return "\n\n".join(filter(None, blocks)) + "\n"

    # Pages

    def home(self, content: Mapping[str, Any]) -> Iterator[str]:
        yield f"# {escaped(self.page.title)}"
        yield self.facts([], [])
        if self.page.description:
            yield escaped(self.page.description)
        if content["preface"]:
            yield self.prose(content["preface"])
        for part in content["tree"]:
            yield f"## {self.link(part.ref)}{self.other(part.ref)}"
            yield self.branches(part.children)
        if newest := content["newest"]:
            yield f"## {self.t('newest_articles')}"
            yield _list(map(self.article_link, newest))
            yield link(self.t("all_articles"), self.url(f"{self.page.lang}/articles/"))

    def branches(self, items: Iterable[TreeItem], indent: str = "") -> str:
        lines = []
        for item in items:
            lines.append(f"{indent}- {self.link(item.ref)}{self.other(item.ref)}{self.count(item.ref)}")
            if item.children:
                lines.append(self.branches(item.children, f"{indent}  "))
        return "\n".join(lines)

    def methods(self, refs: Sequence[ConceptLink]) -> Iterator[str]:
        yield f"# {self.t('all_methods')}"
        yield self.facts([], [])
        for letter, found in by_letter(refs, "label"):
            yield f"## {letter if letter != '#' else escaped('#')}"
            yield _list(f"{self.link(ref)}{_year(ref)}" for ref in found)

    def articles(self, years: Iterable[tuple[str, Sequence[ArticleRef]]]) -> Iterator[str]:
        yield f"# {self.t('articles')}"
        yield self.facts([], [])
        for year, refs in years:
            yield f"## {year or self.t('undated')}"
            yield _list(map(self.article_link, refs))

    def article(self, view: ArticleView) -> Iterator[str]:
        yield f"# {escaped(view.ref.title)}"
        about = [view.ref.date, escaped(view.article.author), *(escaped(tag.name) for tag in view.tags)]
        facts = [f"{self.t('full_text_of')} {self.links(view.concepts)}"] if view.concepts else []
        yield self.facts([" · ".join(filter(None, about))], facts)
        if not view.is_translated:
            yield self.t("not_translated")
        yield self.article_text(view.article)
        around = [
            f"{self.t(word)}: {self.article_link(ref)}"
            for word, ref in (("older", view.older), ("newer", view.newer))
            if ref
        ]
        yield _list(around)

    def concept(self, content: Mapping[str, Any]) -> Iterator[str]:
        view: ConceptView = content["view"]
        symbols = "".join(f" {self.sentence(symbol)}" for symbol in view.symbols)
        yield f"# {escaped(view.labels[0][1])}{symbols}"
        yield escaped(" / ".join(label for _, label in view.labels[1:]))
        yield self.concept_facts(view)
        if not view.is_translated:
            yield self.t("not_translated")
        if view.lead:
            yield self.sentence(view.lead)
        yield from self.body(view.body, view.members)
        if view.note:
            yield self.prose(view.note)
        yield _list(self.group(ref, inner) for ref, inner in view.groups)
        if view.quotations:
            yield f"## {self.t('in_the_outline')}"
            yield _list(f"{self.link(ref)}: {self.sentence(said)}" for ref, said in view.quotations)
        yield from self.relatives(view)
        links = [*map(self.article_link, content["articles"])]
        links += [link(escaped(item.label, in_link=True), item.href) for item in content["links"]]
        if links:
            yield f"## {self.t('full_text')}"
            yield _list(links)

    def concept_facts(self, view: ConceptView) -> str:
        ref = view.ref
        about = [self.t(f"kind_{ref.kind}"), str(ref.year or ""), self.count(ref).strip(" ()")]
        facts = [
            f"{self.t('place_in_map')}: {' › '.join([self.home_link(), *map(self.link, path)])}"
            for path in view.breadcrumbs
        ]
        if view.expansion:
            facts.append(escaped(view.expansion))
        if others := [escaped(name) for name in view.alt if name != view.expansion]:
            facts.append(f"{self.t('also_called')}: {self.t('list_separator').join(others)}")
        if view.paper:
            title = escaped(view.paper.title, in_link=True)
            facts.append(f"{self.t('paper')}: {link(title, view.paper.url) if view.paper.url else title}")
        return self.facts([" · ".join(filter(None, about))], facts)

    def relatives(self, view: ConceptView) -> Iterator[str]:
        named = ("based_on", "led_to", "series", "mentioned_by", "previous", "next")
        kin = {
            "based_on": view.based_on,
            "led_to": view.led_to,
            "series": view.series,
            "mentioned_by": view.mentioned_by,
            "previous": (view.previous,) if view.previous else (),
            "next": (view.next,) if view.next else (),
        }
        lines = [f"{self.t(name)}: {self.links(kin[name])}" for name in named if kin[name]]
        if lines:
            yield f"## {self.t('neighbourhood')}"
            yield _list(lines)

    # Pieces

    def facts(self, before: Sequence[str], after: Sequence[str]) -> str:
        """What stands under every title: what this is, and where it is to be seen."""
        languages = [
            link(self.words(other.lang, "language_name"), self.url(other.path))
            for other in self.page.alternates
            if other.lang != self.page.lang
        ]
        page = link("HTML", self.page_address())
        return _list([*before, *after, self.t("list_separator").join([page, *languages])])

    def page_address(self) -> str:
        """The page itself, whatever the file is that this stands in."""
        if self.head.base_url:
            return f"{self.head.base_url}{self.page.path}"
        return self.url(self.page.file)

    def home_link(self) -> str:
        return link(self.t("map"), self.url(f"{self.page.lang}/"))

    def body(self, pieces: Sequence[Prose | TocSection], members: Sequence[MemberRow]) -> Iterator[str]:
        """The text with its approaches; the methods of a text stand behind it and before the first approach."""
        is_shown = False
        for piece in pieces:
            if isinstance(piece, Prose):
                yield self.prose(piece)
                continue
            if not is_shown:
                yield _list(map(self.member, members))
                is_shown = True
            yield from self.section(piece)
        if not is_shown:
            yield _list(map(self.member, members))

    def section(self, section: TocSection) -> Iterator[str]:
        symbols = "".join(f" {self.sentence(symbol)}" for symbol in section.symbols)
        other = f" ({escaped(section.ref.other)})" if section.ref.other else ""
        yield f"{'#' * section.level} {escaped(section.ref.label)}{symbols}{other}"
        yield from self.body(section.body, section.members)
        if section.links:
            links = (link(escaped(item.label, in_link=True), item.href) for item in section.links)
            yield f"{self.t('full_text')}: {self.t('list_separator').join(links)}"

    def member(self, row: MemberRow) -> str:
        idea = f": {self.sentence(row.idea)}" if row.idea else ""
        return f"{self.link(row.ref, bold=True)}{_year(row.ref)}{idea}"

    def group(self, ref: ConceptLink, inner: Sequence[MemberRow]) -> str:
        below = f": {self.links([row.ref for row in inner])}" if inner else ""
        return f"{self.link(ref, bold=True)}{self.other(ref)}{self.count(ref)}{below}"

    def link(self, ref: ConceptLink, *, bold: bool = False) -> str:
        label = escaped(ref.label, in_link=True)
        return link(f"**{label}**" if bold else label, self.url(ref.path))

    def links(self, refs: Iterable[ConceptLink]) -> str:
        return self.t("list_separator").join(f"{self.link(ref)}{_year(ref)}" for ref in refs)

    def other(self, ref: ConceptLink) -> str:
        return f" {escaped(ref.other)}" if ref.other else ""

    def count(self, ref: ConceptLink) -> str:
        if not ref.count:
            return ""
        return f" ({self.t('one_method') if ref.count == 1 else self.t('n_methods', n=ref.count)})"

    def article_link(self, ref: ArticleRef) -> str:
        day = f" ({ref.date})" if ref.date else ""
        return f"{link(escaped(ref.title, in_link=True), self.url(ref.path))}{day}"

    def sentence(self, sentence: Sentence) -> str:
        return line_of_markdown(sentence.text) if sentence.is_markdown else escaped(sentence.text)

    def prose(self, prose: Prose) -> str:
        """Blocks of Markdown, linked as in the page."""

        def bold(token: Token) -> tuple[str, ...]:
            span = token.meta.get("span")
            named = self.linker.named(prose.path, span) if span else ()
            return tuple(filter(None, map(self.linker.concept, named)))

        targets = Targets(self.around, self.image, bold)
        return Writer(targets).write([token for block in prose.blocks for token in block.tokens])

    def around(self, token: Token) -> tuple[str, str]:
        address, _ = self.linker.address(str(token.attrs.get("href", "")))
        return around_link(address, str(token.attrs.get("title", ""))) if address else ("", "")

    def image(self, token: Token) -> str:
        """As in the page, a picture of an outline is a link."""
        address, _ = self.linker.address(str(token.attrs.get("src", "")))
        words = escaped(token.content or "image", in_link=True)
        return link(words, address) if address else words


@lru_cache(1 << 12)
def line_of_markdown(text: str) -> str:
    """One line of the dialect as CommonMark: ideas stand on several pages, in each of which they are the same."""
    if _WITH_MARKUP.isdisjoint(text):
        return text
    targets = Targets(lambda _: ("", ""), lambda token: escaped(token.content))
    tokens = parser(kramdown=False).parseInline(text)[0].children or []
    return Writer(targets).inline(tokens).replace("\n", " ")


def _year(ref: ConceptLink) -> str:
    return f" ({ref.year})" if ref.year else ""


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items if item)
