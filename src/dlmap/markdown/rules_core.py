"""Token passes that run after parsing: attributes, line breaks between Chinese, link schemes."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from dlmap.markdown.cjk import SHARED_PUNCTUATION, is_hangul, touches_cjk

ATTRIBUTES = re.compile(r"\{:?\s*((?:[#.][\w-]+\s*)+)\}")
_HEADING_ATTRIBUTES = re.compile(rf"\s*{ATTRIBUTES.pattern}\s*$")
_ONLY_ATTRIBUTES = re.compile(r"\s*\{:[^{}]*\}\s*")
_LAST_ATTRIBUTES = re.compile(r"\s*\{:([^{}]*)\}\s*$")
# Behind a link, a picture or the like: `{:target="_blank"}`.  `A_{:,1}` in a formula is none, and stands elsewhere.
_ATTRIBUTE = r"""(?:[.#][\w.#-]+|[\w-]+=(?:"[^"{}]*"|'[^'{}]*'|[^\s"'{}]+))"""
_BEHIND_SPAN = re.compile(rf"\{{:\s*{_ATTRIBUTE}(?:\s+{_ATTRIBUTE})*\s*\}}")
_SIZE = re.compile(r"""\b(width|height|style)=(?:"([^"{}]*)"|'([^'{}]*)'|([^\s"'{}]+))""")
_HOLD_ATTRIBUTES = frozenset(
    {"link_close", "em_close", "strong_close", "code_inline", "image", "html_inline"}
)
_CELLS = ("th_open", "td_open")
_LIST_OPENERS = ("bullet_list_open", "ordered_list_open")
_SHARED = "".join(SHARED_PUNCTUATION)
_EDGES_OF_BOLD = ("strong_open", "strong_close", "em_open", "em_close")
ALLOWED_SCHEMES = frozenset({"http", "https", "mailto"})
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")


def heading_ids(state: StateCore) -> None:
    """`## 变分自编码器 {#vae}`: move the braces into the meta of the heading, before emphasis is read into them."""
    for index, token in enumerate(state.tokens):
        if token.type == "heading_open":
            inline = state.tokens[index + 1]
            if match := _HEADING_ATTRIBUTES.search(inline.content):
                inline.meta["written"] = inline.content
                inline.content = inline.content[: match.start()]
                apply_attributes(inline, match.group(1))


def span_attributes(state: StateCore) -> None:
    """`**SAN**{#san-sr}` and `**x**{.method}`: move the braces into the meta of the bold span.

    What kramdown's attribute lists say of other spans (`[x](y){:target="_blank"}`) says nothing here: drop it.
    """
    for block in state.tokens:
        if block.children and "{" in block.content:
            _span_attributes(block.children)
            block.children = [token for token in block.children if token.type != "text" or token.content]


def _span_attributes(children: list[Token]) -> None:
    for index, token in enumerate(children):
        before = children[index - 1].type if index else ""
        if token.type != "text" or before not in _HOLD_ATTRIBUTES:
            continue
        match = ATTRIBUTES.match(token.content) if before == "strong_close" else None
        if match:
            apply_attributes(_opener(children, index - 1), match.group(1))
        elif (match := _BEHIND_SPAN.match(token.content)) is None:
            continue
        elif before == "image":
            for name, double, single, bare in _SIZE.findall(match.group()):
                children[index - 1].meta[name] = double or single or bare
        token.content = token.content[match.end() :]
        start, end = token.meta["at"]
        token.meta["at"] = (start + match.end(), end)


def apply_attributes(token: Token, written: str) -> None:
    """Note the id and the classes of `#id .class` in a token's meta."""
    for word in written.split():
        if word.startswith("#"):
            token.meta["id"] = word[1:]
        elif word.startswith("."):
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
    """kramdown's attribute lists (`{: .wide}`, `{:toc}`) say nothing to a reader: drop them.

    A list that carries `{:toc}` stands for a contents list, which the site makes itself: it goes too.
    """
    tokens = state.tokens
    drop: set[int] = set()
    for index, token in enumerate(tokens):
        if token.type != "inline" or not token.children or "{:" not in token.content:
            continue
        if not _ONLY_ATTRIBUTES.fullmatch(token.content):
            if _trim_attributes(token.children) == "toc":
                drop |= set(_enclosing_list(tokens, index))
        elif tokens[index - 1].type == "paragraph_open":
            drop |= {index - 1, index, index + 1}
            if index > 3 and tokens[index - 2].type == "heading_close":
                apply_attributes(tokens[index - 3], token.content.strip(" {:}"))
        elif tokens[index - 1].type in _CELLS:
            drop |= set(_row_of_attributes(tokens, index))
    if drop:
        state.tokens[:] = [token for index, token in enumerate(tokens) if index not in drop]


def _row_of_attributes(tokens: list[Token], index: int) -> range:
    """The row that a line right below a table became, where its only words are those at `index`; else nothing."""
    first = last = index
    while tokens[first].type != "tr_open":
        first -= 1
    while tokens[last].type != "tr_close":
        last += 1
    texts = [token.content for token in tokens[first:last] if token.type == "inline"]
    return range(first, last + 1) if not any(texts[1:]) and texts[0] == tokens[index].content else range(0)


def _trim_attributes(children: list[Token]) -> str:
    """Take an attribute list off both ends of a text; returns what the one at the end says."""
    first, last = children[0], children[-1]
    if _ONLY_ATTRIBUTES.fullmatch(first.content) and [token.type for token in children[:2]] == [
        "text",
        "softbreak",
    ]:
        del children[:2]
    match = _LAST_ATTRIBUTES.search(last.content) if last.type == "text" else None
    if match is None:
        return ""
    last.content = last.content[: match.start()]
    while children and _is_blank(children[-1]):
        children.pop()
    return match.group(1).strip()


def _enclosing_list(tokens: list[Token], index: int) -> range:
    """The innermost list around a token; an empty range where there is none."""
    first = index
    while first >= 0 and not (
        tokens[first].level < tokens[index].level and tokens[first].type in _LIST_OPENERS
    ):
        first -= 1
    if first < 0:
        return range(0)
    last = next(i for i in range(index, len(tokens)) if tokens[i].level == tokens[first].level)
    return range(first, last + 1)


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


def _joins(children: list[Token], index: int) -> bool:
    if _is_beside_hangul(children, index, -1) or _is_beside_hangul(children, index, 1):
        return False
    cjk_before, special_before = _edge(children, index, -1)
    cjk_after, special_after = _edge(children, index, 1)
    return (cjk_before and (cjk_after or special_after)) or (cjk_after and special_before)


def _is_beside_hangul(children: list[Token], index: int, step: int) -> bool:
    """Whether the nearest letter is Korean, which is written with spaces."""
    index += step
    while 0 <= index < len(children):
        token = children[index]
        if token.type == "text" and (words := token.content.strip(_SHARED)):
            return is_hangul(words[0] if step > 0 else words[-1])
        if token.type not in _EDGES_OF_BOLD:
            return False
        index += step
    return False


def _edge(children: list[Token], index: int, step: int) -> tuple[bool, bool]:
    """Whether the nearest character is Chinese, and whether a formula or the edge of a bold span is as near."""
    special = False
    index += step
    while 0 <= index < len(children):
        token = children[index]
        if token.type in _EDGES_OF_BOLD:
            special = True
        elif token.type == "math_inline":
            return False, True
        elif token.type == "text" and token.content.strip(_SHARED):
            return touches_cjk(token.content, 0 if step > 0 else len(token.content) - 1, step), special
        elif token.type in ("softbreak", "hardbreak"):
            return False, False
        elif token.type in ("code_inline", "image"):
            return False, special
        index += step
    return False, special


@lru_cache(1 << 13)
def link_problem(href: str, *, may_climb: bool = False) -> str | None:
    """Why a link target is not allowed, or None: the codes of the catalogue.

    With `may_climb` a relative address may leave its folder, and Windows' backslashes divide it: whoever asks knows the
    folder and looks further.
    """
    cleaned = re.sub(r"[\x00-\x20\u200b-\u200f\u202a-\u202e\u2060\ufeff]", "", href)
    if re.sub(r"\\|%5c", "/", cleaned, flags=re.IGNORECASE).startswith("//"):
        return "DL303"
    if (scheme := _SCHEME.match(cleaned)) and scheme.group(1).lower() not in ALLOWED_SCHEMES:
        return "DL303"
    if not scheme and not may_climb and ("\\" in href or "%5c" in href.lower() or _climbs_out(cleaned)):
        return "DL303"
    return None


def _climbs_out(href: str) -> bool:
    """Whether a relative address leaves the folder that it starts from: `../../etc/passwd`."""
    depth = 0
    for step in unquote(re.split(r"[?#]", href)[0]).split("/"):
        if step == "..":
            depth -= 1
        elif step not in ("", "."):
            depth += 1
        if depth < 0:
            return True
    return False
