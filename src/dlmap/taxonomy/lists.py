"""Lists of an outline: which of them hold concepts, and how they are taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from dlmap.markdown import Block
from dlmap.taxonomy.bullets import LISTS, read_bullet

_SENTENCE_END = re.compile(r"[。！？]|\.\s")
_METRIC_LEAD = re.compile(
    r"指标[^，,；;]{0,20}?(?:有|包括|包含|如下|分为|以下\S{0,4})\W*$|^.{0,10}指标\W*$"
    r"|\bmetrics\s+(?:are|include|divide\s+into)\W*$",
    re.IGNORECASE,
)
_DATASET_LEAD = re.compile(
    r"(?:数据集|基准|datasets?|benchmarks?)(?:主要|通常|一般|常见|常用)?"
    r"(?:有|包括|包含|如下|\s*are|\s*include)?\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ListIntro:
    """The sentence that announces a list: `评估指标包括：` tells what its members are."""

    text: str = ""
    """Empty where nothing announces the list."""

    @property
    def to_metrics(self) -> bool:
        """Whether what follows are metrics."""
        return bool(_METRIC_LEAD.search(self.text))

    @property
    def to_datasets(self) -> bool:
        """Whether what follows are data sets, and no methods."""
        return bool(_DATASET_LEAD.search(self.text))


def lead_of(block: Block | None) -> ListIntro:
    """The last sentence of a paragraph that ends with a colon."""
    if block is None or block.type != "paragraph":
        return ListIntro()
    text = block.inline.text.rstrip()
    return ListIntro(_SENTENCE_END.split(text)[-1] if text.endswith(("：", ":")) else "")


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
    span = items[0].span._replace(end=items[-1].span.end)
    return replace(block, tokens=tokens, children=tuple(items), span=span)
