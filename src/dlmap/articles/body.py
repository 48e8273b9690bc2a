"""The text of an article as HTML, with a slot for every formula, link and picture."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, NamedTuple

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from dlmap.articles.anchors import Anchors, heading_text
from dlmap.articles.boxes import choose_words
from dlmap.articles.code import code_block
from dlmap.articles.footnotes import note_ids
from dlmap.articles.model import (
    FormulaPlaceholder,
    FramePlaceholder,
    Heading,
    LinkPlaceholder,
    MediaPlaceholder,
    PicturePlaceholder,
    Slot,
    slot,
)
from dlmap.articles.parser import article_parser
from dlmap.articles.sizes import written_size
from dlmap.articles.tokens import ParsedMarkdown, label, line_span
from dlmap.markdown.commonmark import Targets, Writer
from dlmap.markdown.language_spans import tag_runs
from dlmap.markdown.source_map import AtSource, SourceMap
from dlmap.text import Span

# nh3 writes attributes in double quotes and every other `<` as a reference: this finds tags and nothing else.
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+=\"[^\"]*\")*)\s*/?>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z-]+)=\"([^\"]*)\"", re.IGNORECASE)
_MEDIA = re.compile(r"<(video|audio|iframe)((?:\s+[a-z-]+=\"[^\"]*\")*)\s*>(.*?)</\1>", re.DOTALL)
_HEADING = re.compile(r"h[1-6]")
_CELLS = ("th_open", "td_open")


class RenderedBody(NamedTuple):
    """The text of an article, rendered."""

    html: str
    slots: tuple[Slot, ...]
    headings: tuple[Heading, ...]
    has_code: bool
    markdown: str


def render_body(
    parsed: ParsedMarkdown, tokens: Sequence[Token], lang: str, origin: Callable[[Span], Span]
) -> RenderedBody:
    """Render tokens of an article; `origin` tells where a passage stood in the file."""
    choose_words(tokens, lang)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    renderer = _Renderer(parsed, lang, 2 - min(levels, default=2), origin)
    made = renderer.render(tokens, article_parser(kramdown=parsed.kramdown).options, {})
    markdown = Writer(renderer.targets(), renderer.shift).write(tokens)
    return RenderedBody(made, tuple(renderer.slots), tuple(renderer.headings), renderer.has_code, markdown)


class _Renderer(RendererHTML):
    """markdown-it's renderer with the rules of an article."""

    def __init__(self, parsed: ParsedMarkdown, lang: str, shift: int, origin: Callable[[Span], Span]) -> None:
        # In place of markdown-it's own, which looks through all members of every instance.
        self.rules = {name: getattr(self, name) for name in _RULES}
        self.source = parsed.source
        self.kramdown = parsed.kramdown
        self.lang = lang
        self.shift = shift
        """How many levels its headings go down, so that the highest is the second: the title is the first."""
        self.origin = origin
        self.places = SourceMap(parsed.source)
        self.inline: Token | None = None
        """The text that is being rendered, until its place is known: most texts hold nothing that asks for it."""
        self.at_source: AtSource = int
        self.slots: list[Slot] = []
        self.slot_of: dict[int, int] = {}
        """The numbers of the slots of links and pictures, by the `id()` of their tokens."""
        self.raw: dict[int, str] = {}
        """Blocks of HTML with their slots, by the `id()` of their tokens."""
        self.headings: list[Heading] = []
        self.anchors = Anchors(note_ids(parsed.tokens))
        self.has_code = False
        self.in_link = 0
        self.in_anchor = False

    def render(self, tokens: Sequence[Token], options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        out: list[str] = []
        for idx, token in enumerate(tokens):
            if token.type == "inline":
                self.inline = token
                if tokens[idx - 1].type in _CELLS:  # found one after the other
                    self.inline, self.at_source = None, self.places.of_cell(token)
                out.append(self.renderInline(token.children or (), options, env))
            elif rule := self.rules.get(token.type):
                out.append(rule(tokens, idx, options, env))
            else:
                out.append(self.renderToken(tokens, idx, options, env))
        return "".join(out)

    def renderInline(  # noqa: N802 - markdown-it's name
        self, tokens: Sequence[Token], options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        out: list[str] = []
        for idx, token in enumerate(tokens):
            if token.type == "text":
                out.append(tag_runs(token.content, self.lang))
            elif rule := self.rules.get(token.type):
                out.append(rule(tokens, idx, options, env))
            elif token.attrs:
                out.append(self.renderToken(tokens, idx, options, env))
            else:
                out.append(f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}>")
        return "".join(out)

    def put(self, made: Slot, token: Token | None = None) -> str:
        if token:
            self.slot_of[id(token)] = len(self.slots)
        self.slots.append(made)
        return slot(len(self.slots) - 1)

    def targets(self) -> Targets:
        """For the Markdown of what has been rendered: the same slots."""
        return Targets(
            link=lambda token: (slot(self.slot_of[id(token)], "["), slot(self.slot_of[id(token)], "]")),
            image=lambda token: slot(self.slot_of[id(token)], "!"),
            raw=lambda token: self.raw.get(id(token), token.content),
        )

    def place(self, token: Token) -> Span:
        if self.inline:
            self.at_source = self.places.of_text(self.inline)
            self.inline = None
        start, end = token.meta["at"]
        return self.origin(Span(self.at_source(start), self.at_source(end)))

    def lines(self, token: Token) -> Span:
        return self.origin(line_span(self.source, token))

    def math_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        token = tokens[idx]
        formula = self.put(
            FormulaPlaceholder(token.content, False, self.place(token), token.meta.get("written", ""))
        )
        return f"{self.equations(token)}{formula}"

    def math_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        token = tokens[idx]
        formula = self.put(
            FormulaPlaceholder(token.content, True, self.lines(token), token.meta.get("written", ""))
        )
        # In a list item or a quote it is part of its text, as in kramdown.
        tag = "span" if token.level else "div"
        return f'<{tag} class="formula" tabindex="0">{self.equations(token)}{formula}</{tag}>\n'

    def equations(self, token: Token) -> str:
        """The anchors of the labels of a formula."""
        anchors = (self.anchors.unique(anchor) for anchor in token.meta.get("anchors", ()))
        return "".join(f'<span id="{html.escape(anchor)}"></span>' for anchor in anchors)

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        token = tokens[idx]
        self.in_link += 1
        href, title = str(token.attrs.get("href", "")), str(token.attrs.get("title", ""))
        return self.put(LinkPlaceholder(href, title, self.place(token)), token)

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        self.in_link -= 1
        return "</a>"

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        token = tokens[idx]
        src, title = str(token.attrs.get("src", "")), str(token.attrs.get("title", ""))
        size = written_size(token.meta)
        picture = PicturePlaceholder(src, token.content, title, size, self.in_link > 0, self.place(token))
        return self.put(picture, token)

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: object) -> str:
        inline = tokens[idx + 1]
        words = label(inline)
        own = inline.meta.get("id")
        anchor = (
            self.anchors.unique(own)
            if own
            else self.anchors.take(heading_text(inline, kramdown=self.kramdown))
        )
        level = self.level(int(tokens[idx].tag[1]))
        # A link inside a link would be taken apart by every browser.
        holds_link = any(child.type in ("link_open", "image") for child in inline.children or ())
        self.in_anchor = bool(words) and not holds_link
        if words:
            self.headings.append(Heading(level, anchor, words))
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
        place = self.lines(tokens[idx])
        depth = self.in_link
        content = _MEDIA.sub(lambda match: self.raw_media(match, place), tokens[idx].content)
        made = _TAG.sub(lambda match: self.raw_tag(match, place), content)
        self.in_link = depth
        self.raw[id(tokens[idx])] = made
        return made

    def raw_media(self, match: re.Match[str], place: Span) -> str:
        """A film, a sound or a frame; what stands in it is for browsers that know none."""
        kind, known = match.group(1), _attributes(match.group(2))
        if kind == "iframe":
            return self.put(FramePlaceholder(known.get("src", ""), known.get("title", ""), place))
        sources = [(known["src"], "")] if known.get("src") else []
        inner = (
            _attributes(tag.group(3)) for tag in _TAG.finditer(match.group(3)) if tag.group(2) == "source"
        )
        sources += ((source["src"], source.get("type", "")) for source in inner if source.get("src"))
        flags = "".join(f" {flag}" for flag in ("loop", "muted", "playsinline") if flag in known)
        poster = known.get("poster", "")
        return self.put(MediaPlaceholder(kind, tuple(sources), poster, written_size(known), flags, place))

    def raw_tag(self, match: re.Match[str], place: Span) -> str:
        closing, name, written = match.group(1), match.group(2).lower(), match.group(3)
        if name == "a":
            return self.raw_link(closing, _attributes(written), place)
        if name == "img":
            known = _attributes(written)
            size = written_size(known)
            src, alt, title = (known.get(key, "") for key in ("src", "alt", "title"))
            return self.put(PicturePlaceholder(src, alt, title, size, self.in_link > 0, place))
        if _HEADING.fullmatch(name):
            level = max(2, self.level(int(name[1])))
            return f"<{closing}h{level}{written}>"
        return match.group()

    def raw_link(self, closing: str, known: dict[str, str], place: Span) -> str:
        self.in_link += -1 if closing else 1
        if closing:
            return "</a>"
        # An anchor without an address is where links of other pages led to.
        return (
            self.put(LinkPlaceholder(known["href"], known.get("title", ""), place))
            if "href" in known
            else "<a>"
        )


_RULES = (
    *RendererHTML().rules,
    *("math_inline", "math_block", "link_open", "link_close", "heading_open", "heading_close"),
    *("table_open", "table_close", "raw_html"),
)
"""The types of tokens that a method of that name renders, markdown-it's own among them; others have only their tags."""


def _attributes(written: str) -> dict[str, str]:
    return {name.lower(): html.unescape(value) for name, value in _ATTRIBUTE.findall(written)}
