"""The Markdown parser of the outline dialect: CommonMark, tables, formulas, Chinese typesetting, safe HTML."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from dlmap.markdown import footnotes, htmlrules, mathrules, note_marks, rules_core
from dlmap.markdown.inline_parser import use_positions
from dlmap.markdown.nesting import use_nesting_limit


@lru_cache(maxsize=2)
def parser(*, kramdown: bool) -> MarkdownIt:
    """The parser of one flavour.  It keeps no state between texts."""
    md = MarkdownIt("commonmark", {"html": True})
    use_positions(md)
    use_nesting_limit(md)
    md.enable(["table", "strikethrough"])
    md.use(footnote_plugin, inline=False, move_to_end=False)
    mathrules.use_math(md, kramdown=kramdown)
    htmlrules.use_html(md)
    md.validateLink = _any_link  # type: ignore[method-assign]
    md.core.ruler.before("inline", "heading_ids", rules_core.heading_ids)
    md.core.ruler.push("html", htmlrules.settle_html)
    md.core.ruler.push("attributes", rules_core.span_attributes)
    md.core.ruler.push("block_attributes", rules_core.block_attributes)
    md.core.ruler.push("footnotes", footnotes.settle_footnotes)
    md.core.ruler.push("note_marks", note_marks.note_marks)
    md.core.ruler.push("soft_breaks", rules_core.join_chinese_lines)
    return md


def _any_link(url: str) -> bool:  # noqa: ARG001 -- markdown-it's signature
    """Every link is parsed, so that a forbidden scheme is reported rather than shown as brackets."""
    return True
