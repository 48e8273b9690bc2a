"""Abbreviations as PHP Markdown Extra and kramdown have them: `*[VAE]: variational autoencoder`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_DEFINITION = re.compile(r"\*\[([^\[\]\n]+)\]:[ \t]*(.*)")
MAX_ABBREVIATIONS = 1_000
"""In one article; further definitions are shown as text."""


def abbreviation_block(state: StateBlock, start_line: int, _end_line: int, silent: bool) -> bool:
    """A line that defines an abbreviation shows nothing."""
    begin = state.bMarks[start_line] + state.tShift[start_line]
    if not state.src.startswith("*[", begin) or state.is_code_block(start_line):
        return False
    match = _DEFINITION.fullmatch(state.src, begin, state.eMarks[start_line])
    known = state.env.setdefault("abbreviations", {})
    if match is None or len(known) >= MAX_ABBREVIATIONS:
        return False
    if not silent:
        known.setdefault(match[1].strip(), match[2].strip())
        state.line = start_line + 1
    return True


def abbreviations(state: StateCore) -> None:
    """Every use of an abbreviation tells what it is short for."""
    known = {short: full for short, full in state.env.get("abbreviations", {}).items() if short}
    if not known:
        return
    longest_first = sorted(known, key=len, reverse=True)
    # Between Chinese characters a word has no other edge than its own letters.
    pattern = re.compile(rf"(?<![A-Za-z0-9_])(?:{'|'.join(map(re.escape, longest_first))})(?![A-Za-z0-9_])")
    for block in state.tokens:
        if block.children and pattern.search(block.content):
            block.children = [
                piece
                for child in block.children
                for piece in (_pieces(child, pattern, known) if child.type == "text" else (child,))
            ]


def _pieces(token: Token, pattern: re.Pattern[str], known: Mapping[str, str]) -> Iterator[Token]:
    text, (start, end) = token.content, token.meta["at"]
    is_exact = end - start == len(text)
    done = 0

    def piece(kind: str, content: str, first: int, last: int) -> Token:
        at = (start + first, start + last) if is_exact else (start, end)
        return Token(kind, "", 0, content=content, meta={**token.meta, "at": at})

    for match in pattern.finditer(text):
        first, last = match.span()
        if first > done:
            yield piece("text", text[done:first], done, first)
        opening = f'<abbr title="{html.escape(known[match.group()])}">'
        yield piece("html_inline", opening, first, first)
        yield piece("text", match.group(), first, last)
        yield piece("html_inline", "</abbr>", last, last)
        done = last
    if done < len(text):
        yield piece("text", text[done:], done, len(text))
