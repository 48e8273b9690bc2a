"""Where the links and pictures of articles lead."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from dlmap.articles.anchors import same_anchor
from dlmap.articles.assets import Asset, AssetError, Assets
from dlmap.articles.cache import ArticleBodies
from dlmap.articles.model import ArticleText, LinkPlaceholder, PicturePlaceholder
from dlmap.articles.translations import Article
from dlmap.markdown.rules_core import link_problem

_DATED = re.compile(r"(?:^|/)(\d{4})/(\d{1,2})/(\d{1,2})/([^/]+?)(?:\.html?|/|/index\.html)?$")
_MARKDOWN = (".md", ".markdown")
# Articles name the same addresses again and again, and a preview resolves them all after every edit.
_REMEMBERED = 1 << 15


class LinkKind(Enum):
    """What an address leads to."""

    ARTICLE = "article"
    CONCEPT = "concept"
    HOME = "home"
    HERE = "here"
    FILE = "file"
    OUTSIDE = "outside"
    NOTHING = "nothing"


class LinkTarget(NamedTuple):
    """Where an address leads."""

    leads: LinkKind
    value: str = ""
    """The path of an `Article`, the id of a concept, a path or a whole address."""
    fragment: str = ""
    asset: Asset | None = None
    broken: str = ""
    """What is wrong with it, in words; a link may still lead somewhere else."""


class ImageSource(NamedTuple):
    """Where a picture comes from."""

    asset: Asset | None = None
    remote: str = ""
    lost: AssetError | None = None


NOTHING = LinkTarget(LinkKind.NOTHING)


@dataclass(frozen=True)
class ArticleIndex:
    """The articles, newest first, and everything that their addresses can mean."""

    entries: tuple[Article, ...]
    told_origin: str
    """The host on which the articles are public, where the site tells it."""
    assets: Assets | None
    concepts: Collection[str] = ()
    """The ids of all concepts."""
    outlines: tuple[str, ...] = ()
    """The public addresses of the outlines, which are the home page here."""
    hidden: Collection[str] = ()
    """The public addresses of drafts that are left out."""
    redirects: Mapping[str, str] = field(default_factory=dict)
    """The old addresses that lead to an article, as site paths, to its path; of an outline, to nothing."""
    bodies: ArticleBodies = field(default_factory=ArticleBodies)
    pages: tuple[Article, ...] = ()
    """The site's own pages, in the order of their names."""
    remote_pictures: bool = False
    """Whether pictures of other hosts are shown, not linked."""
    languages: tuple[str, ...] = ()
    """Those of the site, the first one first."""

    @cached_property
    def origin(self) -> str:
        """The host on which the articles are public: else that under which they link to one another; empty if unknown."""
        return self.told_origin or self._linked_origin()

    def _linked_origin(self) -> str:
        hosts: Counter[str] = Counter()
        for href, count in Counter(link.href for article in self.texts() for link in article.links).items():
            if (parts := _split(href)) and parts[0]:
                hosts[parts[0]] += count * (_key(parts[1]) in self.addresses)
        host, count = max(sorted(hosts.items()), key=lambda item: item[1], default=("", 0))
        return host if count else ""

    @cached_property
    def is_translated(self) -> bool:
        """Whether any article has a text in more than one language."""
        return any(len(entry.texts) > 1 for entry in (*self.pages, *self.entries))

    @cached_property
    def by_path(self) -> Mapping[str, Article]:
        return {entry.path: entry for entry in (*self.pages, *self.entries)}

    @cached_property
    def addresses(self) -> Mapping[str, str]:
        """Every spelling of an article's public address to its path; of the outline's, to nothing."""
        spellings: list[tuple[str, str, str]] = []
        for entry in (*self.pages, *reversed(self.entries)):  # as `old_addresses` does
            for text in entry.texts.values():
                spellings += ((address, _key(address), entry.path) for address in text.addresses)
                for name in (f"{posixpath.basename(text.key)}.md", posixpath.basename(text.path)):
                    spellings.append((name, name.casefold(), entry.path))
        made: dict[str, str] = {}
        # What is written alike comes before what differs in letter case or ending: `Note.md` beside `note.md`.
        for exact, _, path in spellings:
            made.setdefault(exact, path)
        for _, key, path in spellings:
            made.setdefault(key, path)
        for address in self.outlines:
            made.setdefault(_key(address), "")
        return made

    @cached_property
    def hidden_keys(self) -> Collection[str]:
        return frozenset(map(_key, self.hidden))

    def texts(self) -> Iterator[ArticleText]:
        """Every article and page in every language that it is written in."""
        for entry in (*self.pages, *self.entries):
            yield from entry.texts.values()

    def public(self, href: str) -> LinkTarget:
        """The article that a public address belongs to: absolute on the own host, or from its root."""
        parts = _split(href)
        if parts is None:
            return NOTHING
        host, path, fragment = parts
        if (host and host != self.origin) or not path.startswith("/"):
            return NOTHING
        return self._found(path, fragment)

    def problem(self, href: str) -> str:
        """What is wrong with an address outside the articles that is meant to lead to one; empty where nothing is."""
        target = self.public(href)
        if target is not NOTHING or not self.entries:
            return target.broken
        host, path, _ = _split(href) or ("", "", "")
        if (host != self.origin and (host or not path.startswith("/"))) or not _DATED.search(path):
            return ""
        return self._no_article(href, path)

    def _no_article(self, href: str, path: str) -> str:
        is_draft = _key(path) in self.hidden_keys
        return f"`{unquote(href)[:80]}` leads to {'a draft' if is_draft else 'no article of this site'}"

    def _found(self, path: str, fragment: str) -> LinkTarget:
        found = self.addresses.get(posixpath.basename(path) if path.endswith(_MARKDOWN) else path)
        if found is None:
            found = self.addresses.get(_key(path))
        if found is None and (match := _DATED.search(path)):
            # A blog may stand below a folder of its host, and Jekyll puts categories before the day.
            found = self.addresses.get(_key("/" + "/".join(match.groups())))
        if found is None:
            return NOTHING
        if not found:
            return LinkTarget(LinkKind.HOME)
        known = not fragment or anchor_in(self.by_path[found].texts.values(), fragment)
        broken = "" if known else f"`{path[:60]}` has no heading `#{fragment[:40]}`"
        return LinkTarget(LinkKind.ARTICLE, found, fragment, broken=broken)

    def page_languages(self, article: Article) -> tuple[str, ...]:
        """The languages in which an article has a page: those of its texts.  A page of the site's own has all."""
        if article.first.nav:
            return self.languages
        return tuple(lang for lang in self.languages if lang in article.texts) or self.languages[:1]

    def path(self, path: str, lang: str, fragment: str = "") -> str:
        """The site path of an article in a language, else in the first that it has a page in.

        With the heading if its text there has that one.
        """
        article = self.by_path[path]
        languages = self.page_languages(article)
        shown = lang if lang in languages or not languages else languages[0]
        anchor = anchor_in((article.text(shown),), fragment) if fragment else ""
        return f"{shown}/{path}{'#' if anchor else ''}{anchor}"

    def published(self) -> Iterator[Asset]:
        """The files that articles show or link to."""
        for article in self.texts():
            for picture in article.pictures:
                if asset := self.picture(picture, article).asset:
                    yield asset
            for medium in article.media:
                sources = [self.medium(src, article) for src, _ in medium.sources]
                for source in (*sources, *([self.poster(medium.poster, article)] if medium.poster else [])):
                    if source.asset:
                        yield source.asset
            for link in article.links:
                if asset := self.link(link, article).asset:
                    yield asset

    def link(self, link: LinkPlaceholder, article: ArticleText) -> LinkTarget:
        """Where a link of an article leads."""
        # An address from a root leads to the same place from everywhere.
        key = link.href, "" if link.href.startswith(("/", "http://", "https://")) else article.path
        if (target := self._targets.get(key)) is None:
            target = self._targets[key] = self._target(link.href, article)
        return target

    @cached_property
    def _targets(self) -> dict[tuple[str, str], LinkTarget]:
        """Where links lead, which is asked for their checks, their files and their pages."""
        return {}

    def _target(self, href: str, article: ArticleText) -> LinkTarget:
        if not href:
            return NOTHING._replace(broken="a link without a target")
        if href.startswith("#"):
            return self._inside(href[1:], article)
        if (problem := link_problem(href, may_climb=True)) or href.lower().startswith("mailto:"):
            # What is forbidden has been reported when it was parsed.
            return NOTHING if problem else LinkTarget(LinkKind.OUTSIDE, href)
        parts = _split(href)
        if parts is None:
            return NOTHING._replace(broken=f"`{href[:60]}` is not an address")
        host, path, fragment = parts
        if host and host != self.origin:
            return LinkTarget(LinkKind.OUTSIDE, href)
        return self._own(href, path, fragment, article)

    def _inside(self, fragment: str, article: ArticleText) -> LinkTarget:
        if anchor := anchor_in((article,), fragment):
            return LinkTarget(LinkKind.HERE, fragment=anchor)
        if fragment in self.concepts:
            return LinkTarget(LinkKind.CONCEPT, fragment)
        if fragment in ("", "top"):
            return LinkTarget(LinkKind.HERE, fragment="main")
        return NOTHING._replace(broken=f"there is no heading or concept `#{unquote(fragment)[:60]}`")

    def _own(self, href: str, path: str, fragment: str, article: ArticleText) -> LinkTarget:
        """An address of the blog itself: a post, a file, or another page of it."""
        whole = path if path.startswith("/") else _joined(path, article)
        target = self._found(whole, fragment)
        if target is NOTHING and path.lower().endswith(_MARKDOWN):
            target = self._found(f"{posixpath.splitext(posixpath.basename(unquote(path)))[0]}.md", fragment)
        if target is not NOTHING:
            return target
        if self.assets and isinstance(asset := self.assets.download(path, _folder(article)), Asset):
            return LinkTarget(LinkKind.FILE, asset.path, asset=asset)
        if path.strip("/") in ("", "index.html"):
            return LinkTarget(LinkKind.HOME)
        outside = f"https://{self.origin}{whole}" if self.origin else ""
        if not path.startswith("/") or _DATED.search(path) or path.lower().endswith(_MARKDOWN) or not outside:
            broken = self._no_article(href, whole)
            return (
                LinkTarget(LinkKind.OUTSIDE, outside, broken=broken)
                if outside
                else NOTHING._replace(broken=broken)
            )
        return LinkTarget(LinkKind.OUTSIDE, outside)

    def picture(self, picture: PicturePlaceholder, article: ArticleText) -> ImageSource:
        """Where a picture of an article comes from."""
        return self._image_source(picture.src, article, self.assets.picture if self.assets else None)

    def medium(self, src: str, article: ArticleText) -> ImageSource:
        """Where a film or a sound of an article comes from."""
        return self._image_source(src, article, self.assets.medium if self.assets else None)

    def poster(self, src: str, article: ArticleText) -> ImageSource:
        """Where the picture that stands for a film comes from."""
        return self._image_source(src, article, self.assets.picture if self.assets else None)

    def _image_source(
        self, src: str, article: ArticleText, find: Callable[[str, str], Asset | AssetError] | None
    ) -> ImageSource:
        src = f"https:{src}" if src.startswith("//") else src
        parts = _split(src)
        if link_problem(src, may_climb=True) or parts is None or not src:
            return ImageSource(lost=AssetError.MISSING)
        host, path, _ = parts
        found = find(path, _folder(article)) if find else AssetError.MISSING
        if isinstance(found, Asset) and (not host or host == self.origin):
            return ImageSource(found)
        if host:
            return ImageSource(remote=src)
        return ImageSource(lost=found if isinstance(found, AssetError) else AssetError.MISSING)


def anchor_in(articles: Iterable[ArticleText], fragment: str) -> str:
    """The anchor that a fragment means, as it is written in the page; empty where there is none."""
    wanted = same_anchor(fragment)
    for article in articles:
        for heading in article.headings:
            if heading.anchor == fragment or same_anchor(heading.anchor) == wanted:
                return heading.anchor
    return ""


@lru_cache(_REMEMBERED)
def _split(href: str) -> tuple[str, str, str] | None:
    """Host, path and fragment; None for what is no address."""
    try:
        parts = urlsplit(href)
        host = parts.netloc.lower()
    except ValueError:  # brackets around something else than an IPv6 address
        return None
    return host, parts.path or ("/" if host else ""), unquote(parts.fragment)


@lru_cache(_REMEMBERED)
def _key(address: str) -> str:
    """What all spellings of one public address share."""
    path = unquote(address).casefold().removesuffix("index.html").rstrip("/")
    path = path.removesuffix(".html").removesuffix(".htm")
    if match := _DATED.search(path):
        year, month, day, words = match.groups()
        path = f"{path[: match.start()]}/{year}/{month:0>2}/{day:0>2}/{words}"
    return path or "/"


def _joined(path: str, article: ArticleText) -> str:
    """A relative address as a browser reads it in the public page of an article."""
    start = posixpath.dirname(article.addresses[0]) if article.addresses else "/"
    return posixpath.normpath(posixpath.join("/", start, path))


def _folder(article: ArticleText) -> str:
    return posixpath.dirname(article.path)
