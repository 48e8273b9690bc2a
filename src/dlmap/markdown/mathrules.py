"""Formulas: kramdown's and CommonMark authors' ways of writing TeX, as markdown-it rules.

Tokens made here: `math_inline` (content is TeX, markup `$` or `$$`) and `math_block` (display).
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table as gfm_table
from markdown_it.rules_inline import StateInline

# Stands in for a bar inside a formula while the table rule splits a row; a private-use character, so that
# no text can hold it by accident (one that does only loses its cell border).
_BAR = "\ue07c"
_INLINE = re.compile(r"(?<![\\$])(\$\$?)(?!\$)(.+?)(?<!\\)\1(?!\$)", re.DOTALL)
_LOOKS_LIKE_TEX = re.compile(r"[\\^_{}=]|^\s*[A-Za-z](['′]|\s*[,+\-*/<>]\s*[A-Za-z0-9])*\s*$")
# kramdown drops the backslash before these where it does not know that a formula is meant.
_KRAMDOWN_ESCAPES = re.compile(r"\\([|*_\[\]()])")
_CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)


def use_math(md: MarkdownIt, *, kramdown: bool) -> None:
    """Add the formula rules of one flavour."""
    md.inline.ruler.before("escape", "math_inline", _inline_rule(kramdown))
    md.block.ruler.before(
        "fence",
        "math_block",
        _block_rule(kramdown),
        # kramdown begins a display formula at a block boundary only; elsewhere it may end a paragraph.
        {"alt": [] if kramdown else ["paragraph", "reference", "blockquote", "list"]},
    )
    md.block.ruler.at("table", _table_rule, {"alt": ["paragraph", "reference"]})


def plain_tex(tex: str, *, kramdown: bool, single: bool) -> str:
    """The TeX that an author means: without kramdown's escapes, and with MathJax's text tilde as `\\sim`."""
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
    fence, body = match.groups()
    if not body.strip():
        return None
    if fence == "$":
        if body[0].isspace() or body[-1].isspace():
            if not _LOOKS_LIKE_TEX.search(body):
                return None
        elif match.end() < end and src[match.end()].isdigit() and not _LOOKS_LIKE_TEX.search(body):
            return None
    return match.end(), body


def _inline_rule(kramdown: bool):  # type: ignore[no-untyped-def]
    def math_inline(state: StateInline, silent: bool) -> bool:
        if state.src[state.pos] != "$":
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


def _block_rule(kramdown: bool):  # type: ignore[no-untyped-def]
    def math_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        if state.is_code_block(start_line):
            return False
        begin = state.bMarks[start_line] + state.tShift[start_line]
        if not state.src.startswith("$$", begin):
            return False
        lines: list[str] = []
        for line in range(start_line, end_line):
            if line > start_line and not state.isEmpty(line) and state.sCount[line] < state.blkIndent:
                return False
            text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
            body = text[2:] if line == start_line else text
            close = _closing(body)
            if close < 0:
                lines.append(body)
                continue
            if body[close + 2 :].strip():
                return False
            lines.append(body[:close])
            return _push_block(state, start_line, line + 1, end_line, lines, kramdown, silent)
        return False

    return math_block


def _closing(text: str) -> int:
    match = re.search(r"(?<!\\)\$\$", text)
    return match.start() if match else -1


def _push_block(
    state: StateBlock, start: int, after: int, end: int, lines: list[str], kramdown: bool, silent: bool
) -> bool:
    if kramdown and after < end and not _is_boundary(state, after):
        return False
    tex = "\n".join(lines)
    if not tex.strip():
        return False
    if not silent:
        token = state.push("math_block", "", 0)
        token.block = True
        token.markup = "$$"
        token.content = plain_tex(tex, kramdown=kramdown, single=False)
        token.map = [start, after]
    state.line = after
    return True


def _is_boundary(state: StateBlock, line: int) -> bool:
    """Whether kramdown sees the end of a block before `line`."""
    if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
        return True
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    return bool(re.match(r"#{1,6}\s|[-*+]\s|\d+[.)]\s|>|```|~~~|\$\$|\{:", text))


def _table_rule(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """GFM's table rule, blind to the bars inside formulas."""
    src = state.src
    masked = state.env.get("masked_bars")
    if masked is None:
        masked = state.env["masked_bars"] = mask_bars(src)
    if masked == src:
        return bool(gfm_table(state, start_line, end_line, silent))
    known = len(state.tokens)
    state.src = masked
    try:
        return bool(gfm_table(state, start_line, end_line, silent))
    finally:
        state.src = src
        for token in state.tokens[known:]:
            token.content = token.content.replace(_BAR, "|")


def mask_bars(src: str) -> str:
    """`src` with the bars inside formulas of one line replaced, at the same length."""
    if "$" not in src or "|" not in src:
        return src
    return "\n".join(_mask_line(line) if "$" in line and "|" in line else line for line in src.split("\n"))


def _mask_line(line: str) -> str:
    out, pos = [], 0
    while (at := line.find("$", pos)) >= 0:
        code = _CODE_SPAN.search(line, pos)
        if code and code.start() < at:
            out.append(line[pos : code.end()])
            pos = code.end()
            continue
        found = find_inline(line, at, len(line)) if at == 0 or line[at - 1] != "\\" else None
        end = found[0] if found else at + 1
        out.append(line[pos:at] + line[at:end].replace("|", _BAR))
        pos = end
    return "".join(out) + line[pos:]
