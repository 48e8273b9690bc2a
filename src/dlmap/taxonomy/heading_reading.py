"""What headings are: their levels relative to the outline, and which of them are entries and no sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dlmap.markdown import Block
from dlmap.taxonomy.bullets import LISTS, first_paragraph
from dlmap.taxonomy.entry import bracketed_name
from dlmap.taxonomy.labels import Label, parse_label
from dlmap.taxonomy.list_reading import ListKind, judge_list
from dlmap.taxonomy.name_shape import name_shape

_FAMILY_LEVEL = 3
_NAME_FROM = 0.5
_STRONG_FROM = 0.75


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of an outline: its topmost headings are parts, whatever level they are written at."""

    top: int = 1
    """The level of the topmost headings as they are written."""

    def of(self, block: Block) -> int:
        """The level of a heading in the map."""
        return 1 if block.level <= self.top else block.level - self.shift

    @property
    def shift(self) -> int:
        """How many levels the outline begins too deep: one that begins at level 2 has no level to spare."""
        return max(0, self.top - 2)


def levels_of(blocks: Sequence[Block]) -> Levels:
    """The levels of an outline whose map is made of these blocks."""
    return Levels(min((block.level for block in blocks if block.type == "heading"), default=1))


class EntryHeading(NamedTuple):
    """Why a heading is an entry."""

    reason: str
    confidence: float


class _Heading(NamedTuple):
    block: Block
    level: int
    label: Label
    score: float
    has_facts: bool
    """Whether a year stands in it, or nothing but fields under it."""
    has_year: bool
    is_bracketed: bool
    """Whether it is a name in brackets and the title of its paper."""


def entry_headings(pairs: Sequence[tuple[Block, Sequence[Block]]], levels: Levels) -> dict[int, EntryHeading]:
    """The headings that are entries, by their `id()`: siblings without headings of their own, judged together.

    `#### Word2Vec (2013)`, or a name with nothing but fields under it.
    """
    found: dict[int, EntryHeading] = {}
    for siblings in _siblings(pairs, levels):
        names = [each for each in siblings if each.score >= _NAME_FROM]
        years = sum(each.has_year for each in names)
        facts = sum(each.has_facts for each in names)
        bracketed = sum(each.is_bracketed for each in names)
        strong = sum(each.score >= _STRONG_FROM for each in names)
        level = siblings[0].level
        if level > 1 and years and 2 * years >= len(siblings) and (years > 1 or level > _FAMILY_LEVEL):
            why = EntryHeading(f"{years} of {len(siblings)} sibling headings are names with years", 0.9)
        elif level > 1 and bracketed > 1 and 2 * bracketed >= len(siblings):
            why = EntryHeading(f"{bracketed} of {len(siblings)} sibling headings are `[name] title`", 0.85)
        elif level > _FAMILY_LEVEL and 2 * facts >= len(siblings):
            why = EntryHeading(
                f"{facts} of {len(siblings)} sibling headings have nothing but fields under them", 0.85
            )
        elif level > _FAMILY_LEVEL and 2 * strong > len(siblings):
            why = EntryHeading(f"{strong} of {len(siblings)} sibling headings are spelt as names", 0.7)
        else:
            continue
        found.update({id(each.block): why for each in names})
    return found


def _siblings(pairs: Sequence[tuple[Block, Sequence[Block]]], levels: Levels) -> Iterator[list[_Heading]]:
    """The leaf headings of each level under one parent."""
    open_: dict[int, list[_Heading]] = {}
    for index, (block, under) in enumerate(pairs):
        level = levels.of(block)
        for deeper in [each for each in open_ if each > level]:
            yield open_.pop(deeper)
        following = levels.of(pairs[index + 1][0]) if index + 1 < len(pairs) else 0
        if level < 2 or following > level:
            continue
        label = parse_label(block.inline)
        bracketed = bracketed_name(block.inline.text)
        shape = name_shape(
            bracketed[0]
            if bracketed
            else " ".join([label.text, *(f"({name})" for name in (label.gloss, *label.alt) if name)])
        )
        has_facts = label.year is not None or _fields_only(under)
        is_family = "family" in block.classes or not label.text
        heading = _Heading(
            block,
            level,
            label,
            0.0 if shape.is_topic or is_family else shape.score,
            has_facts,
            label.year is not None,
            bracketed is not None,
        )
        open_.setdefault(level, []).append(heading)
    yield from open_.values()


def _fields_only(blocks: Sequence[Block]) -> bool:
    """Whether nothing but fields stand under a heading."""
    lists = [block for block in blocks if block.type in LISTS]
    others = [block for block in blocks if block.type not in LISTS and block.inline.text.strip()]
    if not lists or any(len(block.inline.text) > 200 for block in others) or len(others) > 1:
        return False
    return all(
        judge_list(block, "").kind is ListKind.FIELDS
        for block in lists
        if any(first_paragraph(item).inline.text.strip() for item in block.children)
    )
