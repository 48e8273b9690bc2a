"""Blocks that kramdown reads and CommonMark does not: lists that begin with any number, tables without a header row."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it.rules_block import StateBlock, list_block
from markdown_it.rules_block.table import escapedSplit, getLine
from markdown_it.rules_inline import StateInline

from dlmap.markdown.nesting import limited

_NUMBERED = re.compile(r"\d+\.[ \t]+\S")
_SEPARATOR = re.compile(r"\|(?:\s*[:=-]?[-=]+:?\s*\|)+")


def list_rule(*, kramdown: bool) -> Callable[[StateBlock, int, int, bool], bool]:
    """CommonMark's lists; in kramdown one may follow a line of text whatever its first number is."""
    commonmark_list = limited(list_block)
    if not kramdown:
        return commonmark_list

    def kramdown_list(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        parent = state.parentType
        if silent and parent == "paragraph":
            begin = state.bMarks[start_line] + state.tShift[start_line]
            if _NUMBERED.match(state.src, begin, state.eMarks[start_line]):
                state.parentType = "root"  # only inside a paragraph does CommonMark ask for a 1
        try:
            return commonmark_list(state, start_line, end_line, silent)
        finally:
            if silent:
                state.parentType = parent

    return kramdown_list


def headless_table(state: StateBlock, start_line: int, end_line: int) -> bool:
    """A table of lines between bars, without a header row: all its cells are data.

    Lines of dashes set the alignment of the columns or divide the rows, and are not shown.
    """
    rows: list[tuple[int, list[str]]] = []
    aligns: list[str] = []
    line = start_line
    while line < end_line and not state.isEmpty(line):
        text = getLine(state, line).strip()
        if (
            state.sCount[line] < state.blkIndent
            or state.is_code_block(line)
            or len(text) < 3
            or not (text.startswith("|") and text.endswith("|"))
        ):
            return False
        cells = [cell.strip() for cell in escapedSplit(text)[1:-1]]
        if not _SEPARATOR.fullmatch(text):
            rows.append((line, cells))
        elif not aligns:
            aligns = [_alignment(cell) for cell in cells]
        line += 1
    if not rows:
        return False
    _push_table(state, rows, aligns, (start_line, line))
    state.line = line
    return True


def _alignment(marks: str) -> str:
    if marks.endswith(":"):
        return "center" if marks.startswith(":") else "right"
    return "left" if marks.startswith(":") else ""


def _push_table(
    state: StateBlock, rows: list[tuple[int, list[str]]], aligns: list[str], lines: tuple[int, int]
) -> None:
    state.push("table_open", "table", 1).map = [*lines]
    state.push("tbody_open", "tbody", 1).map = [*lines]
    for line, cells in rows:
        state.push("tr_open", "tr", 1).map = [line, line + 1]
        for column, cell in enumerate(cells):
            opening = state.push("td_open", "td", 1)
            if column < len(aligns) and aligns[column]:
                opening.attrs = {"style": f"text-align:{aligns[column]}"}
            inline = state.push("inline", "", 0)
            inline.map = [line, line + 1]
            inline.content = cell
            inline.children = []
            state.push("td_close", "td", -1)
        state.push("tr_close", "tr", -1)
    state.push("tbody_close", "tbody", -1)
    state.push("table_close", "table", -1)


def break_rule(*, kramdown: bool) -> Callable[[StateInline, bool], bool]:
    r"""Two backslashes at the end of a line break it in kramdown."""

    def double_backslash(state: StateInline, silent: bool) -> bool:
        if not kramdown or not state.src.startswith("\\\\\n", state.pos):
            return False
        if not silent:
            state.push("hardbreak", "br", 0)
        state.pos += 3
        return True

    return double_backslash
