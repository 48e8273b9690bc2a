"""The dialect's parser for articles: blocks of raw HTML keep their pictures and relative links."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from dlmap.markdown.dialect import parser
from dlmap.markdown.htmlrules import addresses_in, sanitised_block, shown_as_text


@lru_cache(maxsize=2)
def article_parser(*, kramdown: bool) -> MarkdownIt:
    """The parser of one flavour."""
    md = parser.__wrapped__(kramdown=kramdown)  # the cached one belongs to outlines and notes
    md.core.ruler.before("html", "article_html", _keep_blocks)
    return md


def _keep_blocks(state: StateCore) -> None:
    """Settle blocks of HTML before the dialect does, for it would turn their pictures into links."""
    for token in state.tokens:
        if token.type == "html_block":
            safe = sanitised_block(token.content)
            token.type = "raw_html"
            token.meta["addresses"] = () if safe is None else addresses_in(token.content, "href", "src")
            token.content = shown_as_text(token.content) if safe is None else safe
