"""Inline parsing that remembers where every token stands, with Chinese-friendly emphasis.

markdown-it-py's inline tokens carry no positions, and its merging of text tokens forgets where they began.
Diagnostics and the outline reader need both, so this module subclasses the inline parser and state: every
inline token gets `meta["at"] = (start, end)`, offsets into the content of its block.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token

from dlmap.markdown.cjk import is_punctuation, touches_cjk

_STAR = ord("*")
_Env = MutableMapping[str, Any]

# What a rule of the dialect can begin with, and the `]` at which the label of a link ends; everything else is text.
# markdown-it's own list holds twice as much, and text that is cut at each colon takes a third longer to read.
_SPECIAL = re.compile(r"[\n!$&*<\[\\\]_`~]")


class PositionedState(StateInline):
    """Inline state whose tokens know their offsets."""

    def __init__(self, src: str, md: MarkdownIt, env: _Env, out: list[Token]) -> None:
        super().__init__(src, md, env, out)
        self.rule_start = 0
        self.pending_start = 0

    def pushPending(self) -> Token:  # noqa: N802 -- the name is markdown-it's
        token = super().pushPending()
        token.meta["at"] = (self.pending_start, self.rule_start)
        return token

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        token = super().push(ttype, tag, nesting)
        token.meta["at"] = (self.rule_start, self.rule_start)
        return token

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803 -- markdown-it's names
        """Flanking after the cjk-friendly amendment to CommonMark.

        A CJK neighbour satisfies the clause that asks for white space or punctuation, and CJK punctuation
        never blocks: `**Flow++**等` closes, `**循环神经网络(RNN)**可以` too.  Beyond the amendment, the
        punctuation that Chinese shares with Latin (“”‘’—…·) counts as CJK when a CJK character touches it,
        so that `a**“中”**b` closes as well.
        """
        src, marker, end = self.src, self.src[start], start
        while end < self.posMax and src[end] == marker:
            end += 1
        before = src[start - 1] if start > 0 else " "
        after = src[end] if end < self.posMax else " "
        cjk_before = touches_cjk(src, start - 1, -1)
        cjk_after = touches_cjk(src, end, 1)
        blocks_before = is_punctuation(before) and not cjk_before
        blocks_after = is_punctuation(after) and not cjk_after
        left = not after.isspace() and (
            not blocks_after or before.isspace() or is_punctuation(before) or cjk_before
        )
        right = not before.isspace() and (
            not blocks_before or after.isspace() or is_punctuation(after) or cjk_after
        )
        can_open = left and (canSplitWord or not right or is_punctuation(before))
        can_close = right and (canSplitWord or not left or is_punctuation(after))
        return Scanned(can_open, can_close, end - start)


class PositionedInline(ParserInline):
    """The inline parser that drives `PositionedState`."""

    def __init__(self) -> None:
        super().__init__()
        self.terminator_re = _SPECIAL

    def parse(self, src: str, md: MarkdownIt, env: _Env, tokens: list[Token]) -> list[Token]:
        if src and not _SPECIAL.search(src):
            # As half of all texts: cells, headings, items. The rules below would come to the same, in more time.
            tokens.append(Token("text", "", 0, content=src, meta={"at": (0, len(src))}))
            return tokens
        state = PositionedState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens

    def tokenize(self, state: StateInline) -> None:
        assert isinstance(state, PositionedState)
        rules = self.ruler.getRules("")
        max_nesting = state.md.options["maxNesting"]
        end = state.posMax
        while state.pos < end:
            start = state.rule_start = state.pos
            if not state.pending:
                state.pending_start = start
            known = len(state.tokens)
            if state.level < max_nesting:
                for rule in rules:
                    if rule(state, False):
                        if len(state.tokens) > known:
                            _close_spans(state, known, start)
                        break
                else:
                    state.append_pending(state.src[state.pos])
                    state.pos += 1
            else:
                state.append_pending(state.src[state.pos])
                state.pos += 1
        state.rule_start = state.pos
        if state.pending:
            state.pushPending()


def _close_spans(state: PositionedState, known: int, start: int) -> None:
    """Give the tokens that a rule has just pushed the end of what it consumed."""
    whole = (start, start)
    fresh = [token for token in state.tokens[known:] if token.meta.setdefault("at", whole) == whole]
    if all(token.type == "text" for token in fresh):
        # Emphasis pushes one text token for every star, strikethrough for every two tildes.
        for token in fresh:
            token.meta["at"] = (start, start := start + len(token.content))
        return
    for token in fresh:
        token.meta["at"] = (start, state.pos)
    last = state.tokens[-1]
    if last.nesting < 0:
        # A link ends behind its address, though its words were parsed before.
        last.meta["at"] = (last.meta["at"][0], state.pos)


def keep_third_star(state: StateInline) -> None:
    """`**ELBO***和**X**`: of three stars that end a bold text, the last is a sign, not the beginning of emphasis.

    CommonMark lets it open: then it would take a star of the next bold text for its end.
    """
    openers: list[int] = []
    runs = [each for each in state.delimiters if each.marker == _STAR]
    index = 0
    while index < len(runs):
        run = runs[index : index + runs[index].length]
        size = len(run)
        if run[0].close and openers:
            if size == 3 and openers[-1] == 2 and 1 not in openers:
                run[2].open = run[2].close = False
            openers.pop()
        elif run[0].open:
            openers.append(size)
        index += max(1, size)


def join_fragments(state: StateInline) -> None:
    """Merge adjacent text tokens, keeping where the first one began."""
    joined: list[Token] = []
    for token in state.tokens:
        if token.type == "text" and not token.content:
            continue  # the outer star of a pair
        if token.type == "text" and joined and joined[-1].type == "text":
            _extend(joined[-1], token)
        else:
            joined.append(token)
    state.tokens[:] = joined


def join_text(state: StateCore) -> None:
    """Merge escaped characters with the text around them, keeping positions."""
    for block in state.tokens:
        if block.type == "inline":
            block.children = _joined(block.children or [])


def _joined(children: list[Token]) -> list[Token]:
    joined: list[Token] = []
    for token in children:
        if token.children:
            token.children = _joined(token.children)
        if token.type == "text_special":
            token.type = "text"
        if token.type == "text" and joined and joined[-1].type == "text":
            _extend(joined[-1], token)
        else:
            joined.append(token)
    return joined


def _extend(first: Token, second: Token) -> None:
    first.content += second.content
    first.meta["at"] = (first.meta["at"][0], second.meta["at"][1])
