"""Items among entries and groups that have no label of their own, and what a list was judged to be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from dlmap.markdown import Block, MarkKind
from dlmap.taxonomy.bullets import LISTS, Bullet, first_paragraph, label_span
from dlmap.taxonomy.decision import Decision, shortened
from dlmap.taxonomy.item_shape import ItemShape
from dlmap.taxonomy.kinds import Kind
from dlmap.taxonomy.labels import parse_label, strip_numbering
from dlmap.taxonomy.list_reading import ListKind, ListReading, judge_list
from dlmap.taxonomy.lists import sublist
from dlmap.taxonomy.section import Section

_MAX_TOPIC = 40
_MARKS = {ListKind.ENTRIES: "{.term}", ListKind.TOPICS: "{.method}"}
"""The marks behind a bold name that decide otherwise than its list."""
_NO_TOPIC = re.compile(r"[。，；！？;!?]|\.\s*$|, |://|[的了]|只有|没有")
_SUBJECT = re.compile(
    r"\s*(?P<subject>[^\s，。；：、,;:（）()\ufffc]{2,16}?)(?:是指|指的是|是|用于|用来|旨在|指)"
)


def unwrapped(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks of an outline, with the headings in list items taken out of their lists: `- ## Encoders`."""
    for block in blocks:
        if block.type not in LISTS or not any(_opens_with_heading(item) for item in block.children):
            yield block
            continue
        for is_heading, items in groupby(block.children, _opens_with_heading):
            if is_heading:
                for item in items:
                    yield from unwrapped(item.children)
            else:
                yield sublist(block, list(items))


def _opens_with_heading(item: Block) -> bool:
    return bool(item.children) and item.children[0].type == "heading"


def holds_entries(block: Block) -> bool:
    """Whether a list under an item holds entries."""
    return block.type in LISTS and bool(judge_list(block, "").entries)


def topic_of(item: Block, shape: ItemShape, reading: ListReading) -> Bullet | None:
    """The label of an item that is nothing but words among entries or groups, or whose sentence has a subject.

    `GAN原理`, `攻击是指构造有害的样本；常用的攻击方法包括：…`.
    """
    inline = first_paragraph(item).inline
    if shape.names_members and (subject := _SUBJECT.match(inline.masked)):
        span, _ = label_span(inline, subject.start("subject"), subject.end("subject"))
        return Bullet(parse_label(inline, 0, subject.end("subject")), span)
    bare = sum(each.entry.opener == "bare" for each in reading.items)
    is_topic = shape.entry.opener == "bare" and shape.entry.is_whole and not shape.field
    if (
        reading.kind not in (ListKind.ENTRIES, ListKind.GROUPS)
        or not is_topic
        or 2 * bare <= len(reading.items)
        or len(inline.text) > _MAX_TOPIC
        or _NO_TOPIC.search(inline.text)
    ):
        return None
    start = strip_numbering(inline.text)[0]
    span, _ = label_span(inline, start, len(inline.text))
    return Bullet(parse_label(inline), span, text_start=len(inline.text))


def decision_on(block: Block, reading: ListReading) -> Decision:
    """What a list was judged to be, and why."""
    words = "; ".join(first_paragraph(item).inline.text for item in block.children[:3])
    return Decision(
        "list",
        block.span,
        shortened(words),
        str(reading.kind),
        f"list.{reading.kind}",
        reading.reason,
        round(reading.confidence, 2),
        _MARKS.get(reading.kind, ""),
    )


def families_decision(block: Block, count: int) -> Decision:
    """That a list holds links to the author's own pages, which are families."""
    words = "; ".join(first_paragraph(item).inline.text for item in block.children[:3])
    reason = f"{count} of {len(block.children)} items link to pages of the outline's own"
    return Decision("list", block.span, shortened(words), "families", "list.links", reason, 0.95)


def titled_list(paragraph: Block, block: Block | None, level: int) -> Section | None:
    """The group that a line in bold opens above a list of entries: `**Encoder models**`; else None."""
    bold = paragraph.inline.of(MarkKind.BOLD)
    if paragraph.type != "paragraph" or block is None or block.type not in LISTS or len(bold) != 1:
        return None
    words = paragraph.inline.words(bold[0])
    if (
        paragraph.inline.text.strip().rstrip(":：").strip() != words.rstrip(":：").strip()
        or len(words) > _MAX_TOPIC
    ):
        return None
    if judge_list(block, words).kind not in (ListKind.ENTRIES, ListKind.GROUPS):
        return None
    return Section(Kind.APPROACH, parse_label(paragraph.inline), bold[0].span, level, bold[0].id)
