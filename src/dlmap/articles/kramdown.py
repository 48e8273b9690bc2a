"""What kramdown reads and CommonMark does not, written as CommonMark: a blog's posts are full of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from dlmap.articles.rewrite import CODE, Replacement, RewrittenText, apply, enclosed

_TOKEN = re.compile(
    CODE
    + r"""
    | \$\$.*?\$\$ | \$[^$\n]+\$
    | (?P<comment>\{::comment\})
    | (?P<extension>\{::(?:nomarkdown|options)\b[^{}\n]*\}|\{:/(?:nomarkdown|options)?\})
    | ^[ ]{0,3}<(?P<tag>div|details|section|article|aside|figure|blockquote)\b(?P<attributes>[^<>\n]*+)>
    | !?\[[^\[\]\n]*\]\((?P<spaced>[^()<>\n"'\s]+(?:[ ]+[^()<>\n"'\s=][^()<>\n"'\s]*)+)(?:[ ]+"[^"\n]*")?[ ]*\)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_END_OF_COMMENT = re.compile(r"\{:/(?:comment)?\}")
_MARKDOWN = re.compile(r"""\bmarkdown\s*=\s*["']?(?:1|block|span)["']?(?=\s|$)""")
_ANY_TAG = re.compile(
    r"<(?P<end>/?)(?P<tag>div|details|section|article|aside|figure|blockquote)\b", re.IGNORECASE
)
_SUMMARY = re.compile(r"\s*<summary\b[^<>]*>[^<]*(?:<(?!/summary>)[^<]*)*</summary>", re.IGNORECASE)


def as_commonmark(text: str) -> RewrittenText:
    """The text with comments gone, Markdown in HTML set free, and spaces in addresses written as CommonMark wants."""
    if "{:" not in text and "markdown=" not in text and "](" not in text:
        return RewrittenText(text)
    ends = _ends_of_elements(text) if "markdown" in text else {}
    edits: list[Replacement] = []
    for edit in sorted(
        edit
        for match, end in enclosed(_TOKEN, {"comment": _END_OF_COMMENT}, text)
        for edit in _edits(match, end, ends)
    ):
        if not edits or edit.start >= edits[-1].end:  # the end of an element may stand in a comment
            edits.append(edit)
    return apply(text, edits) if edits else RewrittenText(text)


def _edits(match: re.Match[str], end: re.Match[str] | None, ends: Mapping[int, int]) -> Iterator[Replacement]:
    if match["comment"] and end:
        yield Replacement(match.start(), end.end(), "")
    elif match["extension"]:
        yield Replacement(*match.span(), "")
    elif match["spaced"]:
        yield Replacement(*match.span("spaced"), match["spaced"].replace(" ", "%20"))
    elif match["tag"] and _MARKDOWN.search(match["attributes"]):
        # Empty lines around what stands in the element: so CommonMark reads it as Markdown.
        begin = match.end()
        if (summary := _SUMMARY.match(match.string, begin)) is not None:
            begin = summary.end()
        if stop := ends.get(match.start("tag")):
            yield Replacement(begin, begin, "\n\n")
            yield Replacement(stop, stop, "\n\n")


def _ends_of_elements(text: str) -> Mapping[int, int]:
    """Where the end tag of each element stands, by the place of the name in its start tag."""
    ends: dict[int, int] = {}
    opened: dict[str, list[int]] = defaultdict(list)
    for tag in _ANY_TAG.finditer(text):
        waiting = opened[tag["tag"].lower()]
        if not tag["end"]:
            waiting.append(tag.start("tag"))
        elif waiting:
            ends[waiting.pop()] = tag.start()
    return ends
