"""Markdown pages as another parser reads them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from dlmap.cache import Cache
from dlmap.load.discover import discover
from dlmap.load.site import Loader
from dlmap.render import RenderedSite, Templates
from dlmap.site import plan_site
from dlmap.site.page_types import reserved_ids
from dlmap.theme import Theme
from support.checkout import ROOT


@pytest.fixture(scope="module")
def rendered() -> Iterator[RenderedSite]:
    sources = discover(ROOT)
    with Cache.open(None) as cache, Loader(cache, reserved_ids=reserved_ids()) as loader:
        made = loader.load(sources)
        planned = plan_site(made.taxonomy, made.config, made.articles, cache)
        yield RenderedSite(planned, Templates(Theme.for_site(sources.folder)), made.formulas.results)


OTHER = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, double_inline=True)
"""What other programs are like: no rule of the dialect, formulas between dollar signs."""


def flat(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        if token.type != "image":
            yield from flat(token.children or ())


def formulas(tokens: Iterable[Token]) -> list[str]:
    return [
        "".join(token.content.split()).removesuffix("{}")
        for token in flat(tokens)
        if token.type.startswith("math")
    ]


def words(tokens: Iterable[Token]) -> str:
    """All that is shown as text, without white space: that of HTML too, save its tags."""
    shown = []
    for token in flat(tokens):
        if token.type in ("text", "code_inline", "fence", "code_block"):
            shown.append(token.content)
        elif token.type == "image":
            shown.append(re.sub(r"\W", "", token.content))  # written as it is in the source, marks and all
        elif token.type in ("html_inline", "html_block"):
            shown.append(html.unescape(re.sub(r"<[^>]*>|<!--.*?-->", "", token.content, flags=re.DOTALL)))
    return "".join("".join(shown).split())
