"""What a list is: groups, entries, fields, steps or prose.  Siblings are judged together, never one by one.

Each item is described by its shape; the shapes of all items, and of the lists at the same depth, give one kind.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dlmap.markdown import Block, InlineText, MarkKind
from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.bullets import LISTS, first_paragraph
from dlmap.taxonomy.entry import Entry, read_entry, title_prefix
from dlmap.taxonomy.facts import Facts, field_name, is_link_word, is_title
from dlmap.taxonomy.labels import strip_numbering
from dlmap.taxonomy.name_shape import NameShape, name_shape

ENTRIES_FROM = 0.5
"""The score from which a list holds entries."""
_ITEM_FROM = 0.45
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
    r"communit(?:y|ies)|people|labs?|conferences?|workshops?|competitions?|jobs?|news|further\s+reading|see\s+also)\W*$",
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
_LATIN_NAME = re.compile(r"[A-Z]{2}|[a-z][A-Z]|[A-Za-z]-?\d")
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
class ItemShape:
    """One item of a list."""

    item: Block
    entry: Entry
    shape: NameShape
    """Of the name it opens with."""
    field: str = ""
    """The name of the field that its label is."""
    holds_list: bool = False
    """Whether a list under it holds more than facts."""
    names_members: bool = False
    """Whether its text names methods in bold behind the label: then it is a group of them."""
    score: float = 0.0
    """How much it looks like an entry, from 0 to 1."""


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
    fields = sum(bool(item.field) for item in told)
    told_facts = any(item.field and item.entry.facts != Facts() for item in told)
    if 2 * fields >= len(told) and (fields > 1 or told_facts):
        return ListReading(
            ListKind.FIELDS, fields / len(told), f"{fields} of {len(told)} items name a field", items
        )
    groups = sum(item.holds_list or item.names_members for item in told)
    if _is_steps(block, told, context):
        return ListReading(ListKind.STEPS, 0.8, "numbered sentences that tell what to do", items)
    if 3 * groups >= len(told) * (2 if block.type == "ordered_list" else 1):
        strong = frozenset(
            place
            for place, item in enumerate(items)
            if not (item.holds_list or item.names_members)
            and item.score >= 0.8
            and (item.entry.facts.year is not None or not has_han(item.entry.names[0]))
        )
        reason = f"{groups} of {len(told)} items hold names or lists of their own"
        return ListReading(ListKind.GROUPS, min(1.0, 0.6 + groups / len(told) / 2), reason, items, strong)
    judged = [item for item in told if not item.shape.is_topic and not item.field]
    if not judged or 2 * len(judged) < len(told):
        return ListReading(ListKind.TOPICS, 0.6, "most items name topics", items)
    own = sum(item.score for item in judged) / len(judged)
    openers = Counter(item.entry.opener for item in judged)
    if 5 * openers.most_common(1)[0][1] <= 4 * len(judged):
        own -= 0.1  # names are written in one way, words in many
    mean = own if cohort is None else (own + cohort) / 2
    prior = _prior(context)
    score = max(0.0, min(1.0, mean + prior))
    if score < ENTRIES_FROM:
        return ListReading(
            ListKind.TOPICS,
            1.0 - score,
            f"items read as topics ({score:.2f})",
            items,
            frozenset(
                place
                for place, item in enumerate(items)
                if item.score >= 0.9 and len(judged) > 1 and prior >= 0
            ),
        )
    chosen = frozenset(
        place
        for place, item in enumerate(items)
        if item.entry.names
        and not item.field
        and not item.names_members
        and 0.6 * item.score + 0.4 * score - 0.3 * item.shape.is_topic >= _ITEM_FROM
    )
    return ListReading(ListKind.ENTRIES, score, _reason(judged, prior), items, chosen)


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
        return -0.5
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


def item_shape(item: Block, *, is_ordered: bool) -> ItemShape:
    """Describe one item."""
    inline = first_paragraph(item).inline
    entry = read_entry(inline)
    field = _field(inline, entry)
    holds_list = any(child.type in LISTS and not holds_facts_only(child) for child in item.children)
    named = " ".join(entry.names)
    prefix, _ = title_prefix(named)
    shape = name_shape(prefix or (entry.names[0] if entry.names else ""))
    if len(entry.names) > 1:
        shape = max(map(name_shape, entry.names), key=lambda each: each.score)
    members = _names_members(inline, entry)
    score = 0.0 if field or not entry.names else _score(inline, entry, shape, is_ordered=is_ordered)
    return ItemShape(item, entry, shape, field, holds_list, members, score)


def _score(inline: InlineText, entry: Entry, shape: NameShape, *, is_ordered: bool) -> float:
    score = shape.score
    if shape.is_topic:
        return score
    facts = entry.facts
    if (
        entry.separator == "colon"
        and has_han(entry.names[0])
        and facts == Facts()
        and not _LATIN_NAME.search(entry.names[0])
    ):
        score -= 0.25  # 硬参数共享 (Hard Parameter Sharing)：… tells of an approach
    if facts.year is not None:
        score += 0.25
    if facts.paper_url:
        score += 0.25
    if entry.opener == "bold" and is_ordered and entry.is_whole:
        score += 0.2  # 12. **Real NVP**
    if entry.opener == "link" and is_title(entry.names[0]) and shape.score < 0.7:
        score -= 0.35  # the title of a paper, a tutorial, an article
    if not entry.separator and not entry.is_whole:
        score -= 0.35 if entry.opener == "bare" else 0.15  # the name is the subject of a sentence
    if entry.opener == "bare" and entry.is_whole and _SENTENCE_END.search(inline.text.strip()[:-1]):
        score -= 0.3
    return max(0.0, min(1.0, score))


def _field(inline: InlineText, entry: Entry) -> str:
    """The field that an item names: `arxiv: …`, `论文：…`, `[Paper](…)` alone."""
    text = inline.text[strip_numbering(inline.text)[0] :]
    label = re.split(r"[:：]", text, maxsplit=1)
    if len(label) > 1 and (name := field_name(label[0])):
        return name
    if len(label) == 1 and entry.opener == "bare" and "(" not in text and (name := field_name(text)):
        return name  # 简介 without its text
    links = inline.of(MarkKind.LINK)
    covered = sum(link.end - link.start for link in links)
    if (
        links
        and is_link_word(inline.words(links[0]))
        and links[0].start <= 2
        and 2 * covered >= len(text.strip())
    ):
        return field_name(inline.words(links[0])) or "link"
    return ""


def holds_facts_only(block: Block) -> bool:
    """Whether a list only tells of the entry it stands under: fields, links, sentences."""
    items = [item for item in block.children if first_paragraph(item).inline.text.strip()]
    if not items:
        return True
    facts = 0
    for item in items:
        inline = first_paragraph(item).inline
        entry = read_entry(inline)
        if _field(inline, entry):
            facts += 2
        elif _names_members(inline, entry) or (entry.separator and len(entry.gloss) > 0):
            return False
        elif (
            inline.of(MarkKind.LINK)
            and entry.opener == "link"
            or len(inline.text) > 60
            or _SENTENCE_END.search(inline.text.strip())
        ):
            facts += 1
    return facts >= len(items)


def _names_members(inline: InlineText, entry: Entry) -> bool:
    """Whether bold names stand behind the label of an item, or are announced there."""
    if entry.names and inline.text.rstrip().endswith((":", "：")):
        return True
    if not entry.separator and entry.opener == "bold" and not entry.is_whole:
        return len([m for m in inline.of(MarkKind.BOLD) if m.start >= entry.end]) > 1
    behind = [mark for mark in inline.of(MarkKind.BOLD) if mark.start >= max(entry.text_start, entry.end)]
    return bool(behind) and (len(behind) > 1 or has_han(inline.text) or bool(entry.separator))
