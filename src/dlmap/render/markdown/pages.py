"""What the Markdown templates can ask for: text as CommonMark, linked as on the page."""

from __future__ import annotations

from functools import lru_cache

from markdown_it.token import Token

from dlmap.markdown.commonmark import Targets, Writer, around_link, link
from dlmap.markdown.dialect import parser
from dlmap.markdown.escapes import escaped
from dlmap.render.html import Linker
from dlmap.site import Prose, Sentence

_WITH_MARKUP = frozenset("$`*_\\[<&~")


def prose_markdown(prose: Prose, linker: Linker) -> str:
    """Blocks of Markdown, linked as on the page."""

    def bold(token: Token) -> tuple[str, ...]:
        span = token.meta.get("span")
        named = linker.named(prose.path, span) if span else ()
        return tuple(filter(None, map(linker.concept, named)))

    def around(token: Token) -> tuple[str, str]:
        address, _ = linker.address(str(token.attrs.get("href", "")))
        return around_link(address, str(token.attrs.get("title", ""))) if address else ("", "")

    def image(token: Token) -> str:
        """As on the page, a picture of an outline is a link."""
        address, _ = linker.address(str(token.attrs.get("src", "")))
        words = escaped(token.content or "image", in_link=True)
        return link(words, address) if address else words

    tokens = [token for block in prose.blocks for token in block.tokens]
    return Writer(Targets(around, image, bold)).write(tokens)


def sentence_markdown(sentence: Sentence) -> str:
    """One sentence on one line."""
    return _line_of_markdown(sentence.text) if sentence.is_markdown else escaped(sentence.text)


@lru_cache(1 << 12)
def _line_of_markdown(text: str) -> str:
    """One line of the dialect as CommonMark: ideas are on several pages, and the same on each."""
    if _WITH_MARKUP.isdisjoint(text):
        return text
    targets = Targets(lambda _: ("", ""), lambda token: escaped(token.content))
    tokens = parser(kramdown=False).parseInline(text)[0].children or []
    return Writer(targets).inline(tokens).replace("\n", " ")
