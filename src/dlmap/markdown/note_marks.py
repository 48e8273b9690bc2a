"""What note-taking programs write and a page does not show: check boxes before items, double brackets around links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_CHECK_BOX = re.compile(r"\[[ xX√✓✔-]?\]\s+(?=\S)|\[[ xX√✓✔-]?\]\s*$")
_WIKI_LINK = re.compile(r"\[\[(?P<target>[^\[\]|\n]+)(?:\|(?P<words>[^\[\]\n]+))?\]\](?!\()")


def note_marks(state: StateCore) -> None:
    """Drop check boxes; `[[target|words]]` becomes its words, `[[target]]` the name of the target."""
    tokens = state.tokens
    for index, token in enumerate(tokens):
        if token.type != "inline" or "[" not in token.content or not token.children:
            continue
        opens_item = index > 1 and tokens[index - 2].type == "list_item_open"
        first = token.children[0]
        if opens_item and first.type == "text" and (box := _CHECK_BOX.match(first.content)):
            _cut(first, box.end(), len(first.content))
        if "[[" in token.content:
            token.children = [piece for child in token.children for piece in _without_brackets(child)]


def _without_brackets(token: Token) -> Iterator[Token]:
    if token.type != "text" or "[[" not in token.content:
        yield token
        return
    at = 0
    for match in _WIKI_LINK.finditer(token.content):
        name = "words" if match["words"] else "target"
        begin, end = match.span(name)
        if name == "target":
            begin += match["target"].rfind("/") + 1
        for start, stop in ((at, match.start()), (begin, end)):
            if stop > start:
                yield _cut(token.copy(meta=dict(token.meta)), start, stop)
        at = match.end()
    if at < len(token.content):
        yield _cut(token.copy(meta=dict(token.meta)), at, len(token.content))


def _cut(token: Token, start: int, stop: int) -> Token:
    """Keep `content[start:stop]` of a text token."""
    begin, end = token.meta["at"]
    if end - begin == len(token.content):  # else an escape stands in it, and its own place is near enough
        token.meta["at"] = (begin + start, begin + stop)
    token.content = token.content[start:stop]
    return token
