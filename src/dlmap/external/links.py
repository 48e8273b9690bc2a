"""The links of a site that lead to other hosts, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urldefrag

from dlmap.articles import ArticleIndex, ArticleText, LinkKind
from dlmap.articles.model import bare_source
from dlmap.markdown import Block, Document, MarkKind
from dlmap.taxonomy import Registry
from dlmap.text import SourceFile, Span

_WEB = ("http://", "https://")


class ExternalLink(NamedTuple):
    """An address where it stands."""

    address: str
    """Whole, with its fragment."""
    source: SourceFile
    span: Span

    @property
    def page(self) -> str:
        """What a host is asked for: the address without its fragment."""
        return urldefrag(self.address).url


def external_links(
    documents: Iterable[Document], registry: Registry, library: ArticleIndex
) -> Iterator[ExternalLink]:
    """Every link of outlines and notes, of the registry and of the articles that leads to another host.

    The sources of articles stand for their texts; see `dlmap.articles.placed`.
    """
    for document in documents:
        for block in document.walk():
            for href, span in _in_block(block, document.source):
                if address := _outside(href, library):
                    yield ExternalLink(address, document.source, span)
    for entry in registry.entries.values():
        if registry.source and entry.paper and entry.paper.url:
            span = _behind(entry.span, entry.paper.url, registry.source)
            yield ExternalLink(entry.paper.url, registry.source, span)
    for article in library.texts():
        for address, span in _in_article(article, library):
            yield ExternalLink(address, bare_source(article), span)


def _in_block(block: Block, source: SourceFile) -> Iterator[tuple[str, Span]]:
    for mark in block.inline.marks:
        if mark.kind in (MarkKind.LINK, MarkKind.IMAGE):
            yield mark.href, mark.span
    for token in () if block.children else block.tokens:
        for href in token.meta.get("hrefs", ()):
            yield href, _behind(block.span, href, source)


def _outside(href: str, library: ArticleIndex) -> str:
    """The whole address of a link that does not stay on the site; else nothing."""
    if library.public(href).leads in (LinkKind.ARTICLE, LinkKind.HOME):
        return ""
    if href.lower().startswith(_WEB):
        return href
    return f"https://{library.origin}{href}" if href.startswith("/") and library.origin else ""


def _in_article(article: ArticleText, library: ArticleIndex) -> Iterator[tuple[str, Span]]:
    for link in article.links:
        target = library.link(link, article)
        # What is broken has been told already.
        if target.leads is LinkKind.OUTSIDE and not target.broken and target.value.lower().startswith(_WEB):
            yield target.value, link.span
    for picture in article.pictures:
        if (remote := library.picture(picture, article).remote).lower().startswith(_WEB):
            yield remote, picture.span


def _behind(span: Span, words: str, source: SourceFile) -> Span:
    """Where the words stand behind the beginning of a span; the span itself where they are written otherwise."""
    text = (span.passage or source).text
    found = text.find(words, span.start)
    return span if found < 0 else Span(found, found + len(words), span.passage)
