"""The pages of articles: each article, all by year, all by tag; and what home and concepts show of them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from dlmap.articles import Article, ArticleIndex, ArticleText, Heading, LinkKind
from dlmap.config import Config
from dlmap.site.changes import ChangeHistory
from dlmap.site.media_policy import media_policy
from dlmap.site.model import ConceptLink, Page, SocialImage, SourcePlace, TocEntry, alternates
from dlmap.site.page_types import ArticlePage, ArticlesPage, ArticleTagsPage, PageContent
from dlmap.site.seo.schema_org import SchemaOrg
from dlmap.site.urls import ConceptLinks, written_in
from dlmap.taxonomy import Concept, Link, Taxonomy
from dlmap.taxonomy.names import slug

FEED = "articles/atom.xml"
_ON_HOME = 10
_SHARED_FROM = 200
"""Pixels: smaller pictures are no use where a link is shared."""


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """An article as it is linked from a page, in the page's language where it has a text in that."""

    path: str
    title: str
    lang: str
    """The language `title` is in."""
    page_lang: str
    """The language of its page."""
    date: str
    """ISO 8601; empty where it is not known."""
    summary: str


@dataclass(frozen=True, slots=True)
class TagRef:
    """A tag as it is linked: a section of the page of all tags."""

    name: str
    lang: str
    anchor: str
    path: str


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article with everything its page shows."""

    article: ArticleText
    ref: ArticleRef
    is_translated: bool
    """False when the page shows another language's text."""
    tags: tuple[TagRef, ...]
    concepts: tuple[ConceptLink, ...]
    """The concepts whose full text it is."""
    newer: ArticleRef | None
    older: ArticleRef | None
    source: SourcePlace


class ArticlePages:
    """Plans everything that shows articles."""

    def __init__(
        self,
        library: ArticleIndex,
        taxonomy: Taxonomy,
        refs: ConceptLinks,
        config: Config,
        structured: SchemaOrg,
        past: ChangeHistory,
    ) -> None:
        self.library = library
        self.languages = taxonomy.languages
        self.refs = refs
        self.config = config
        self.structured = structured
        self.past = past
        self.anchors = _tag_anchors(library)
        self.concepts = _concepts_by_article(library, taxonomy)

    def pages(self) -> Iterator[Page]:
        """Every page; the languages of one article stand together, so that its text is put together once."""
        entries = self.library.entries
        if not entries:
            return
        for lang in self.languages:
            yield self.by_year(lang)
            if self.anchors:
                yield self.by_tag(lang)
        for index, entry in enumerate(entries):
            newer = entries[index - 1] if index else None
            older = entries[index + 1] if index + 1 < len(entries) else None
            for lang in self.library.page_languages(entry):
                yield self.article(entry, newer, older, lang)

    def ref(self, entry: Article, lang: str) -> ArticleRef:
        text = entry.text(lang)
        date = entry.date.isoformat() if entry.date else ""
        path = self.library.path(entry.path, lang)
        title_lang = written_in(text.title, text.lang)
        return ArticleRef(path, text.title, title_lang, path.partition("/")[0], date, text.summary)

    def newest(self, lang: str) -> tuple[ArticleRef, ...]:
        """What the home page lists."""
        return tuple(self.ref(entry, lang) for entry in self.library.entries[:_ON_HOME])

    def full_text(self, concept: Concept, lang: str) -> tuple[tuple[ArticleRef, ...], tuple[Link, ...]]:
        """The articles of a concept, and the links of it that lead to none."""
        articles: dict[str, ArticleRef] = {}
        links: list[Link] = []
        for link in concept.links:
            target = self.library.public(link.href)
            if target.leads is LinkKind.ARTICLE:
                articles[target.value] = self.ref(self.library.by_path[target.value], lang)
            else:
                links.append(link)
        return tuple(articles.values()), tuple(links)

    def article(self, entry: Article, newer: Article | None, older: Article | None, lang: str) -> Page:
        text = entry.text(lang)

        def content() -> ArticlePage:
            view = ArticleView(
                text,
                self.ref(entry, lang),
                text.lang == lang,
                tuple(self.tag(tag, lang) for tag in text.tags),
                self.refs.all(self.concepts[entry.path], lang) if entry.path in self.concepts else (),
                self.ref(newer, lang) if newer else None,
                self.ref(older, lang) if older else None,
                self.source(text),
            )
            return ArticlePage(
                article=view,
                toc=toc_of(text.headings, text.lang),
                structured=self.structured.article(view, text.summary, lang),
            )

        return Page(
            path=f"{lang}/{entry.path}",
            type=ArticlePage,
            content=content,
            lang=lang,
            title=text.title,
            description=text.summary,
            alternates=alternates(entry.path, self.library.page_languages(entry)),
            remote_pictures=self.shows_remote(text),
            media_policy=media_policy(text, self.library),
            history=self.past.of_article(text),
            picture=self.shared_picture(text),
        )

    def shared_picture(self, text: ArticleText) -> SocialImage | None:
        """The first picture of the article that can stand for it where it is shared; None: the site's."""
        if not self.config.base_url:
            return None
        for picture in text.pictures:
            asset = self.library.picture(picture, text).asset
            if (
                asset
                and not asset.path.lower().endswith(".svg")
                and min(asset.width, asset.height) >= _SHARED_FROM
            ):
                return SocialImage(f"files/{asset.path}", asset.width, asset.height)
        return None

    def shows_remote(self, text: ArticleText) -> bool:
        found = [self.library.picture(picture, text) for picture in text.pictures]
        found += [self.library.poster(medium.poster, text) for medium in text.media if medium.poster]
        return self.library.remote_pictures and any(source.remote for source in found)

    def source(self, text: ArticleText) -> SourcePlace:
        repository, branch = self.config.repository, self.config.branch
        edit = f"{repository}/edit/{branch}/{text.path}" if repository else ""
        return SourcePlace(text.path, edit)

    def tag(self, tag: str, lang: str) -> TagRef:
        anchor = self.anchors[tag]
        return TagRef(tag, written_in(tag, lang), anchor, f"{lang}/articles/tags/#{anchor}")

    def by_year(self, lang: str) -> Page:
        def content() -> ArticlesPage:
            years = tuple(
                (year, tuple(self.ref(entry, lang) for entry in entries))
                for year, entries in groupby(self.library.entries, key=_year)
            )
            return ArticlesPage(years, bool(self.anchors), len(self.library.entries))

        return self.index("articles/", ArticlesPage, lang, content)

    def by_tag(self, lang: str) -> Page:
        def content() -> ArticleTagsPage:
            found: dict[str, list[ArticleRef]] = defaultdict(list)
            for entry in self.library.entries:
                ref = self.ref(entry, lang)
                for tag in dict.fromkeys(tag for text in entry.texts.values() for tag in text.tags):
                    found[tag].append(ref)
            tags = tuple((self.tag(tag, lang), tuple(found[tag])) for tag in self.anchors)
            return ArticleTagsPage(tags, len(self.library.entries))

        return self.index("articles/tags/", ArticleTagsPage, lang, content)

    def index(
        self, path: str, content: type[PageContent], lang: str, make: Callable[[], PageContent]
    ) -> Page:
        return Page(
            path=f"{lang}/{path}",
            type=content,
            content=make,
            lang=lang,
            alternates=alternates(path, self.languages),
        )

    def redirects(self) -> Mapping[str, str]:
        """Each old address to the page in the language of the article there."""
        lang = self.languages[0]
        return {
            old: f"/{self.library.path(article, lang) if article else f'{lang}/'}"
            for old, article in self.library.redirects.items()
        }


def toc_of(headings: tuple[Heading, ...], lang: str) -> tuple[TocEntry, ...]:
    """The two highest levels of headings."""
    made: list[TocEntry] = []
    for heading in headings:
        entry = TocEntry(heading.anchor, heading.label, written_in(heading.label, lang))
        if heading.level == 2 or not made:
            made.append(entry)
        elif heading.level == 3:
            last = made[-1]
            made[-1] = TocEntry(last.anchor, last.label, last.lang, (*last.children, entry))
    return tuple(made)


def _year(entry: Article) -> str:
    return f"{entry.date.year:04}" if entry.date else ""


def _tag_anchors(library: ArticleIndex) -> Mapping[str, str]:
    """An anchor for each tag, in the order of the tags' page: by the letters that anchors are made of."""
    tags = {tag for text in library.texts() for tag in text.tags}
    made: dict[str, str] = {}
    used: set[str] = set()
    for tag in sorted(tags, key=lambda tag: (slug(tag) or "~", tag)):
        anchor = (
            f"tag-{slug(tag) or hashlib.blake2b(tag.encode('utf-8', 'replace'), digest_size=4).hexdigest()}"
        )
        number, wanted = 1, anchor
        while anchor in used:
            number += 1
            anchor = f"{wanted}-{number}"
        used.add(anchor)
        made[tag] = anchor
    return made


def _concepts_by_article(library: ArticleIndex, taxonomy: Taxonomy) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    if library.entries:
        for concept in taxonomy.concepts.values():
            for link in concept.links:
                target = library.public(link.href)
                if target.leads is LinkKind.ARTICLE:
                    found[target.value][concept.id] = None
    return {slug: tuple(ids) for slug, ids in found.items()}
