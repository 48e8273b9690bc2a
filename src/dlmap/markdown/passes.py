"""Token passes that run after parsing: attributes, line breaks between Chinese, link schemes."""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from dlmap.markdown.cjk import is_cjk

ATTRIBUTES = re.compile(r"\{:?\s*((?:[#.][\w-]+\s*)+)\}")
_ONLY_ATTRIBUTES = re.compile(r"\s*\{:[^{}]*\}\s*")
ALLOWED_SCHEMES = frozenset({"http", "https", "mailto"})
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")


def span_attributes(state: StateCore) -> None:
    """`**SAN**{#san-sr}` and `**x**{.method}`: move the braces into the attributes of the bold span."""
    for block in state.tokens:
        children = block.children or []
        for index, token in enumerate(children):
            if token.type != "text" or index == 0 or children[index - 1].type != "strong_close":
                continue
            match = ATTRIBUTES.match(token.content)
            if match is None:
                continue
            opener = _opener(children, index - 1)
            apply_attributes(opener, match.group(1))
            token.content = token.content[match.end() :]
            start, end = token.meta["at"]
            token.meta["at"] = (start + match.end(), end)
        if block.children:
            block.children = [t for t in block.children if t.type != "text" or t.content]


def apply_attributes(token: Token, written: str) -> None:
    """Note the id and the classes of `#id .class` in a token's meta."""
    for word in written.split():
        if word.startswith("#"):
            token.meta["id"] = word[1:]
        else:
            token.meta["classes"] = (*token.meta.get("classes", ()), word[1:])


def _opener(children: list[Token], close: int) -> Token:
    depth = 0
    for index in range(close, -1, -1):
        if children[index].type == "strong_close":
            depth += 1
        elif children[index].type == "strong_open":
            depth -= 1
            if depth == 0:
                return children[index]
    raise AssertionError("a strong_close without its strong_open")


def block_attributes(state: StateCore) -> None:
    """kramdown's attribute lists (`{: .wide}`, `{:toc}`) say nothing to a reader: drop them."""
    tokens = state.tokens
    drop: set[int] = set()
    for index, token in enumerate(tokens):
        if token.type != "inline" or not token.children or "{:" not in token.content:
            continue
        if _ONLY_ATTRIBUTES.fullmatch(token.content):
            if tokens[index - 1].type == "paragraph_open":
                drop |= {index - 1, index, index + 1}
            continue
        last = token.children[-1]
        if last.type == "text" and (match := re.search(r"\s*\{:[^{}]*\}\s*$", last.content)):
            last.content = last.content[: match.start()]
            while token.children and _is_blank(token.children[-1]):
                token.children.pop()
    if drop:
        state.tokens[:] = [token for index, token in enumerate(tokens) if index not in drop]


def _is_blank(token: Token) -> bool:
    return token.type == "softbreak" or (token.type == "text" and not token.content.strip())


def join_chinese_lines(state: StateCore) -> None:
    """Drop the line breaks that would put a space into Chinese text.

    A break renders as nothing between two Chinese characters, and between a Chinese character and a formula or
    bold; elsewhere it stays a space.
    """
    for block in state.tokens:
        children = block.children
        if children and any(token.type == "softbreak" for token in children):
            block.children = [
                token
                for index, token in enumerate(children)
                if token.type != "softbreak" or not _joins(children, index)
            ]


_EDGE_OF_BOLD = {"strong_open", "strong_close", "em_open", "em_close"}


def _joins(children: list[Token], index: int) -> bool:
    before, before_special = _edge(reversed(children[:index]), -1)
    after, after_special = _edge(iter(children[index + 1 :]), 0)
    cjk_before, cjk_after = is_cjk(before), is_cjk(after)
    return (cjk_before and cjk_after) or (cjk_before and after_special) or (cjk_after and before_special)


def _edge(tokens, at: int) -> tuple[str, bool]:  # type: ignore[no-untyped-def]
    """The nearest visible character, and whether a formula or bold span stands between."""
    special = False
    for token in tokens:
        if token.type in _EDGE_OF_BOLD:
            special = True
        elif token.type == "math_inline":
            return " ", True
        elif token.type == "text" and token.content:
            return token.content[at], special
        elif token.content and token.type in ("code_inline", "image"):
            return " ", special
        elif token.type in ("softbreak", "hardbreak"):
            return " ", False
    return " ", special


def link_problem(href: str) -> str | None:
    """Why a link target is not allowed, or None: the codes of the catalogue."""
    cleaned = re.sub(r"[\x00-\x20\u200b-\u200f\u202a-\u202e\u2060\ufeff]", "", href)
    if cleaned.replace("\\", "/").startswith("//"):
        return "DL303"
    if (scheme := _SCHEME.match(cleaned)) and scheme.group(1).lower() not in ALLOWED_SCHEMES:
        return "DL303"
    if not scheme and ("\\" in href or "%5c" in href.lower()):
        return "DL303"
    return None
