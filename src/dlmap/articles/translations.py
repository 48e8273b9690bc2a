"""Articles in all their languages: which texts are translations of each other, and the slug of each article."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dlmap.articles.model import ArticleText, bare_source
from dlmap.text import Diagnostic, Span

_RESERVED = frozenset({"tags"})


@dataclass(frozen=True, slots=True)
class Article:
    """An article in all its languages."""

    slug: str
    texts: Mapping[str, ArticleText]

    # Kept, as they are asked for again and again.
    first: ArticleText = field(init=False, repr=False, compare=False)
    """The text in the first of the site's languages that has one."""
    path: str = field(init=False, repr=False, compare=False)
    """Its site path without the language: those of the site's own pages stand beside those of concepts."""
    date: datetime.date | None = field(init=False, repr=False, compare=False)
    """The day it was first published."""

    def __post_init__(self) -> None:
        first = next(iter(self.texts.values()))
        object.__setattr__(self, "first", first)
        object.__setattr__(self, "path", f"{self.slug}/" if first.nav else f"articles/{self.slug}/")
        object.__setattr__(self, "date", _day(self.texts))

    def text(self, lang: str) -> ArticleText:
        """The text in a language, else in the first that has one."""
        return self.texts.get(lang) or self.first


def collect(
    articles: Iterable[ArticleText], languages: Sequence[str]
) -> tuple[tuple[Article, ...], tuple[Diagnostic, ...]]:
    """Put translations together, give each article an address of its own, and order by day, newest first."""
    order = {lang: index for index, lang in enumerate(languages)}
    groups: list[dict[str, ArticleText]] = []
    by_key: dict[str, dict[str, ArticleText]] = {}
    for article in sorted(articles, key=lambda article: (order.get(article.lang, len(order)), article.path)):
        texts = by_key.setdefault(article.key, {})
        if article.lang in texts:
            groups.append({article.lang: article})  # not a translation, then: an article of its own
        else:
            texts[article.lang] = article
    groups += by_key.values()
    entries: dict[str, Article] = {}
    diagnostics: list[Diagnostic] = []
    for texts in sorted(groups, key=_age):
        first = next(iter(texts.values()))
        slug = first.slug
        if slug in entries or slug in _RESERVED:
            slug = _other_slug(first, entries)
            diagnostics.append(_clash(first, slug, entries.get(first.slug)))
        entries[slug] = Article(slug, texts)
    newest_first = sorted(entries.values(), key=lambda entry: _age(entry.texts), reverse=True)
    dated = [entry for entry in newest_first if entry.date]
    return (*dated, *(entry for entry in newest_first if not entry.date)), tuple(diagnostics)


def _age(texts: Mapping[str, ArticleText]) -> tuple[datetime.date, str, str]:
    first = next(iter(texts.values()))
    return _day(texts) or datetime.date.max, first.time, first.path


def _day(texts: Mapping[str, ArticleText]) -> datetime.date | None:
    """The day on which the first of them was published."""
    return min((text.date for text in texts.values() if text.date), default=None)


def _other_slug(article: ArticleText, taken: Collection[str]) -> str:
    base = f"{article.slug}-{article.date.isoformat()}" if article.date else article.slug
    number, slug = 1, base
    while slug in taken or slug in _RESERVED:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _clash(article: ArticleText, slug: str, other: Article | None) -> Diagnostic:
    reason = f"{other.first.path} has it" if other else "the site needs it for a page of its own"
    return Diagnostic(
        "DL321",
        f"the address `{article.slug}` is taken: {reason}; this article is at `{slug}`",
        "write another `slug` in its front matter",
        bare_source(article),
        Span(0, 0),
    )
