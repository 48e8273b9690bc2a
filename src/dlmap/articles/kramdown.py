"""What kramdown reads and CommonMark does not, written as CommonMark: a blog's posts are full of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dlmap.articles.edits import Edit, Edited, apply

_TOKEN = re.compile(
    r"""
      ^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]*(?P=fence)[`~]*[ \t]*$|\Z)
    | (?P<ticks>`+)(?!`)(?:[^`\n]|(?!(?P=ticks))`)+(?P=ticks)(?!`)
    | \$\$.*?\$\$ | \$[^$\n]+\$
    | (?P<comment>\{::comment\}.*?\{:/(?:comment)?\})
    | (?P<extension>\{::(?:nomarkdown|options)\b[^{}\n]*\}|\{:/(?:nomarkdown|options)?\})
    | ^[ ]{0,3}<(?P<tag>div|details|section|article|aside|figure|blockquote)\b
      [^<>\n]*\bmarkdown\s*=\s*["']?(?:1|block|span)["']?[^<>\n]*>
    | !?\[[^\[\]\n]*\]\((?P<spaced>[^()<>\n"'\s]+(?:[ ]+[^()<>\n"'\s=][^()<>\n"'\s]*)+)(?:[ ]+"[^"\n]*")?[ ]*\)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_SUMMARY = re.compile(r"\s*<summary\b[^<>]*>.*?</summary>", re.DOTALL | re.IGNORECASE)


def as_commonmark(text: str) -> Edited:
    """The text with comments gone, Markdown in HTML set free, and spaces in addresses written as CommonMark wants."""
    if "{:" not in text and "markdown=" not in text and "](" not in text:
        return Edited(text)
    edits: list[Edit] = []
    for edit in sorted(edit for match in _TOKEN.finditer(text) for edit in _edits(match)):
        if not edits or edit.start >= edits[-1].end:  # the end of an element may stand in a comment
            edits.append(edit)
    return apply(text, edits) if edits else Edited(text)


def _edits(match: re.Match[str]) -> Iterator[Edit]:
    if match["comment"] or match["extension"]:
        yield Edit(*match.span(), "")
    elif match["spaced"]:
        yield Edit(*match.span("spaced"), match["spaced"].replace(" ", "%20"))
    elif match["tag"]:
        yield from _set_free(match)


def _set_free(match: re.Match[str]) -> Iterator[Edit]:
    """Empty lines around what stands in an element that says `markdown="1"`: so CommonMark reads it as Markdown."""
    text, begin = match.string, match.end()
    if summary := _SUMMARY.match(text, begin):
        begin = summary.end()
    depth = 1
    for tag in re.compile(rf"<(/?){match['tag']}\b", re.IGNORECASE).finditer(text, begin):
        depth += -1 if tag.group(1) else 1
        if depth == 0:
            yield Edit(begin, begin, "\n\n")
            yield Edit(tag.start(), tag.start(), "\n\n")
            return
