"""The text of an article as HTML, with a slot for every formula, link and picture."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from dlmap.articles.anchors import Anchors
from dlmap.articles.code import code_block
from dlmap.articles.model import FormulaSlot, Heading, LinkSlot, PictureSlot, Slot, slot
from dlmap.articles.parser import article_parser
from dlmap.markdown import Block, Document, MarkKind
from dlmap.markdown.runs import tag_runs
from dlmap.text import Span

# nh3 writes attributes in double quotes and every other `<` as a reference: this finds tags and nothing else.
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+=\"[^\"]*\")*)\s*/?>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z-]+)=\"([^\"]*)\"", re.IGNORECASE)
_SIZE = re.compile(r"[1-9][0-9]{0,4}")
_HEADING = re.compile(r"h[1-6]")
_SLOTTED = {"math_inline": MarkKind.MATH, "link_open": MarkKind.LINK, "image": MarkKind.IMAGE}


class Made(NamedTuple):
    """What the text of an article makes."""

    html: str
    slots: tuple[Slot, ...]
    headings: tuple[Heading, ...]
    has_code: bool


def render_body(
    document: Document, blocks: Sequence[Block], lang: str, origin: Callable[[Span], Span]
) -> Made:
    """Render blocks of a document; `origin` tells where a passage stood in the file."""
    levels = [block.level for block in _walk(blocks) if block.type == "heading"]
    renderer = _Renderer(lang, 2 - min(levels, default=2))
    options = article_parser(kramdown=document.kramdown).options
    parts: list[str] = []
    for block in blocks:
        renderer.places = {id(token): origin(span) for token, span in _places(block)}
        renderer.blocks = {id(inner.tokens[0]): inner for inner in block.walk() if inner.type == "heading"}
        parts.append(renderer.render(list(block.tokens), options, {}))
    return Made("".join(parts), tuple(renderer.slots), tuple(renderer.headings), renderer.has_code)


def _walk(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield from block.walk()


def _places(block: Block) -> Iterator[tuple[Token, Span]]:
    """Each token that becomes a slot, with its place in the text that was parsed."""
    for inner in block.walk():
        if inner.type in ("math_block", "raw_html"):
            yield inner.tokens[0], inner.span
        inline = next((token for token in inner.tokens if token.type == "inline"), None)
        if inline is None or inner.type not in ("heading", "paragraph", "inline"):
            continue
        children = inline.children or []
        for token_type, kind in _SLOTTED.items():
            tokens = [token for token in children if token.type == token_type]
            marks = inner.inline.of(kind)
            spans = [mark.span for mark in marks] if len(marks) == len(tokens) else [inner.span] * len(tokens)
            yield from zip(tokens, spans, strict=True)


class _Renderer(RendererHTML):
    """markdown-it's renderer with the rules of an article."""

    def __init__(self, lang: str, shift: int) -> None:
        super().__init__()
        self.lang = lang
        self.shift = shift
        """How many levels its headings go down, so that the highest is the second: the title is the first."""
        self.places: dict[int, Span] = {}
        """Where each token that becomes a slot stands in the file, by its identity."""
        self.blocks: dict[int, Block] = {}
        """The headings by the identity of their tokens."""
        self.slots: list[Slot] = []
        self.headings: list[Heading] = []
        self.anchors = Anchors()
        self.has_code = False
        self.in_link = 0
        self.in_anchor = False

    def put(self, made: Slot) -> str:
        self.slots.append(made)
        return slot(len(self.slots) - 1)

    def place(self, token: Token) -> Span:
        return self.places.get(id(token), Span(0, 0))

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        return tag_runs(tokens[idx].content, self.lang)

    def math_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        token = tokens[idx]
        return self.put(FormulaSlot(token.content, False, self.place(token)))

    def math_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        token = tokens[idx]
        formula = self.put(FormulaSlot(token.content, True, self.place(token)))
        return f'<div class="formula" tabindex="0">{formula}</div>\n'

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        token = tokens[idx]
        self.in_link += 1
        href, title = str(token.attrs.get("href", "")), str(token.attrs.get("title", ""))
        return self.put(LinkSlot(href, title, self.place(token)))

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        self.in_link -= 1
        return "</a>"

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        token = tokens[idx]
        src, title = str(token.attrs.get("src", "")), str(token.attrs.get("title", ""))
        return self.put(PictureSlot(src, token.content, title, ("", ""), self.in_link > 0, self.place(token)))

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        block = self.blocks[id(tokens[idx])]
        label = " ".join(block.inline.text.split())
        anchor = self.anchors.unique(block.id) if block.id else self.anchors.take(label)
        level = self.level(block.level)
        # A link inside a link would be taken apart by every browser.
        holds_link = block.inline.of(MarkKind.LINK) or block.inline.of(MarkKind.IMAGE)
        self.in_anchor = bool(label) and not holds_link
        if label:
            self.headings.append(Heading(level, anchor, label))
        written = html.escape(anchor)
        link = f'<a class="anchor" href="#{written}">' if self.in_anchor else ""
        return f'<h{level} id="{written}">{link}'

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        level = self.level(int(tokens[idx].tag[1]))
        return f"{'</a>' if self.in_anchor else ''}</h{level}>\n"

    def level(self, written: int) -> int:
        return min(6, written + self.shift)

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        self.has_code = True
        return code_block(tokens[idx].content, tokens[idx].info)

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        self.has_code = True
        return code_block(tokens[idx].content, "")

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        return '<div class="scroll" tabindex="0"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        return "</table></div>\n"

    def raw_html(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        place = self.place(tokens[idx])
        depth = self.in_link
        made = _TAG.sub(lambda match: self.raw_tag(match, place), tokens[idx].content)
        self.in_link = depth
        return made

    def raw_tag(self, match: re.Match[str], place: Span) -> str:
        closing, name, written = match.group(1), match.group(2).lower(), match.group(3)
        if name == "a":
            return self.raw_link(closing, _attributes(written), place)
        if name == "img":
            known = _attributes(written)
            width, height = known.get("width", ""), known.get("height", "")
            size = (width, height) if _SIZE.fullmatch(width) and _SIZE.fullmatch(height) else ("", "")
            src, alt, title = (known.get(key, "") for key in ("src", "alt", "title"))
            return self.put(PictureSlot(src, alt, title, size, self.in_link > 0, place))
        if _HEADING.fullmatch(name):
            level = max(2, self.level(int(name[1])))
            return f"<{closing}h{level}{written}>"
        return match.group()

    def raw_link(self, closing: str, known: dict[str, str], place: Span) -> str:
        self.in_link += -1 if closing else 1
        if closing:
            return "</a>"
        # An anchor without an address is where links of other pages led to.
        return self.put(LinkSlot(known["href"], known.get("title", ""), place)) if "href" in known else "<a>"


def _attributes(written: str) -> dict[str, str]:
    return {name.lower(): html.unescape(value) for name, value in _ATTRIBUTE.findall(written)}
