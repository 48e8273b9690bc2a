"""Take entries into a section: items of lists, rows of tables, titled paragraphs, headings, and the fields of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dlmap.markdown import Block, MarkKind
from dlmap.taxonomy.bullets import LISTS, first_paragraph, label_span, names_only
from dlmap.taxonomy.decision import Decision, shortened
from dlmap.taxonomy.entries import (
    emphasised,
    field_facts,
    members_of_entry,
    table_entries,
    titled_paragraph,
)
from dlmap.taxonomy.entry import opening_mark, read_entry
from dlmap.taxonomy.item_shape import ItemShape, holds_facts_only, item_shape
from dlmap.taxonomy.kinds import NAMED
from dlmap.taxonomy.list_reading import ListKind, judge_list
from dlmap.taxonomy.section import Section


def take_entry(section: Section, item: Block, shape: ItemShape, *, metrics: bool = False) -> Block:
    """Take the names of an item into its section; returns the item as it is shown."""
    paragraph = first_paragraph(item)
    inline, entry = paragraph.inline, shape.entry
    facts = entry.facts
    for child in item.children:
        if child.type in LISTS and holds_facts_only(child):
            facts = field_facts([child], facts)
    mark = opening_mark(inline, entry)
    span = (
        mark.span if mark else entry.span if entry.span.end else label_span(inline, entry.start, entry.end)[0]
    )
    sentence = " ".join(inline.text.split())
    written = next((kind.value for kind in NAMED if mark and kind.value in mark.classes), "method")
    kind = "metric" if metrics else written
    names = names_only(inline)
    if len(names) > 1:  # - **SM3**, **LAMB**
        entries = [(replace(entry, names=(inline.words(each),)), each) for each in names]
        for one, each in entries:
            named = members_of_entry(one, sentence, each.span, facts)
            section.members += (replace(member, kind=kind, id=each.id) for member in named)
        return item
    members = list(members_of_entry(entry, sentence, span, facts))
    written = mark.id if mark and len(members) == 1 else ""
    section.members += (replace(member, kind=kind, id=written) for member in members)
    section.read_text(inline, max(entry.text_start, entry.end))
    for child in item.children:
        if child is paragraph:
            continue
        if child.type in LISTS:
            take_variants(section, child, metrics=metrics)
        else:
            section.read_block(child)
    if entry.opener != "bare" or len(members) != 1:
        return item
    return _with_first(item, emphasised(paragraph, entry, span))


def take_variants(section: Section, block: Block, *, metrics: bool = False) -> None:
    """Take the entries of a list that stands under an entry: variants of it belong to the same section."""
    if holds_facts_only(block):
        return
    reading = judge_list(block, "")
    for place, shape in enumerate(reading.items):
        if reading.kind is ListKind.ENTRIES and place in reading.entries:
            take_entry(section, shape.item, shape, metrics=metrics)
        else:
            section.read_block(shape.item)


def _with_first(item: Block, paragraph: Block) -> Block:
    """The item with another first paragraph."""
    children = (paragraph, *item.children[1:])
    tokens = (item.tokens[0], *(token for child in children for token in child.tokens), item.tokens[-1])
    return replace(item, tokens=tokens, children=children)


def take_table(section: Section, block: Block) -> bool:
    """Take the names of a table into its section; False where it is no table of entries."""
    members = list(table_entries(block))
    section.members += members
    if members:
        section.decisions.append(
            Decision(
                "list",
                block.span,
                shortened(", ".join(member.name for member in members)),
                "entries",
                "table.names",
                f"a table with a column of {len(members)} names",
                0.9,
            )
        )
    return bool(members)


def take_titled(section: Section, block: Block) -> bool:
    """Take the name of a paragraph that opens with a title in bold; False where it is none."""
    read = titled_paragraph(block)
    if read is None:
        return False
    entry, facts = read
    sentence = block.inline.words(block.inline.of(MarkKind.BOLD)[0])
    members = list(members_of_entry(entry, sentence, entry.span, facts))
    section.members += members
    section.decisions.append(
        Decision(
            "heading",
            entry.span,
            shortened(sentence),
            "method",
            "paragraph.title",
            "a title in bold with links to its paper",
            0.8,
            "{.term}",
        )
    )
    return bool(members)


def take_heading(section: Section, heading: Block, blocks: Sequence[Block]) -> None:
    """Take a heading that is an entry, and what stands under it, into the section around it."""
    inline = heading.inline
    entry = read_entry(inline)
    facts = field_facts(
        [block for block in blocks if block.type in LISTS or block.type == "paragraph"], entry.facts
    )
    mark = opening_mark(inline, entry)
    span = mark.span if mark else label_span(inline, entry.start, entry.end)[0]
    gloss = next((_gloss(block) for block in blocks if _gloss(block)), "")
    members = list(members_of_entry(replace(entry, gloss=entry.gloss or gloss), "", span, facts))
    section.members += (replace(member, id=heading.id if len(members) == 1 else "") for member in members)
    opener, token, closer = heading.tokens
    shown = replace(
        heading,
        type="paragraph",
        level=0,
        tokens=(
            opener.copy(type="paragraph_open", tag="p", markup=""),
            token,
            closer.copy(type="paragraph_close", tag="p", markup=""),
        ),
    )
    section.content.append(emphasised(shown, entry, span) if entry.opener == "bare" else shown)
    for block in blocks:
        section.content.append(block)
        if block.type in ("table", "html_block"):
            take_table(section, block)
        elif block.type not in LISTS:
            section.read_block(block)


def _gloss(block: Block) -> str:
    """What the text under an entry's heading says of it: its first sentence of prose, or its field `intro`."""
    if block.type == "paragraph":
        return " ".join(block.inline.text.split())
    if block.type in LISTS:
        for item in block.children:
            shape = item_shape(item, is_ordered=False)
            if shape.field in _TELLING and shape.entry.gloss:
                return shape.entry.gloss
    return ""


_TELLING = (
    "intro",
    "introduction",
    "description",
    "summary",
    "tl;dr",
    "tldr",
    "简介",
    "介绍",
    "摘要",
    "abstract",
)
