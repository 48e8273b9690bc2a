"""Bare addresses in texts for CommonMark are links, as on GitHub; kramdown leaves them as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# An address ends where Chinese goes on: a full-width bracket or stop beside it belongs to the sentence.  One that is the
# value of an attribute or the argument of `url(…)`, in HTML that is shown as text, is code.
_ADDRESS = re.compile(
    r"(?<![\w/@.=\"'-])(?<![A-Za-z]\()https?://[A-Za-z0-9][^\s<>\"'`\u2010-\u2027\u2e80-\uffef]*",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"[?!.,:*_~;\]'\"]+\Z")


def bare_addresses(*, kramdown: bool) -> Callable[[StateCore], None]:
    """The rule of one flavour."""

    def link_addresses(state: StateCore) -> None:
        if kramdown:
            return
        for block in state.tokens:
            if "://" in block.content and block.children:
                block.children = [*_linked(block.children)]

    return link_addresses


def _linked(children: list[Token]) -> Iterator[Token]:
    in_link = 0
    for child in children:
        in_link += (child.type == "link_open") - (child.type == "link_close")
        if child.type == "text" and not in_link and "://" in child.content:
            yield from _pieces(child)
        else:
            yield child


def _pieces(token: Token) -> Iterator[Token]:
    text, (start, end) = token.content, token.meta["at"]
    # An escape makes the text shorter than what is written: then all pieces have the place of the whole.
    is_exact = end - start == len(text)
    done = 0

    def place(first: int, last: int) -> tuple[int, int]:
        return (start + first, start + last) if is_exact else (start, end)

    for match in _ADDRESS.finditer(text):
        address = _without_trailing(match.group())
        first, last = match.start(), match.start() + len(address)
        if first > done:
            yield Token(
                "text", "", 0, content=text[done:first], meta={**token.meta, "at": place(done, first)}
            )
        meta = {"at": place(first, last)}
        yield Token("link_open", "a", 1, attrs={"href": address}, markup="autolink", meta=dict(meta))
        yield Token("text", "", 0, content=address, meta=dict(meta))
        yield Token("link_close", "a", -1, markup="autolink", meta=dict(meta))
        done = last
    if done < len(text):
        yield Token("text", "", 0, content=text[done:], meta={**token.meta, "at": place(done, len(text))})


def _without_trailing(address: str) -> str:
    address = _TRAILING.sub("", address)
    while address.endswith(")") and address.count(")") > address.count("("):
        address = _TRAILING.sub("", address[:-1])
    return address
