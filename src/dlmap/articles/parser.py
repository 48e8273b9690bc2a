"""The dialect's parser for articles: blocks of raw HTML keep their pictures and relative links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin

from dlmap.articles.abbreviations import abbreviation_block, abbreviations
from dlmap.articles.bare_addresses import bare_addresses
from dlmap.articles.boxes import alerts, task_boxes
from dlmap.articles.footnotes import article_footnotes
from dlmap.articles.raw_syntax import raw_syntax
from dlmap.markdown.dialect import RULES, Rule, make_parser
from dlmap.markdown.htmlrules import (
    addresses_in,
    note_left_out,
    note_shown_as_text,
    sanitised_block,
    shown_as_text,
)

_DETAILS = re.compile(r"<(/?)details\b[^<>]*>", re.IGNORECASE)


@lru_cache(maxsize=2)
def article_parser(*, kramdown: bool) -> MarkdownIt:
    """The parser of one flavour."""
    return make_parser(tuple(_article_rules()), kramdown=kramdown).use(deflist_plugin)


def _article_rules() -> Iterator[Rule]:
    """The rules of the dialect, with what an article has in place of what outlines do."""
    yield Rule("abbreviation", "block", abbreviation_block, before="list")
    for rule in RULES:
        yield from _INSTEAD.get(rule.name, (rule,))


def _keep_blocks(state: StateCore) -> None:
    """Settle blocks of HTML before the dialect does, for it would turn their pictures into links."""
    blocks = {
        index: sanitised_block(token.content)
        for index, token in enumerate(state.tokens)
        if token.type == "html_block"
    }
    folded = dict(_folded(state.tokens, blocks)) if blocks else {}
    for index, safe in blocks.items():
        token = state.tokens[index]
        token.type = "raw_html"
        token.meta["addresses"] = () if safe is None else _addresses(token.content)
        note_left_out(token)
        if safe is None:
            note_shown_as_text(token)
        shown = safe
        if safe is not None and index in folded:
            shown = _half_of_details(token.content, safe, is_end=folded[index])
        token.content = shown_as_text(token.content) if shown is None else shown


def _addresses(fragment: str) -> tuple[str, ...]:
    """The addresses of a block; what it loads may leave `https:` to the page."""
    loaded = (address for address in addresses_in(fragment, "src") if not address.startswith("//"))
    return (*addresses_in(fragment, "href"), *loaded)


def _folded(tokens: Sequence[Token], blocks: Mapping[int, str | None]) -> Iterator[tuple[int, bool]]:
    """The blocks that open a `<details>` of which Markdown is the text, and (True) those that close it.

    `blocks` are those of HTML, each sanitised.
    """
    waiting: list[int] = []
    for index, token in enumerate(tokens):
        while waiting and token.level < tokens[waiting[-1]].level:
            waiting.pop()  # it stood in a list item or a quote that ends here
        if blocks.get(index) is None:
            continue
        tags = [match.group(1) for match in _DETAILS.finditer(token.content)]
        if tags == [""]:
            waiting.append(index)
        elif tags == ["/"] and waiting and tokens[waiting[-1]].level == token.level:
            yield waiting.pop(), False
            yield index, True


def _half_of_details(content: str, safe: str, *, is_end: bool) -> str | None:
    """A block with one end of a `<details>`: the sanitiser, which sees one block at a time, would close it at once."""
    if not is_end:
        return safe.rstrip().removesuffix("</details>")
    before, behind = (sanitised_block(part) for part in _DETAILS.split(content)[::2])
    return None if before is None or behind is None else f"{before}</details>{behind}"


_INSTEAD = {
    "html": (Rule("article_html", "core", _keep_blocks), next(rule for rule in RULES if rule.name == "html")),
    "footnotes": (Rule("footnotes", "core", article_footnotes),),
    "note_marks": (
        Rule("task_boxes", "core", task_boxes),
        Rule("alerts", "core", alerts),
        Rule("raw_syntax", "core", raw_syntax),
        Rule("bare_addresses", "core", bare_addresses, by_flavor=True),
        Rule("abbreviations", "core", abbreviations),
    ),
}
