"""What a list item is: a family by its link, an approach by its label, or plain text (rules D6 and D7)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from markdown_it.token import Token

from dlmap.markdown import Block, InlineText, Mark, MarkKind
from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.labels import Label, parse_label, strip_numbering
from dlmap.taxonomy.members import find_members
from dlmap.taxonomy.node import Link
from dlmap.text import Span

_SEPARATORS_ONLY = re.compile(r"[\s,，、；;/和与及。.]*")
_NOT_IN_LABEL = re.compile(r"[，。；！？;!?]|\.\s")
_MAX_LABEL = 80


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
    region_end = label_end if label_end is not None else len(inline.text)
    link = _link_over(inline, region_end)
    behind = _links_only(inline, text_start) if label_end is not None else ()
    if link is not None:
        label = parse_label(inline, link.start, link.end)
        start = text_start if label_end is not None else len(inline.text)
        return Bullet(label, link.span, "", _as_link(inline, link), behind, start)
    if behind:
        return Bullet(links=behind, text_start=text_start)
    if label_end is not None and _may_be_label(inline, label_end):
        start = strip_numbering(inline.text[:label_end])[0]
        span, mark_id = _label_span(inline, start, label_end)
        return Bullet(parse_label(inline, 0, label_end), span, mark_id, text_start=text_start)
    if _is_members_only(inline):
        return Bullet(is_members_only=True)
    bold = _telling_bold(inline)
    if bold is not None:
        return Bullet(parse_label(inline, bold.start, bold.end), bold.span, bold.id)
    return Bullet()


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
    covered = [range(mark.start, mark.end) for mark in inline.marks]
    opening = next((m for m in inline.of(MarkKind.BOLD) if not inline.text[: m.start].strip(" \t⚪•")), None)
    if opening and inline.text[opening.start : opening.end].rstrip().endswith(("：", ":")):
        words = inline.text[: opening.end].rstrip()
        return len(words) - 1, opening.end
    depth = 0
    for index, char in enumerate(inline.masked):
        if any(index in reach for reach in covered):
            continue
        if char in "(（":
            depth += 1
        elif char in ")）":
            depth = max(0, depth - 1)
        elif char == "：" or (char == ":" and not inline.masked.startswith("//", index + 1)):
            if depth == 0:
                return index, index + 1
    return None, 0


def _may_be_label(inline: InlineText, end: int) -> bool:
    words = inline.masked[:end]
    for mark in inline.marks:
        if mark.end <= end:
            words = words[: mark.start] + "x" * (mark.end - mark.start) + words[mark.end :]
    outside = re.sub(r"[(（][^()（）]*[)）]", "", words)
    return bool(words.strip()) and len(words) <= _MAX_LABEL and not _NOT_IN_LABEL.search(outside)


def _label_span(inline: InlineText, start: int, end: int) -> tuple[Span, str]:
    inside = [mark for mark in inline.of(MarkKind.BOLD) if start <= mark.start and mark.end <= end + 1]
    mark_id = next((mark.id for mark in inside if mark.id), "")
    if inside and not inline.text[start : inside[0].start].strip():
        return inside[0].span, mark_id
    length = max(1, len(inline.text[start:end].strip()))
    first = inline.marks[0].start if inline.marks else len(inline.text)
    # Up to the first mark, text and source run in parallel; labels seldom have one before their first word.
    at = inline.span.start + min(start, first)
    return Span(at, at + length), mark_id


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


def _is_members_only(inline: InlineText) -> bool:
    bold = inline.of(MarkKind.BOLD)
    at = 0
    for mark in bold:
        if not _SEPARATORS_ONLY.fullmatch(inline.text[at : mark.start]):
            return False
        at = mark.end
    return bool(bold) and bool(_SEPARATORS_ONLY.fullmatch(inline.text[at:].replace("等", "")))


def _telling_bold(inline: InlineText) -> Mark | None:
    """The bold term inside a sentence that tells what the item is about."""
    members, rest = find_members(inline)
    named = {member.span for member in members}
    in_chinese = has_han(inline.text)
    for span in rest:
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
    marks = tuple(
        replace(mark, start=mark.start - start, end=mark.end - start)
        for mark in inline.marks
        if mark.start >= start
    )
    text = InlineText(inline.text[start:], marks, inline.span, inline.masked[start:])
    return replace(paragraph, tokens=(opener, trimmed, closer), inline=text)


def _cut_tokens(children: list[Token], start: int) -> list[Token]:
    from dlmap.markdown.inline import visible_length

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
