"""What stands before the first part: the introduction, without a contents list made by hand (rule D15)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from dlmap.markdown import Block, MarkKind
from dlmap.taxonomy.bullets import LISTS
from dlmap.taxonomy.labels import parse_label, strip_numbering
from dlmap.taxonomy.names import name_key

_CONTENTS = re.compile(r"\W*(?:(本文|文章)?(目录|大纲)|(table of )?contents?|toc|index)\W*", re.IGNORECASE)
_MAX_BEFORE_PART = 2
"""How many headings may stand before the first part in a preface."""


def first_part(blocks: Sequence[Block]) -> int:
    """Where the map begins: the first heading of level 1, or the first of all where none has that level."""
    headings = [
        index
        for index, block in enumerate(blocks)
        if block.type == "heading" and not _announces_contents(block)
    ]
    part = next((index for index in headings if blocks[index].level == 1), None)
    if part is None:
        return headings[0] if headings else len(blocks)
    before = [index for index in headings if index < part]
    # A heading of level 1 far down is one more section of an outline that began without it.
    return before[0] if len(before) > _MAX_BEFORE_PART and 2 * len(before) > len(headings) else part


def split_contents(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """The preface without its hand-made contents list; and that list, with the line that announces it if one does."""
    for index, block in enumerate(blocks):
        begin = index + 1 if _announces_contents(block) else index
        end = begin
        while end < len(blocks) and blocks[end].type in LISTS:
            end += 1
        if end > begin and (begin > index or _leads_into_the_page(blocks[begin])):
            return (*blocks[:index], *blocks[end:]), tuple(blocks[index:end])
    return tuple(blocks), ()


def without_contents(pairs: Sequence[tuple[Block, Sequence[Block]]]) -> list[tuple[Block, Sequence[Block]]]:
    """Headings with the blocks under them, without contents lists made by hand, and without the headings of those.

    Such a list is announced, or it leads to the headings below its own; any other list of links into the page places
    concepts a second time.
    """
    kept: list[tuple[Block, Sequence[Block]]] = []
    for place, (heading, blocks) in enumerate(pairs):
        lists = [block for block in blocks if block.type in LISTS and _leads_into_the_page(block)]
        if not lists:
            kept.append((heading, blocks))
            continue
        announced = _announces_contents(heading)
        below = set() if announced else _names_below(pairs, place)
        rest = [
            block
            for before, block in zip((heading, *blocks), blocks, strict=False)
            if block not in lists
            or not (announced or _announces_contents(before) or _lists_all(block, below))
        ]
        rest = [block for block in rest if not _announces_contents(block)]
        if not announced or any(block.inline.text.strip() or block.children for block in rest):
            kept.append((heading, rest))
    return kept


def _names_below(pairs: Sequence[tuple[Block, Sequence[Block]]], place: int) -> set[str]:
    """The names of the headings below one."""
    level = pairs[place][0].level
    below = takewhile(lambda heading: heading.level > level, (pair[0] for pair in pairs[place + 1 :]))
    return {name_key(parse_label(heading.inline).text) for heading in below}


def _lists_all(block: Block, names: set[str]) -> bool:
    """Whether most items of a list are among the names."""
    items = [inner.inline.text.strip() for inner in block.walk() if inner.inline.text.strip()]
    listed = sum(name_key(item[strip_numbering(item)[0] :]) in names for item in items)
    return len(items) > 1 and 2 * listed > len(items)


def _announces_contents(block: Block) -> bool:
    if block.type not in ("paragraph", "heading"):
        return False
    return bool(_CONTENTS.fullmatch(block.inline.text.strip().rstrip("：: ").strip()))


def _leads_into_the_page(block: Block) -> bool:
    """Whether a list is nothing but links to headings of the same page."""
    texts = [inner.inline for inner in block.walk() if inner.inline.text.strip()]
    return bool(texts) and all(
        (links := text.of(MarkKind.LINK))
        and all(link.href.startswith("#") for link in links)
        and sum(link.end - link.start for link in links) >= len(text.text.strip())
        for text in texts
    )
