"""The Markdown parser of the outline dialect: CommonMark, tables, formulas, Chinese typesetting, safe HTML."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from dlmap.markdown import htmlrules, mathrules, passes
from dlmap.markdown.positions import use_positions

MAX_NESTING = 200
"""Levels of nested block tokens; a list counts two, so lists may stand 100 deep."""


@lru_cache(maxsize=2)
def parser(*, kramdown: bool) -> MarkdownIt:
    """The parser of one flavour.  It keeps no state between texts."""
    md = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING})
    use_positions(md)
    md.enable(["table", "strikethrough"])
    md.use(footnote_plugin)
    mathrules.use_math(md, kramdown=kramdown)
    # Every link is parsed, so that a forbidden scheme is reported rather than shown as brackets;
    # `passes.links` takes the forbidden ones out.
    md.validateLink = lambda url: True  # type: ignore[method-assign]
    md.core.ruler.push("html", htmlrules.settle_html)
    md.core.ruler.push("attributes", passes.span_attributes)
    md.core.ruler.push("block_attributes", passes.block_attributes)
    md.core.ruler.push("soft_breaks", passes.join_chinese_lines)
    return md
