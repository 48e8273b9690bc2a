"""Formulas: kramdown's and CommonMark authors' ways of writing TeX, as markdown-it rules.

Tokens made here: `math_inline` (content is TeX, markup `$` or `$$`) and `math_block` (display).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table as gfm_table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

from dlmap.markdown.cjk import is_cjk

# Stands in for a bar inside a formula while the table rule splits a row; a private-use character, so that
# no text can hold it by accident (one that does only loses its cell border).
_BAR = "\ue07c"
_INLINE = re.compile(
    r"\$\$(?!\$)(?P<double>(?:[^$\\]++|\\.|\$(?!\$))++)\$\$|\$(?!\$)(?P<single>(?:[^$\\]++|\\.)++)\$",
    re.DOTALL,
)
_LOOKS_LIKE_TEX = re.compile(r"[\\^_{}=]|^\s*[A-Za-z](['′]|\s*[,+\-*/<>]\s*[A-Za-z0-9])*\s*$")
# kramdown drops the backslash before these where it does not know that a formula is meant.
_KRAMDOWN_ESCAPES = re.compile(r"\\([|*_\[\]()])")
_CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_OPENER = re.compile(r"\\.|\$|`+")
_BARE_BAR = re.compile(r"(?<!\\)\|")
_CLOSING = re.compile(r"(?<!\\)(?:\\\\)*(\$\$)")
_KRAMDOWN_BLOCK = re.compile(r"#{1,6}\s|[-*+]\s|\d+[.)]\s|>|```|~~~|\$\$|\{:")


def use_math(md: MarkdownIt, *, kramdown: bool) -> None:
    """Add the formula rules of one flavour."""
    md.inline.ruler.before("escape", "math_inline", _inline_rule(kramdown=kramdown))
    md.block.ruler.before(
        "fence",
        "math_block",
        _block_rule(kramdown=kramdown),
        # kramdown begins a display formula at a block boundary only; elsewhere it may end a paragraph.
        {"alt": [] if kramdown else ["paragraph", "reference", "blockquote", "list"]},
    )
    md.block.ruler.at("table", _table_rule, {"alt": ["paragraph", "reference"]})
    md.core.ruler.before("text_join", "unclosed_math", _note_unclosed)


def plain_tex(tex: str, *, kramdown: bool, single: bool) -> str:
    r"""The TeX that an author means: without kramdown's escapes, and with MathJax's text tilde as `\sim`."""
    tex = tex.strip()
    if kramdown:
        if single:
            tex = _KRAMDOWN_ESCAPES.sub(r"\1", tex)
        tex = tex.replace(r"\text{~}", r"\sim ")
    return tex


def find_inline(src: str, pos: int, end: int) -> tuple[int, str] | None:
    """The formula that opens at `pos`: where it ends and its content; None where `$` is only a sign."""
    match = _INLINE.match(src, pos, end)
    if match is None:
        return None
    body = match["double"] or match["single"]
    if not body.strip():
        return None
    if match["single"] and not _LOOKS_LIKE_TEX.search(body):
        # `$5 and $6` and `$5，原价$6` are prices.
        follows_digit = match.end() < end and src[match.end()].isdigit()
        if (
            body[0].isspace()
            or body[-1].isspace()
            or follows_digit
            or (body[0].isdigit() and any(map(is_cjk, body)))
        ):
            return None
    return match.end(), body


def _inline_rule(*, kramdown: bool) -> Callable[[StateInline, bool], bool]:
    def math_inline(state: StateInline, silent: bool) -> bool:
        # The second sign of a `$$` that opens nothing opens nothing either.
        if state.src[state.pos] != "$" or state.pending.endswith("$"):
            return False
        found = find_inline(state.src, state.pos, state.posMax)
        if found is None:
            return False
        end, body = found
        if not silent:
            fence = "$$" if state.src.startswith("$$", state.pos) else "$"
            token = state.push("math_inline", "", 0)
            token.markup = fence
            token.content = plain_tex(body, kramdown=kramdown, single=fence == "$")
        state.pos = end
        return True

    return math_inline


def _block_rule(*, kramdown: bool) -> Callable[[StateBlock, int, int, bool], bool]:
    def math_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        found = _read_block(state, start_line, end_line)
        if found is None or (kramdown and found.after < end_line and not _is_boundary(state, found.after)):
            return False
        if not silent:
            token = state.push("math_block", "", 0)
            token.block = True
            token.markup = "$$"
            token.content = plain_tex(found.tex, kramdown=kramdown, single=False)
            token.map = [start_line, found.after]
        state.line = found.after
        return True

    return math_block


class _Display(NamedTuple):
    tex: str
    after: int
    """The line behind it."""


def _read_block(state: StateBlock, start_line: int, end_line: int) -> _Display | None:
    """The formula between a `$$` that begins a line and a `$$` that ends one."""
    begin = state.bMarks[start_line] + state.tShift[start_line]
    if not state.src.startswith("$$", begin) or state.is_code_block(start_line):
        return None
    lines: list[str] = []
    for line in range(start_line, end_line):
        if line > start_line and not state.isEmpty(line) and state.sCount[line] < state.blkIndent:
            return None
        body = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        if line == start_line:
            body = body[2:]
        close = _CLOSING.search(body)
        if close is None:
            lines.append(body)
            continue
        tex = "\n".join([*lines, body[: close.start(1)]])
        return _Display(tex, line + 1) if tex.strip() and not body[close.end() :].strip() else None
    if state.blkIndent == 0:
        state.env["open_formula"] = True  # more text might close it
    return None


def _is_boundary(state: StateBlock, line: int) -> bool:
    """Whether kramdown sees the end of a block before `line`."""
    if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
        return True
    begin = state.bMarks[line] + state.tShift[line]
    return _KRAMDOWN_BLOCK.match(state.src, begin, state.eMarks[line]) is not None


def _note_unclosed(state: StateCore) -> None:
    """Note where a `$$` stands that opens no formula, while escaped characters are still tokens of their own."""
    for block in state.tokens:
        if block.type == "inline" and "$$" in block.content:
            for token in block.children or ():
                if token.type == "text" and (at := token.content.find("$$")) >= 0:
                    block.meta["unclosed"] = token.meta["at"][0] + at
                    break


def _table_rule(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """GFM's table rule, blind to the bars inside formulas and code."""
    src = state.src
    masked = state.env.get("masked_bars")
    if masked is None:
        masked = state.env["masked_bars"] = mask_bars(src)
    if masked == src:
        return gfm_table(state, start_line, end_line, silent)
    known = len(state.tokens)
    state.src = masked
    try:
        return gfm_table(state, start_line, end_line, silent)
    finally:
        state.src = src
        for token in state.tokens[known:]:
            token.content = token.content.replace(_BAR, "|")


def mask_bars(src: str) -> str:
    """`src` with the bars inside formulas and code spans of one line replaced, at the same length."""
    if "|" not in src or not ("$" in src or "`" in src):
        return src
    return "\n".join(
        _mask_line(line) if "|" in line and ("$" in line or "`" in line) else line for line in src.split("\n")
    )


def _mask_line(line: str) -> str:
    out: list[str] = []
    pos = 0
    while opener := _OPENER.search(line, pos):
        at = opener.start()
        if opener.group() == "$":
            found = find_inline(line, at, len(line))
            end = found[0] if found else at + (2 if line.startswith("$$", at) else 1)
            piece = line[at:end].replace("|", _BAR) if found else line[at:end]
        elif code := _CODE_SPAN.match(line, at):
            # A bar that is escaped already loses its backslash with the row.
            end = code.end()
            piece = _BARE_BAR.sub(_BAR, code.group())
        else:
            end = opener.end()
            piece = opener.group()
        out += (line[pos:at], piece)
        pos = end
    return "".join(out) + line[pos:]
