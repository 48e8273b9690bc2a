"""What a list item is: a family by its link, an approach by its label, or plain text (rules D6 and D7)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from markdown_it.token import Token

from dlmap.markdown import Block, InlineText, Mark, MarkKind
from dlmap.markdown.cjk import has_han
from dlmap.markdown.inline import FILLER, visible_length
from dlmap.taxonomy.bold_spans import in_source
from dlmap.taxonomy.labels import Label, parse_label, strip_numbering
from dlmap.taxonomy.members import find_members
from dlmap.taxonomy.name_shape import name_shape
from dlmap.taxonomy.outline_model import Link
from dlmap.text import Span

LISTS = ("bullet_list", "ordered_list")
_SEPARATORS_ONLY = re.compile(r"[\s,，、；;/和与及。.]*")
# A colon between digits is a time or a ratio, one before two slashes belongs to an address.
_SIGN = re.compile(r"[(（)）：]|(?<!\d):(?!//)|:(?!\d|//)")
_IN_PARENTHESES = re.compile(r"[(（][^()（）]*[)）]")
_NOT_IN_LABEL = re.compile(r"[，。；！？;!?]|\.\s")
_MAX_LABEL = 80
_NAME_FROM = 0.6


@dataclass(frozen=True, slots=True)
class Bullet:
    """A list item, taken apart."""

    label: Label | None = None
    span: Span = Span(0, 0)
    """Where the label stands."""
    id: str = ""
    link: Link | None = None
    """The link that is the whole label."""
    links: tuple[tuple[Link, Span], ...] = ()
    """The links behind the label, when nothing else stands there."""
    text_start: int = 0
    """Where the text behind the label begins in the first paragraph."""
    is_members_only: bool = False
    """Whether the item is nothing but bold names."""


def host_of(href: str) -> str:
    """The host of an absolute address, in lower case."""
    try:
        return (urlsplit(href).hostname or "").lower()
    except ValueError:
        return ""


def read_bullet(item: Block) -> Bullet:
    """Take a list item apart."""
    inline = first_paragraph(item).inline
    if not inline.text.strip():
        return Bullet()
    label_end, text_start = _colon(inline)
    heads_list = any(child.type in LISTS for child in item.children)
    return _linked(inline, label_end, text_start) or _labelled(
        inline, label_end, text_start, heads_list=heads_list
    )


def _linked(inline: InlineText, label_end: int | None, text_start: int) -> Bullet | None:
    """The item, if its label is a link or links follow its label."""
    behind = _links_only(inline, text_start) if label_end is not None else ()
    end = len(inline.text)
    link = _link_over(inline, end if label_end is None else label_end)
    if link is not None:
        label = parse_label(inline, link.start, link.end)
        start = end if label_end is None else text_start
        return Bullet(label, link.span, "", _as_link(inline, link), behind, start)
    return Bullet(links=behind, text_start=text_start) if behind else None


def _labelled(inline: InlineText, label_end: int | None, text_start: int, *, heads_list: bool) -> Bullet:
    """The item, if words are its label: before a colon, or in bold inside the sentence."""
    if label_end is not None and _may_be_label(inline, label_end):
        start = strip_numbering(inline.text[:label_end])[0]
        span, mark_id = label_span(inline, start, label_end)
        return Bullet(parse_label(inline, 0, label_end), span, mark_id, text_start=text_start)
    bold = inline.of(MarkKind.BOLD)
    words = inline.words(bold[0]) if len(bold) == 1 else ""
    # `- **条件生成**`, `- **Clustering Algorithms**` above a list; `- **DDPM**` names a method all the same.
    is_heading = heads_list and words != "" and (has_han(words) or name_shape(words).score < _NAME_FROM)
    if names_only(inline) and not is_heading:
        return Bullet(is_members_only=True)
    end = len(inline.text)
    if heads_list and _may_be_label(inline, end):  # `- 改进网络结构` with its approaches under it
        start = strip_numbering(inline.text)[0]
        span, mark_id = label_span(inline, start, end)
        return Bullet(parse_label(inline), span, mark_id, text_start=end)
    term = _telling_bold(inline)
    return Bullet(parse_label(inline, term.start, term.end), term.span, term.id) if term else Bullet()


def first_paragraph(item: Block) -> Block:
    """The paragraph that opens a list item; an empty block where there is none."""
    if item.children and item.children[0].type == "paragraph":
        return item.children[0]
    return Block("paragraph", (), item.span)


def _colon(inline: InlineText) -> tuple[int | None, int]:
    """Where the label ends and where the text behind its colon begins; (None, 0) without a colon.

    The colon stands outside bold, formulas, links and parentheses; or it is the last character of a bold span that
    opens the item: `**硬参数共享：**模型的…`.
    """
    opening = next(iter(inline.of(MarkKind.BOLD)), None)
    if opening and not inline.text[: opening.start].strip(" \t⚪•"):
        words = inline.text[: opening.end].rstrip()
        if words.endswith(("：", ":")):
            return len(words) - 1, opening.end
    depth = 0
    for match in _SIGN.finditer(_outside_marks(inline)):
        if match.group() in "(（":
            depth += 1
        elif match.group() in ")）":
            depth = max(0, depth - 1)
        elif depth == 0:
            return match.start(), match.end()
    return None, 0


def _outside_marks(inline: InlineText) -> str:
    """The text with everything that bold, links, formulas and the like cover made unreadable."""
    text: list[str] = []
    at = 0
    for mark in inline.marks:
        if mark.end > at:
            begin = max(at, mark.start)
            text += (inline.masked[at:begin], FILLER * (mark.end - begin))
            at = mark.end
    return "".join(text) + inline.masked[at:]


def _may_be_label(inline: InlineText, end: int) -> bool:
    opening = next(iter(inline.of(MarkKind.BOLD)), None)
    holds_colon = opening is not None and opening.start < end < opening.end
    words = (inline.masked if holds_colon else _outside_marks(inline))[:end]
    outside = _IN_PARENTHESES.sub("", words)
    return bool(words.strip()) and len(words) <= _MAX_LABEL and not _NOT_IN_LABEL.search(outside)


def label_span(inline: InlineText, start: int, end: int) -> tuple[Span, str]:
    """Where the label `text[start:end]` stands in the source, and the id behind its bold span."""
    start += len(inline.text[start:end]) - len(inline.text[start:end].lstrip())
    end = len(inline.text[:end].rstrip())
    inside = [mark for mark in inline.of(MarkKind.BOLD) if start <= mark.start and mark.end <= end + 1]
    mark_id = next((mark.id for mark in inside if mark.id), "")
    if inside and inside[0].start == start and inside[0].end >= end:
        return inside[0].span, mark_id
    span = Span(in_source(inline, start), in_source(inline, end, is_end=True), inline.span.passage)
    return span, mark_id


def _link_over(inline: InlineText, end: int) -> Mark | None:
    """The link that covers the whole label."""
    for link in inline.of(MarkKind.LINK):
        before, behind = inline.text[: link.start], inline.text[link.end : end]
        if not before[strip_numbering(before)[0] :].strip() and not behind.strip():
            return link
    return None


def _links_only(inline: InlineText, start: int) -> tuple[tuple[Link, Span], ...]:
    links = [mark for mark in inline.of(MarkKind.LINK) if mark.start >= start]
    at = start
    for mark in links:
        if not _SEPARATORS_ONLY.fullmatch(inline.text[at : mark.start]):
            return ()
        at = mark.end
    if not links or not _SEPARATORS_ONLY.fullmatch(inline.text[at:]):
        return ()
    return tuple((_as_link(inline, mark), mark.span) for mark in links)


def _as_link(inline: InlineText, mark: Mark) -> Link:
    return Link(mark.href, inline.words(mark))


def names_only(inline: InlineText) -> tuple[Mark, ...]:
    """The bold names of a text that is nothing but bold names; else nothing."""
    bold = inline.of(MarkKind.BOLD)
    at = 0
    for mark in bold:
        if not _SEPARATORS_ONLY.fullmatch(inline.text[at : mark.start]):
            return ()
        at = mark.end
    return bold if bold and _SEPARATORS_ONLY.fullmatch(inline.text[at:].replace("等", "")) else ()


def _telling_bold(inline: InlineText) -> Mark | None:
    """The bold term inside a sentence that tells what the item is about."""
    names = find_members(inline)
    named = {member.span for member in names.members}
    in_chinese = has_han(inline.text)
    for span in names.rest:
        if span.mark.span not in named and (has_han(span.words) or not in_chinese):
            return span.mark
    return None


def cut(paragraph: Block, start: int) -> Block | None:
    """The paragraph from offset `start` of its text on, as a block of its own; None when nothing is left."""
    rest = paragraph.inline.text[start:]
    start += len(rest) - len(rest.lstrip())
    if not rest.strip():
        return None
    opener, inline_token, closer = paragraph.tokens
    trimmed = inline_token.copy(children=_cut_tokens(inline_token.children or [], start))
    inline = paragraph.inline
    marks = tuple(mark.moved(start) for mark in inline.marks if mark.start >= start)
    text = InlineText(inline.text[start:], marks, inline.span, inline.masked[start:])
    return replace(paragraph, tokens=(opener, trimmed, closer), inline=text)


def _cut_tokens(children: list[Token], start: int) -> list[Token]:
    kept: list[Token] = []
    at, depth = 0, 0
    for token in children:
        length = visible_length(token)
        if at >= start:
            if token.nesting < 0 and depth == 0:
                continue  # it closes what was opened before the cut
            depth += token.nesting
            kept.append(token)
        elif at + length > start and token.type == "text":
            kept.append(token.copy(content=token.content[start - at :]))
        at += length
    return kept
