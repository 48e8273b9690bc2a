"""Task lists and alerts in articles, as GitHub and Obsidian write them."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_BY_LANGUAGE = "by_language"
"""Of a token whose words the language of the article decides: the HTML with a slot, the Chinese and the English words."""
_BOX = re.compile(r"\[([ xX])\][ \u00a0]+")
_ALERT = re.compile(r"\[!([A-Za-z]{2,20})\][+-]?[ \t]*([^\n]*)")
_STATES = {" ": ("未完成", "Not done"), "x": ("已完成", "Done")}
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
        state_of = box[1].lower()
        checked = " checked" if state_of == "x" else ""
        pattern = f'<input type="checkbox" disabled{checked} aria-label="{{}}"> '
        meta = {"at": (start, start), _BY_LANGUAGE: (pattern, _STATES[state_of])}
        token.children = [
            Token("html_inline", "", 0, meta=meta),
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


def choose_words(tokens: Sequence[Token], lang: str) -> None:
    """Write the words of boxes and alerts in the language of the article, which is known once all of it is parsed."""
    for token in tokens:
        for child in token.children or ():
            if _BY_LANGUAGE in child.meta:
                pattern, (chinese, english) = child.meta[_BY_LANGUAGE]
                child.content = pattern.format(html.escape(chinese if lang == "zh" else english))


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
    chinese, english = _KINDS[kind]
    words = (chinese, english) if _is_empty(title) else (f"{chinese}：", f"{english}: ")
    start = first.meta["at"][0]
    inline.children = [
        Token("html_inline", "", 1, meta={"at": (start, start), _BY_LANGUAGE: ("<strong>{}", words)}),
        *title,
        Token("html_inline", "", -1, content="</strong>", meta={"at": (start, start)}),
        *([Token("hardbreak", "br", 0, meta={"at": (start, start)})] if end < len(children) else []),
        *children[end + 1 :],
    ]


def _is_empty(tokens: Sequence[Token]) -> bool:
    return not any(token.content.strip() for token in tokens)
