"""The Markdown parser of the dialect: CommonMark, tables, formulas, Chinese typesetting, safe HTML.

`RULES` is the list of everything that the dialect adds to markdown-it: to add a rule, write it and name it there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.rules_block import blockquote
from mdit_py_plugins.footnote import footnote_plugin

from dlmap.markdown import (
    footnotes,
    htmlrules,
    inline_parser,
    kramdown_blocks,
    mathrules,
    note_marks,
    rules_core,
)
from dlmap.markdown.nesting import MAX_NESTING, limited
from dlmap.markdown.rules_formulas import formula_rule

_TEXT_BLOCKS = ("paragraph", "reference")
_ALL_BLOCKS = (*_TEXT_BLOCKS, "blockquote", "list")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the dialect, and where markdown-it applies it."""

    name: str
    chain: Literal["block", "inline", "inline2", "core"]
    make: Callable[..., Any]
    """The rule itself; with `by_flavor`, what makes it for a flavour (`kramdown=True`)."""
    before: str = ""
    """The rule that it comes before; empty: it comes last, or takes the place of the one of its name."""
    replaces: bool = False
    by_flavor: bool = False
    ends: tuple[str, ...] = ()
    """Of a block: what it may interrupt."""
    ends_kramdown: tuple[str, ...] | None = None
    """The same in kramdown, where a block boundary may be wanted."""


RULES = (
    Rule("fragments_join", "inline2", inline_parser.join_fragments, replaces=True),
    Rule("third_star", "inline2", inline_parser.keep_third_star, before="balance_pairs"),
    Rule("math_inline", "inline", mathrules.inline_rule, before="escape", by_flavor=True),
    Rule("tex_inline", "inline", mathrules.tex_inline, before="escape"),
    Rule("double_backslash", "inline", kramdown_blocks.break_rule, before="escape", by_flavor=True),
    Rule("blockquote", "block", limited(blockquote), replaces=True, ends=_ALL_BLOCKS),
    Rule("list", "block", kramdown_blocks.list_rule, replaces=True, by_flavor=True, ends=_ALL_BLOCKS[:3]),
    Rule(
        *("math_block", "block", mathrules.block_rule),
        before="fence",
        by_flavor=True,
        ends=_ALL_BLOCKS,
        # kramdown begins a display formula at a block boundary only; elsewhere it may end a paragraph.
        ends_kramdown=(),
    ),
    Rule("tex_block", "block", mathrules.tex_block, before="fence", ends=_ALL_BLOCKS),
    Rule("table", "block", mathrules.table_rule, replaces=True, by_flavor=True, ends=_TEXT_BLOCKS),
    Rule("html_block", "block", htmlrules.html_block_rule, replaces=True, ends=_ALL_BLOCKS[:3]),
    Rule("text_join", "core", inline_parser.join_text, replaces=True),
    Rule("unclosed_math", "core", mathrules.note_unclosed, before="text_join"),
    Rule("heading_ids", "core", rules_core.heading_ids, before="inline"),
    Rule("html", "core", htmlrules.settle_html),
    Rule("attributes", "core", rules_core.span_attributes),
    Rule("block_attributes", "core", rules_core.block_attributes),
    Rule("footnotes", "core", footnotes.settle_footnotes),
    Rule("formulas", "core", formula_rule, by_flavor=True),
    Rule("note_marks", "core", note_marks.note_marks),
    Rule("soft_breaks", "core", rules_core.join_chinese_lines),
)


@lru_cache(maxsize=2)
def parser(*, kramdown: bool) -> MarkdownIt:
    """The parser of one flavour.  It keeps no state between texts."""
    return make_parser(RULES, kramdown=kramdown)


def make_parser(rules: tuple[Rule, ...], *, kramdown: bool) -> MarkdownIt:
    """A parser with these rules; of two in one place, the first comes first."""
    md = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING + 2})
    md.inline = inline_parser.PositionedInline()
    md.enable(["table", "strikethrough"])
    md.use(footnote_plugin, inline=False, move_to_end=False)
    md.validateLink = _any_link  # type: ignore[method-assign]
    for rule in rules:
        _add(md, rule, kramdown=kramdown)
    return md


def _add(md: MarkdownIt, rule: Rule, *, kramdown: bool) -> None:
    chains = {
        "block": md.block.ruler,
        "inline": md.inline.ruler,
        "inline2": md.inline.ruler2,
        "core": md.core.ruler,
    }
    ruler: Any = chains[rule.chain]
    made = rule.make(kramdown=kramdown) if rule.by_flavor else rule.make
    ends = rule.ends_kramdown if kramdown and rule.ends_kramdown is not None else rule.ends
    options = {"alt": [*ends]} if rule.chain == "block" else None
    if rule.replaces:
        ruler.at(rule.name, made, options)
    elif rule.before:
        ruler.before(rule.before, rule.name, made, options)
    else:
        ruler.push(rule.name, made, options)


def _any_link(url: str) -> bool:  # noqa: ARG001 -- markdown-it's signature
    """Every link is parsed, so that a forbidden scheme is reported rather than shown as brackets."""
    return True
