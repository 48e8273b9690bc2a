"""The site's own pages: which texts make one, and that each has an address to itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dlmap.articles.model import ArticleText, bare_source
from dlmap.articles.translations import Article
from dlmap.text import Diagnostic, Span


def collect_pages(
    pages: Iterable[ArticleText], languages: Sequence[str], taken: Mapping[str, str]
) -> tuple[tuple[Article, ...], tuple[Diagnostic, ...]]:
    """Put the languages of each page together, in the order of their names.

    `taken` are the names that other pages have, each with what has it, in words.  A page that wants one of them, or the
    one of an earlier page in the same language, is left out and reported.
    """
    order = {lang: index for index, lang in enumerate(languages)}
    found: dict[str, dict[str, ArticleText]] = {}
    diagnostics: list[Diagnostic] = []
    for page in sorted(pages, key=lambda page: (page.slug, order.get(page.lang, len(order)), page.path)):
        texts = found.setdefault(page.slug, {})
        holder = taken.get(page.slug) or (texts[page.lang].path if page.lang in texts else "")
        if holder:
            diagnostics.append(_refused(page, holder))
        else:
            texts[page.lang] = page
    return tuple(Article(slug, texts) for slug, texts in found.items() if texts), tuple(diagnostics)


def _refused(page: ArticleText, holder: str) -> Diagnostic:
    return Diagnostic(
        "DL326",
        f"the address `/{page.lang}/{page.slug}/` is taken by {holder}",
        "give the file another name, or write another `slug` in its front matter",
        bare_source(page),
        Span(0, 0),
    )
