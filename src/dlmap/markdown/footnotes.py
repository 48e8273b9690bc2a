"""Footnotes: each stands behind the block that refers to it, for an outline is split into many pages."""

from __future__ import annotations

import html

from markdown_it.rules_core import StateCore
from markdown_it.token import Token


def settle_footnotes(state: StateCore) -> None:
    """Turn references into raised numbers, and move every note behind the block that first refers to it.

    A note that nothing refers to stays where it stands.
    """
    if "footnotes" in state.env:
        referred = {key[1:] for key, number in state.env["footnotes"]["refs"].items() if number >= 0}
        body, notes = _apart(state.tokens, referred)
        settled: list[Token] = []
        _place(body, notes, settled)
        state.tokens[:] = settled


def _apart(tokens: list[Token], referred: set[str]) -> tuple[list[Token], dict[str, list[Token]]]:
    """The text without the notes that something refers to, and the tokens of each such note by its label."""
    body: list[Token] = []
    notes: dict[str, list[Token]] = {}
    target, is_first, label = body, False, ""
    for token in tokens:
        if token.type == "footnote_reference_open":
            label = token.meta["label"]
            # Of two notes of one label, CommonMark keeps the first; here none is lost.
            target = notes.setdefault(label, []) if label in referred else body
            is_first = True
        elif token.type == "footnote_reference_close":
            target = body
        else:
            target.append(token)
            if is_first and token.type == "inline":
                children = token.children or []
                at = children[0].meta["at"][0] if children else 0
                mark = Token("footnote_ref", "", 0, meta={"at": (at, at), "label": label})
                token.children = [mark, *children]
                is_first = False
    return body, notes


def _place(tokens: list[Token], notes: dict[str, list[Token]], settled: list[Token]) -> None:
    waiting: list[str] = []
    depth = 0
    for token in tokens:
        settled.append(token)
        depth += token.nesting
        for child in token.children or ():
            if child.type == "footnote_ref":
                waiting.append(child.meta["label"])
                child.type = "html_inline"
                child.content = f"<sup>{html.escape(child.meta['label'])}</sup>"
        if depth == 0:
            for label in waiting:
                _place(notes.pop(label, []), notes, settled)
            waiting = []
