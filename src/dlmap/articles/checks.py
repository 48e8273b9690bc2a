"""What is wrong with articles: links and pictures that lead nowhere, each with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import unquote

from dlmap.articles.assets import AssetError
from dlmap.articles.links import ArticleIndex
from dlmap.articles.model import (
    ArticleText,
    LinkPlaceholder,
    MediaPlaceholder,
    PicturePlaceholder,
    bare_source,
)
from dlmap.articles.players import player
from dlmap.markdown import Document, FormulaUse, MarkKind
from dlmap.text import Diagnostic, SourceFile, read_source

_CORRECT = "correct the address, or remove the link"


def check_library(library: ArticleIndex) -> Iterator[Diagnostic]:
    """Report the links and pictures of all articles that lead nowhere."""
    for article in library.texts():
        for link in article.links:
            yield from _check_link(link, article, library)
        for picture in article.pictures:
            yield from _check_picture(picture, article, library)
        for medium in article.media:
            yield from _check_medium(medium, article, library)
        for frame in article.frames:
            if player(frame.src) is None:
                yield Diagnostic(
                    "DL315",
                    f"the frame of `{unquote(frame.src)[:80]}` is shown as a link: dlmap does not know this player",
                    "use the embedding address of Bilibili or YouTube, or write a link",
                    bare_source(article),
                    frame.span,
                )


def check_documents(documents: Iterable[Document], library: ArticleIndex) -> Iterator[Diagnostic]:
    """Report the links of outlines and notes that are meant to lead to an article, and do not."""
    for document in documents if library.entries else ():
        for block in document.walk():
            for mark in block.inline.of(MarkKind.LINK):
                if problem := library.problem(mark.href):
                    yield Diagnostic("DL311", problem, _CORRECT, document.source, mark.span)


def _check_link(slot: LinkPlaceholder, article: ArticleText, library: ArticleIndex) -> Iterator[Diagnostic]:
    target = library.link(slot, article)
    if not target.broken:
        return
    code, help = ("DL311", _CORRECT) if slot.href else ("DL301", "add an address")
    yield Diagnostic(code, target.broken, help, bare_source(article), slot.span)


def _check_picture(
    slot: PicturePlaceholder, article: ArticleText, library: ArticleIndex
) -> Iterator[Diagnostic]:
    lost = library.picture(slot, article).lost
    if lost is AssetError.OUTSIDE:
        yield Diagnostic(
            "DL313",
            f"the picture `{unquote(slot.src)[:80]}` is not part of the site",
            "put a copy of it into the site folder",
            bare_source(article),
            slot.span,
        )
    elif lost:
        yield Diagnostic(
            "DL312",
            f"the picture `{unquote(slot.src)[:80]}` is not there",
            "put it there, or correct the address: from the root of the site, or relative to this file",
            bare_source(article),
            slot.span,
        )


def _check_medium(
    slot: MediaPlaceholder, article: ArticleText, library: ArticleIndex
) -> Iterator[Diagnostic]:
    for src, _ in slot.sources:
        if library.medium(src, article).lost:
            yield Diagnostic(
                "DL314",
                f"the {slot.kind} `{unquote(src)[:80]}` is not there",
                "put it there, or correct the address: from the root of the site, or relative to this file",
                bare_source(article),
                slot.span,
            )


def formulas_in(library: ArticleIndex, articles: Iterable[ArticleText]) -> Iterator[FormulaUse]:
    """Every formula of some articles with its place."""
    for article, body in library.bodies.of_all(articles):
        source = bare_source(article)
        for formula in body.formulas:
            yield FormulaUse(formula.tex, formula.display, source, formula.span)


def folded(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Report a key of the front matter that nobody reads once, not once in each of a thousand posts."""
    kept = list(diagnostics)
    counts = Counter(diagnostic.message for diagnostic in kept if diagnostic.code == "DL109")
    told: set[str] = set()
    for diagnostic in kept:
        if diagnostic.code != "DL109":
            yield diagnostic
        elif diagnostic.message not in told:
            told.add(diagnostic.message)
            more = counts[diagnostic.message] - 1
            others = f", here and in {more} more article{'s' if more > 1 else ''}" if more else ""
            yield replace(diagnostic, message=f"{diagnostic.message}{others}")


def placed(diagnostics: Iterable[Diagnostic], library: ArticleIndex) -> Iterator[Diagnostic]:
    """Give diagnostics of articles the texts they point into: read again, for articles do not keep theirs."""
    by_path = {article.path: article for article in library.texts()}
    texts: dict[str, SourceFile | None] = {}
    for diagnostic in diagnostics:
        article = by_path.get(diagnostic.file)
        if article is None or diagnostic.source is None or diagnostic.source.text:
            yield diagnostic
            continue
        if article.path not in texts:
            text, _ = read_source(library.bodies.files[article.path].file, article.path)
            # A file that has changed or gone since would have the caret point at something else.
            texts[article.path] = text if text and text.digest == article.digest else None
        text = texts[article.path]
        if text is None:
            yield replace(diagnostic, source=None, span=None, path=article.path)
        else:
            yield replace(diagnostic, source=text)
