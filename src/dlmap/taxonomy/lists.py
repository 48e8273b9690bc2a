"""Lists of an outline: which of them hold concepts, and how they are taken apart."""

from __future__ import annotations

from dataclasses import replace

from dlmap.markdown import Block
from dlmap.taxonomy.bullets import read_bullet
from dlmap.text import Span

LISTS = ("bullet_list", "ordered_list")


def ends_with_colon(block: Block) -> bool:
    """Whether a block announces what stands under it."""
    return block.type == "paragraph" and block.inline.text.rstrip().endswith(("：", ":"))


def holds_concepts(block: Block) -> bool:
    """Whether an item of this list, or of a list in it, has a label or a link for a label."""
    for item in block.children if block.type in LISTS else ():
        bullet = read_bullet(item)
        is_labelled = bullet.label is not None and (bullet.link is not None or block.type == "bullet_list")
        if is_labelled or bullet.links or any(map(holds_concepts, item.children)):
            return True
    return False


def without_lists(item: Block) -> Block:
    """A list item with its text only."""
    kept = tuple(child for child in item.children if child.type not in LISTS)
    tokens = (item.tokens[0], *(token for child in kept for token in child.tokens), item.tokens[-1])
    return replace(item, tokens=tokens, children=kept)


def sublist(block: Block, items: list[Block]) -> Block:
    """The list `block` with only some of its items."""
    if tuple(items) == block.children:
        return block
    tokens = (block.tokens[0], *(token for item in items for token in item.tokens), block.tokens[-1])
    return replace(
        block, tokens=tokens, children=tuple(items), span=Span(items[0].span.start, items[-1].span.end)
    )
