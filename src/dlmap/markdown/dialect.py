"""The Markdown parser of the outline dialect: CommonMark, tables, formulas, Chinese typesetting, safe HTML."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from dlmap.markdown import footnotes, htmlrules, mathrules, passes
from dlmap.markdown.positions import use_positions

MAX_NESTING = 200
"""Levels of nested blocks; a list counts two, so lists may stand 100 deep."""


@lru_cache(maxsize=2)
def parser(*, kramdown: bool) -> MarkdownIt:
    """The parser of one flavour.  It keeps no state between texts."""
    # Two levels more than the limit: what passes it is parsed, so that it can be reported.
    md = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING + 2})
    use_positions(md)
    md.enable(["table", "strikethrough"])
    md.use(footnote_plugin, inline=False, move_to_end=False)
    mathrules.use_math(md, kramdown=kramdown)
    htmlrules.use_html(md)
    md.validateLink = _any_link  # type: ignore[method-assign]
    md.core.ruler.push("html", htmlrules.settle_html)
    md.core.ruler.push("attributes", passes.span_attributes)
    md.core.ruler.push("block_attributes", passes.block_attributes)
    md.core.ruler.push("footnotes", footnotes.settle_footnotes)
    md.core.ruler.push("soft_breaks", passes.join_chinese_lines)
    return md


def _any_link(_url: str) -> bool:
    """Every link is parsed, so that a forbidden scheme is reported rather than shown as brackets."""
    return True
