"""Formulas: kramdown's and CommonMark authors' ways of writing TeX, as markdown-it rules.

Tokens made here: `math_inline` (content is TeX, markup `$` or `$$`) and `math_block` (display).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import NamedTuple

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table as gfm_table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

from dlmap.markdown.cjk import has_han, is_cjk
from dlmap.markdown.kramdown_blocks import headless_table

# Stands in for a bar inside a formula while the table rule splits a row; a private-use character, so that
# no text can hold it by accident (one that does only loses its cell border).
_BAR = "\ue07c"
_REFERENCES = re.compile(r"&(?:lt|gt|amp);")
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


def plain_tex(tex: str, *, kramdown: bool, single: bool) -> str:
    r"""The TeX that an author means: without kramdown's escapes and references to characters."""
    tex = tex.strip()
    if kramdown and single:
        tex = _KRAMDOWN_ESCAPES.sub(r"\1", tex)
    if kramdown and "&" in tex:
        tex = _REFERENCES.sub(lambda match: html.unescape(match.group()), tex)
    return tex


def find_inline(src: str, pos: int, end: int, *, kramdown: bool) -> tuple[int, str] | None:
    """The formula that opens at `pos`: where it ends and its content; None where `$` is only a sign."""
    match = _INLINE.match(src, pos, end)
    if match is None:
        return None
    body = match["double"] or match["single"]
    if not body.strip():
        return None
    if match["single"] and not _LOOKS_LIKE_TEX.search(body):
        before_digit = match.end() < end and src[match.end()].isdigit()
        if (_is_mathjax_text if kramdown else _is_text)(body, before_digit=before_digit):
            return None
    return match.end(), body


def _is_text(body: str, *, before_digit: bool) -> bool:
    """`$5 and $6` and `$5，原价$6` are prices."""
    is_amount = body[0].isdigit() and any(map(is_cjk, body))
    return before_digit or is_amount or body[0].isspace() or body[-1].isspace()


def _is_mathjax_text(body: str, *, before_digit: bool) -> bool:
    """The same for authors who write for MathJax: spaces may surround a formula, and full-width signs be in it."""
    is_amount = body[0].isdigit() and has_han(body)
    between_amounts = before_digit and (body[0].isdigit() or not has_han(body))
    return is_amount or between_amounts or body[0].isspace() < body[-1].isspace()


def inline_rule(*, kramdown: bool) -> Callable[[StateInline, bool], bool]:
    """Formulas between dollar signs in a line of text."""

    def math_inline(state: StateInline, silent: bool) -> bool:
        # The second sign of a `$$` that opens nothing opens nothing either.
        if state.src[state.pos] != "$" or state.pending.endswith("$"):
            return False
        found = find_inline(state.src, state.pos, state.posMax, kramdown=kramdown)
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


def block_rule(*, kramdown: bool) -> Callable[[StateBlock, int, int, bool], bool]:
    """Formulas between `$$` that begin and end a line."""

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


_ENVIRONMENT = re.compile(r"\\begin\{([A-Za-z]+\*?)\}")
_REFERENCE = re.compile(r"\\(?:eq)?ref\{[^{}\n]+\}")
_DELIMITERS = {"\\\\(": "\\\\)", "\\\\[": "\\\\]"}


def find_tex(src: str, pos: int, end: int) -> tuple[int, str, bool] | None:
    r"""The formula that opens at `pos` without a dollar sign: where it ends, its content, whether it is a display.

    That is what MathJax finds in the text that Markdown makes: `\\(…\\)`, `\\[…\\]`, `\begin{align}…\end{align}`.
    """
    if src.startswith("\\\\", pos):
        closing = _DELIMITERS.get(src[pos : pos + 3])
        close = src.find(closing, pos + 3, end) if closing else -1
        if closing is None or close < 0 or not (body := src[pos + 3 : close].strip()):
            return None
        return close + 3, body.replace("\\\\\\\\", "\\\\"), closing[-1] == "]"
    match = _ENVIRONMENT.match(src, pos, end)
    if match is None:
        return None
    depth = 0
    for edge in re.compile(rf"\\(begin|end)\{{{re.escape(match[1])}\}}").finditer(src, pos, end):
        depth += 1 if edge[1] == "begin" else -1
        if depth == 0:
            return edge.end(), src[pos : edge.end()].replace("\\\\\\\\", "\\\\"), True
    return None


def tex_inline(state: StateInline, silent: bool) -> bool:
    """Formulas in a line of text that need no dollar sign, and references to formulas."""
    if state.src[state.pos] != "\\":
        return False
    reference = _REFERENCE.match(state.src, state.pos, state.posMax)
    found = (
        (reference.end(), reference.group(), False)
        if reference
        else find_tex(state.src, state.pos, state.posMax)
    )
    if found is None:
        return False
    state.pos, content, is_display = found
    if not silent:
        token = state.push("math_inline", "", 0)
        token.content = content
        token.meta["display"] = is_display
        token.meta["bare_reference"] = reference is not None
    return True


def tex_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Formulas on lines of their own that need no dollar sign."""
    begin = state.bMarks[start_line] + state.tShift[start_line]
    if state.src[begin : begin + 1] != "\\" or state.is_code_block(start_line):
        return False
    lines: list[str] = []
    for line in range(start_line, end_line):
        if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return False
        lines.append(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
        text = "\n".join(lines)
        found = find_tex(text, 0, len(text))
        if line == start_line and found is None and not (_ENVIRONMENT.match(text) or text[:3] == "\\\\["):
            return False
        if found:
            end, content, is_display = found
            if not is_display or text[end:].strip():
                return False
            if not silent:
                token = state.push("math_block", "", 0)
                token.block = True
                token.content = content
                token.map = [start_line, line + 1]
            state.line = line + 1
            return True
    return False


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


def note_unclosed(state: StateCore) -> None:
    """Note where a `$$` stands that opens no formula, while escaped characters are still tokens of their own."""
    for block in state.tokens:
        if block.type == "inline" and "$$" in block.content:
            for token in block.children or ():
                if token.type == "text" and (at := token.content.find("$$")) >= 0:
                    block.meta["unclosed"] = token.meta["at"][0] + at
                    break


def table_rule(*, kramdown: bool) -> Callable[[StateBlock, int, int, bool], bool]:
    """GFM's table rule, blind to the bars inside formulas and code; kramdown needs no header row."""

    def read(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        return gfm_table(state, start_line, end_line, silent) or (
            kramdown and not silent and headless_table(state, start_line, end_line)
        )

    def table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        src = state.src
        masked = state.env.get("masked_bars")
        if masked is None:
            masked = state.env["masked_bars"] = mask_bars(src, kramdown=kramdown)
        if masked == src:
            return read(state, start_line, end_line, silent)
        first = len(state.tokens)
        state.src = masked
        try:
            return read(state, start_line, end_line, silent)
        finally:
            state.src = src
            for token in state.tokens[first:]:
                token.content = token.content.replace(_BAR, "|")

    return table


def mask_bars(src: str, *, kramdown: bool) -> str:
    """`src` with the bars inside formulas and code spans of one line replaced, at the same length."""
    if "|" not in src or not ("$" in src or "`" in src):
        return src
    return "\n".join(
        _mask_line(line, kramdown=kramdown) if "|" in line and ("$" in line or "`" in line) else line
        for line in src.split("\n")
    )


def _mask_line(line: str, *, kramdown: bool) -> str:
    out: list[str] = []
    pos = 0
    while opener := _OPENER.search(line, pos):
        at = opener.start()
        if opener.group() == "$":
            found = find_inline(line, at, len(line), kramdown=kramdown)
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
