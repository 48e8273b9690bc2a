"""What stands before the first part: the introduction, without a contents list made by hand (rule D15)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from dlmap.markdown import Block, MarkKind
from dlmap.taxonomy.bullets import LISTS

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


def without_contents(
    pairs: Iterable[tuple[Block, Sequence[Block]]],
) -> Iterator[tuple[Block, Sequence[Block]]]:
    """Headings with the blocks under them, without contents lists made by hand, and without the headings of those."""
    for heading, blocks in pairs:
        kept = [block for block in blocks if not (block.type in LISTS and _leads_into_the_page(block))]
        rest = any(block.inline.text.strip() or block.children for block in kept)
        if len(kept) == len(blocks) or rest or not _announces_contents(heading):
            yield heading, kept if len(kept) < len(blocks) else blocks


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
