"""Task lists and alerts in articles, as GitHub and Obsidian write them."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_BOX = re.compile(r"\[([ xX])\][ \u00a0]+")
_ALERT = re.compile(r"\[!([A-Za-z]{2,20})\][+-]?[ \t]*([^\n]*)")
_KINDS = {
    "note": ("注意", "Note"),
    "tip": ("提示", "Tip"),
    "hint": ("提示", "Hint"),
    "important": ("重要", "Important"),
    "warning": ("警告", "Warning"),
    "caution": ("当心", "Caution"),
    "danger": ("危险", "Danger"),
    "info": ("信息", "Info"),
    "example": ("例", "Example"),
    "question": ("问题", "Question"),
    "quote": ("引用", "Quote"),
    "abstract": ("摘要", "Abstract"),
    "success": ("完成", "Success"),
    "bug": ("缺陷", "Bug"),
    "todo": ("待办", "To do"),
}


def task_boxes(state: StateCore) -> None:
    """`- [x] done`: a check box before the item, which readers cannot change."""
    tokens = state.tokens
    for index, token in enumerate(tokens):
        if token.type != "inline" or index < 2 or tokens[index - 2].type != "list_item_open":
            continue
        first = token.children[0] if token.children else None
        box = _BOX.match(first.content) if first and first.type == "text" else None
        if first is None or box is None:
            continue
        first.content = first.content[box.end() :]
        start, end = first.meta["at"]
        first.meta["at"] = (start + box.end(), end)
        state_of = " checked" if box[1] != " " else ""
        written = f'<input type="checkbox" disabled{state_of} aria-label="{box[1].strip() or "-"}"> '
        token.children = [
            Token("html_inline", "", 0, content=written, meta={"at": (start, start)}),
            *(token.children or []),
        ]


def alerts(state: StateCore) -> None:
    """`> [!NOTE]`: a quote that opens with its kind as a word, and the title of its author."""
    tokens = state.tokens
    for index, token in enumerate(tokens):
        if token.type != "blockquote_open" or index + 2 >= len(tokens) or tokens[index + 2].type != "inline":
            continue
        inline = tokens[index + 2]
        first = inline.children[0] if inline.children else None
        match = _ALERT.match(first.content) if first and first.type == "text" else None
        if match is None or match[1].lower() not in _KINDS:
            continue
        _open_alert(token, inline, match)


def _open_alert(quote: Token, inline: Token, match: re.Match[str]) -> None:
    kind = match[1].lower()
    quote.attrSet("class", f"alert alert-{kind}")
    children = inline.children or []
    end = next(
        (at for at, child in enumerate(children) if child.type in ("softbreak", "hardbreak")), len(children)
    )
    first = children[0]
    title = children[:end]
    first.content = first.content[match.end() :] if match.end() < len(first.content) else match[2]
    words = "/".join(_KINDS[kind]) if _is_empty(title) else ""
    start = first.meta["at"][0]
    opening = f"<strong>{html.escape(words)}"
    inline.children = [
        Token("html_inline", "", 1, content=opening, meta={"at": (start, start)}),
        *title,
        Token("html_inline", "", -1, content="</strong>", meta={"at": (start, start)}),
        *([Token("hardbreak", "br", 0, meta={"at": (start, start)})] if end < len(children) else []),
        *children[end + 1 :],
    ]


def _is_empty(tokens: Sequence[Token]) -> bool:
    return not any(token.content.strip() for token in tokens)
