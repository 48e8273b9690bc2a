"""What a list is: groups, entries, fields, steps or prose.  Siblings are judged together, never one by one.

Each item is described by its shape; the shapes of all items, and of the lists at the same depth, give one kind.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dlmap.markdown import Block
from dlmap.taxonomy.bullets import LISTS, first_paragraph
from dlmap.taxonomy.facts import NO_FACTS
from dlmap.taxonomy.item_shape import ItemShape, item_shape
from dlmap.taxonomy.labels import strip_numbering

ENTRIES_FROM = 0.5
"""The score from which a list holds entries."""
_ITEM_FROM = 0.45
_STRONG_FROM = 0.8
_CERTAIN_FROM = 0.9
_INTRO_FOR = re.compile(
    r"(?:模型|网络|方法|算法|架构|结构|变体|工作|技术|损失函数|激活函数|优化器|models?|networks?|methods?|algorithms?|architectures?|"
    r"variants?|techniques?|approaches|optimi[sz]ers?|zoo|GANs?)",
    re.IGNORECASE,
)
_INTRO_AGAINST = re.compile(
    r"(?:步骤|流程|过程|优点|缺点|特点|应用|任务|场景|问题|挑战|组成|组件|成分|部分|原因|目录|要点|指标|"
    r"steps?|components?|advantages?|disadvantages?|limitations?|applications?|tasks?|challenges?|contents|key\s+points?|features|"
    r"concepts?|directions?|prerequisites?|metrics?|requirements)",
    re.IGNORECASE,
)
_RESOURCES = re.compile(
    r"(?:数据集|资源|教程|参考|课程|书籍|博客|工具|文献|datasets?|benchmarks?|resources?|tutorials?|references?|courses?|books?|blogs?|"
    r"tools?|librar(?:y|ies)|contributing|license|acknowledge?ments?|surveys?|installation|usage|citation|videos?|talks?|lectures?|"
    r"communit(?:y|ies)|people|labs?|conferences?|workshops?|competitions?|jobs?|news|further\s+reading|see\s+also)\W*$|"
    r"^\W*(?:courses?|books?|tutorials?|resources?|references?|videos?|lectures?|blogs?|tools?|datasets?)\s+(?:on|for|about|in|from)\b",
    re.IGNORECASE,
)
_STEP_INTRO = re.compile(
    r"(?:步骤|流程|过程)(?:如下|为|是|包括)?|算法如下|如下步骤|\b(?:steps?|procedure|algorithm|as follows)\b",
    re.IGNORECASE,
)
_STEP_WORDS = re.compile(
    r"(?:首先|然后|接着|接下来|最后|其次|重复|初始化|计算|输入|输出|更新|first|then|next|finally|repeat|initiali[sz]e|compute|"
    r"update|set|for each|while|if|return|install|run|clone|download|create|open)(?![a-z])",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[。！？!?；;]|\.(?:\s|$)")


class ListKind(StrEnum):
    """What a list is."""

    GROUPS = "groups"
    ENTRIES = "entries"
    FIELDS = "fields"
    STEPS = "steps"
    TOPICS = "topics"
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class ListReading:
    """What a list was judged to be."""

    kind: ListKind
    confidence: float
    reason: str
    items: tuple[ItemShape, ...]
    entries: frozenset[int] = frozenset()
    """The places of the items that are entries."""


def judge_list(block: Block, context: str, cohort: float | None = None) -> ListReading:
    """Judge a list; `context` is the sentence or the heading that announces it.

    `cohort` is the mean score of the lists at the same depth of one tree of lists, where there is such a tree.
    """
    items = tuple(item_shape(item, is_ordered=block.type == "ordered_list") for item in block.children)
    told = [item for item in items if item.entry.opener or item.field or item.holds_list]
    if not told:
        return ListReading(ListKind.PROSE, 0.9, "no item opens with words", items)
    return _by_structure(block, items, told, context) or _by_score(items, told, context, cohort)


def _by_structure(
    block: Block, items: tuple[ItemShape, ...], told: list[ItemShape], context: str
) -> ListReading | None:
    """Fields, steps and groups: what the shapes of the items leave no doubt of."""
    fields = sum(bool(item.field) for item in told)
    has_facts = any(item.field and item.entry.facts != NO_FACTS for item in told)
    if 2 * fields >= len(told) and (fields > 1 or has_facts):
        reason = f"{fields} of {len(told)} items name a field"
        return ListReading(ListKind.FIELDS, fields / len(told), reason, items)
    if _is_steps(block, told, context):
        return ListReading(ListKind.STEPS, 0.8, "numbered sentences that tell what to do", items)
    groups = sum(item.is_group for item in told)
    if 3 * groups < len(told) * (2 if block.type == "ordered_list" else 1):
        return None
    reason = f"{groups} of {len(told)} items hold names or lists of their own"
    names = _places(items, lambda item: not item.is_group and item.score >= _STRONG_FROM and item.is_certain)
    return ListReading(ListKind.GROUPS, min(1.0, 0.6 + groups / len(told) / 2), reason, items, names)


def _by_score(
    items: tuple[ItemShape, ...], told: list[ItemShape], context: str, cohort: float | None
) -> ListReading:
    """Entries or topics: what most items look like, and what the list is called."""
    judged = [item for item in told if not (item.shape.is_topic or item.is_title or item.field)]
    titles = sum(item.is_title for item in told)
    prior = _prior(context)
    may_be = prior >= 0 and (len(judged) > 1 or titles > 0)
    names = _places(items, lambda item: may_be and item.score >= _CERTAIN_FROM and not item.is_title)
    if not judged or 2 * len(judged) < len(told):
        reason = "most items are titles" if 2 * titles > len(told) else "most items name topics"
        return ListReading(ListKind.TOPICS, 0.6, reason, items, names)
    mean = sum(item.score for item in judged) / len(judged)
    openers = Counter(item.entry.opener for item in judged)
    if 5 * openers.most_common(1)[0][1] <= 4 * len(judged):
        mean -= 0.1  # names are written in one way, words in many
    if cohort is not None:
        mean = (mean + cohort) / 2
    score = max(0.0, min(1.0, mean + prior))
    if score < ENTRIES_FROM:
        return ListReading(ListKind.TOPICS, 1.0 - score, f"items read as topics ({score:.2f})", items, names)
    names = _places(
        items,
        lambda item: (
            not (item.field or item.names_members or item.is_title)
            and 0.6 * item.score + 0.4 * score - 0.3 * item.shape.is_topic >= _ITEM_FROM
        ),
    )
    return ListReading(ListKind.ENTRIES, score, _reason(judged, prior), items, names)


def _places(items: Sequence[ItemShape], is_name: Callable[[ItemShape], bool]) -> frozenset[int]:
    return frozenset(place for place, item in enumerate(items) if item.entry.names and is_name(item))


def _reason(items: list[ItemShape], prior: float) -> str:
    years = sum(item.entry.facts.year is not None for item in items)
    papers = sum(bool(item.entry.facts.paper_url) for item in items)
    said = [f"{len(items)} names"]
    if years:
        said.append(f"{years} years")
    if papers:
        said.append(f"{papers} papers")
    shape = max(items, key=lambda item: item.shape.score).shape.reason
    announced = (
        ", announced as methods" if prior > 0 else ", announced as something else" if prior < 0 else ""
    )
    return f"{', '.join(said)}; a name {shape}{announced}"


def _prior(context: str) -> float:
    if any(_RESOURCES.search(part) for part in context.split("\n")):
        return -0.6
    if _INTRO_AGAINST.search(context):
        return -0.2
    return 0.12 if _INTRO_FOR.search(context) else 0.0


def _is_steps(block: Block, items: list[ItemShape], context: str) -> bool:
    if block.type != "ordered_list":
        return False
    sentences = sum(_is_sentence(item) for item in items)
    if _STEP_INTRO.search(context):
        return sum(item.score >= 0.7 for item in items) * 2 < len(items)
    begin = sum(bool(_STEP_WORDS.match(_text(item))) for item in items)
    return 2 * begin > len(items) or (
        2 * sentences > len(items) and not any(item.names_members for item in items)
    )


def _text(item: ItemShape) -> str:
    text = first_paragraph(item.item).inline.text
    return text[strip_numbering(text)[0] :].strip()


def _is_sentence(item: ItemShape) -> bool:
    """Whether an item is a sentence without a label."""
    return (
        not item.entry.separator and item.entry.opener == "bare" and bool(_SENTENCE_END.search(_text(item)))
    )


def cohorts(block: Block) -> dict[int, float]:
    """The mean score of all entries at the same depth, by the `id()` of the lists there that hold no list."""
    scores: dict[int, list[float]] = defaultdict(list)
    lists: dict[int, list[int]] = defaultdict(list)
    for depth, inner in _lists(block, 0):
        items = [item_shape(item, is_ordered=inner.type == "ordered_list") for item in inner.children]
        if any(item.holds_list for item in items):
            continue
        lists[depth].append(id(inner))
        scores[depth] += [item.score for item in items if item.entry.names and not item.shape.is_topic]
    return {
        which: sum(scores[depth]) / len(scores[depth])
        for depth, ids in lists.items()
        if len(ids) > 1 and scores[depth]
        for which in ids
    }


def _lists(block: Block, depth: int) -> Iterator[tuple[int, Block]]:
    yield depth, block
    for item in block.children:
        for child in item.children:
            if child.type in LISTS:
                yield from _lists(child, depth + 1)
