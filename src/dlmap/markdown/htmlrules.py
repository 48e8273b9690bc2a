"""Raw HTML in a post: what may stay, what is dropped, what is shown as the text it is."""

from __future__ import annotations

import html
import re

import nh3
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_DROPPED = frozenset({"font", "center", "big"})
_VOID = frozenset({"br", "hr", "img", "wbr", "col"})
_INLINE = frozenset(
    "a abbr b bdi bdo br cite code del dfn em i img ins kbd mark q s samp small span strong sub sup u var wbr ruby rb rp rt".split()
)
_BLOCK = frozenset(
    "blockquote caption col colgroup dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre "
    "summary table tbody td tfoot th thead tr ul".split()
)
ALLOWED_TAGS = _INLINE | _BLOCK
_ATTRIBUTES = {
    "*": {"lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "ol": {"start"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
}
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|<!--.*?-->", re.DOTALL)


def sanitise(fragment: str) -> str:
    """Safe HTML: known tags with known attributes, http(s) and mailto links."""
    return nh3.clean(
        fragment,
        tags=set(ALLOWED_TAGS),
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


def settle_html(state: StateCore) -> None:
    """Turn every raw HTML token into safe HTML, into nothing (`<font>`), or into visible text."""
    for token in state.tokens:
        if token.type == "html_block":
            _settle_block(token)
        elif token.children:
            token.children = _settle_inline(token.children)


def _settle_block(token: Token) -> None:
    names = {m.group(2).lower() for m in _TAG.finditer(token.content) if m.group(2)}
    if not names - ALLOWED_TAGS - _DROPPED and _without_tags_is_text(token.content):
        content = _TAG.sub(
            lambda m: "" if (m.group(2) or "").lower() in _DROPPED else m.group(0), token.content
        )
        token.content = sanitise(content)
    else:
        token.content = f"<pre>{html.escape(token.content.strip(), quote=False)}</pre>\n"


def _without_tags_is_text(fragment: str) -> bool:
    """Whether nothing but known tags uses `<`: no doctype, no processing instruction, no half a tag."""
    return "<" not in _TAG.sub("", fragment)


def _settle_inline(children: list[Token]) -> list[Token]:
    settled: list[Token] = []
    open_tags: list[tuple[str, Token]] = []
    for token in children:
        if token.children:
            token.children = _settle_inline(token.children)
        if token.type != "html_inline":
            settled.append(token)
            continue
        match = _TAG.fullmatch(token.content)
        name = (match.group(2) or "").lower() if match else ""
        if match and (not name or name in _DROPPED):
            continue
        settled.append(token)
        if name in _VOID & _INLINE and match:
            token.content = sanitise(token.content)
        elif name in _INLINE and match and not match.group(1):
            token.content = sanitise(f"{token.content}</{name}>").removesuffix(f"</{name}>")
            open_tags.append((name, token))
        elif name in _INLINE and open_tags and open_tags[-1][0] == name:
            token.content = f"</{name}>"
            open_tags.pop()
        else:
            _show_as_text(token)
    for _, token in open_tags:
        _show_as_text(token)
    return settled


def _show_as_text(token: Token) -> None:
    token.type = "text"
