"""How deep blocks may be nested: past the limit lists and quotes stay text, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

from markdown_it.rules_block import StateBlock

MAX_NESTING = 200
"""Levels of nested blocks; a list counts two, so lists may stand 100 deep."""
_Rule = Callable[[StateBlock, int, int, bool], bool]


def limited(rule: _Rule) -> _Rule:
    """Let a list or quote open only within the limit; the lines where one would pass it are noted in `env["too_deep"]`.

    markdown-it's own limit drops what stands deeper, and all that follows it; so the dialect sets it out of reach.
    """

    def within_limit(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        if state.level < MAX_NESTING:
            return rule(state, start_line, end_line, silent)
        if rule(state, start_line, end_line, True):
            state.env.setdefault("too_deep", set()).add(start_line)
        return False

    return within_limit
