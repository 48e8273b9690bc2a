"""The text of an article as tokens: all that its page needs, in half the time that a tree of blocks would take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from markdown_it.token import Token

from dlmap.articles.parser import article_parser
from dlmap.markdown import FrontMatter, parse_document
from dlmap.markdown.document import is_kramdown
from dlmap.markdown.frontmatter import read_front_matter
from dlmap.markdown.rules_core import link_problem
from dlmap.markdown.tex_to_text import tex_to_text
from dlmap.text import Diagnostic, SourceFile, Span

_ADDRESS = {"link_open": "href", "image": "src"}
_WORDED = frozenset({"text", "code_inline", "image"})
_BREAKS = frozenset({"softbreak", "hardbreak"})
_NOTED = frozenset({"unclosed", "notes", "problems"})
"""What a token says of itself that is to be reported."""
_TEX = re.compile(r"\\[A-Za-z]+\*?|[\\{}^_&~]+")


class ParsedMarkdown(NamedTuple):
    """An article, parsed."""

    source: SourceFile
    front: FrontMatter
    kramdown: bool
    tokens: list[Token]
    diagnostics: tuple[Diagnostic, ...]


def parse_article(source: SourceFile, flavor: str, says: Mapping[str, str]) -> ParsedMarkdown:
    """Parse an article; an empty `flavor` is told by the front matter, which says `says` where it says nothing."""
    front, diagnostics = read_front_matter(source)
    front = _with_defaults(front, says) if says else front
    kramdown = is_kramdown(front, flavor or None)
    # Front matter becomes empty lines, so that line numbers stay those of the file.
    head = source.text[: front.span.end]
    env: dict[str, Any] = {"link_formulas": True}
    tokens = article_parser(kramdown=kramdown).parse("\n" * head.count("\n") + source.text[len(head) :], env)
    if env.get("too_deep") or any(map(_is_wrong, tokens)):
        # Few articles have something wrong in them: only for those the dialect's own way, which knows how to tell it.
        _, diagnostics = parse_document(
            source, flavor="kramdown" if kramdown else "commonmark", parser=article_parser, may_climb=True
        )
    return ParsedMarkdown(source, front, kramdown, tokens, diagnostics)


def _with_defaults(front: FrontMatter, says: Mapping[str, str]) -> FrontMatter:
    is_draft = says.get("published") == "false" or says.get("draft") == "true"
    return replace(
        front,
        layout=front.layout or says.get("layout"),
        author=front.author or says.get("author"),
        lang=front.lang or says.get("lang"),
        draft=front.draft or (is_draft and not {"published", "draft"} & front.spans.keys()),
    )


def _is_wrong(token: Token) -> bool:
    return (
        bool(token.meta.keys() & _NOTED)
        or any(bool(child.meta.keys() & _NOTED) for child in token.children or ())
        or any(
            link_problem(str(child.attrs.get(_ADDRESS[child.type], "")), may_climb=True)
            for child in token.children or ()
            if child.type in _ADDRESS
        )
    )


def words(inline: Token | None, *, tex: bool = False) -> str:
    """The plain text of an inline token; its formulas in Unicode, or (much faster) with their commands left out."""
    made: list[str] = []
    for child in (inline.children if inline else None) or ():
        if child.type in _WORDED:
            made.append(child.content)
        elif child.type in _BREAKS:
            made.append(" ")
        elif child.type == "math_inline":
            made.append(_TEX.sub(" ", child.content) if tex else tex_to_text(child.content))
    return "".join(made)


def label(inline: Token) -> str:
    """The text of a heading on one line."""
    return " ".join(words(inline).split())


def top_blocks(tokens: Sequence[Token]) -> Iterator[tuple[str, Token | None]]:
    """The kind of each block that stands in no other, with its inline content where it is a heading or paragraph."""
    for index, token in enumerate(tokens):
        if token.level == 0 and token.nesting >= 0:
            kind = token.type.removesuffix("_open")
            yield kind, tokens[index + 1] if kind in ("heading", "paragraph") else None


def line_span(source: SourceFile, token: Token) -> Span:
    """The lines of a block, without white space around them."""
    if token.map is None:
        return Span(0, 0)
    start = source.line_start(token.map[0] + 1)
    raw = source.text[start : source.line_start(token.map[1] + 1)]
    return Span(start + len(raw) - len(raw.lstrip()), start + len(raw.rstrip()))
