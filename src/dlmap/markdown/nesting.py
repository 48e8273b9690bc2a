"""How deep blocks may be nested: past the limit lists and quotes stay text, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block

MAX_NESTING = 200
"""Levels of nested blocks; a list counts two, so lists may stand 100 deep."""
_Rule = Callable[[StateBlock, int, int, bool], bool]


def use_nesting_limit(md: MarkdownIt) -> None:
    """Let no list or quote open past the limit; the lines where one would are noted in `env["too_deep"]`.

    markdown-it's own limit drops what stands deeper, and all that follows it; so it is set out of reach.
    """
    md.options["maxNesting"] = MAX_NESTING + 2
    md.block.ruler.at(
        "blockquote", _limited(blockquote), {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    md.block.ruler.at("list", _limited(list_block), {"alt": ["paragraph", "reference", "blockquote"]})


def _limited(rule: _Rule) -> _Rule:
    def limited(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        if state.level < MAX_NESTING:
            return rule(state, start_line, end_line, silent)
        if rule(state, start_line, end_line, True):
            state.env.setdefault("too_deep", set()).add(start_line)
        return False

    return limited
