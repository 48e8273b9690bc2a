"""The shape of a list item: the name it opens with, its facts, and how much it looks like an entry."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dlmap.markdown import Block, InlineText, MarkKind
from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.bullets import LISTS, first_paragraph
from dlmap.taxonomy.entry import Entry, read_entry, title_prefix
from dlmap.taxonomy.facts import NO_FACTS, field_name, is_link_word, is_title
from dlmap.taxonomy.labels import strip_numbering
from dlmap.taxonomy.name_shape import NameShape, name_shape

_CUE = re.compile(
    r"(?:例如|比如|诸如|包括|包含|如|such as|including|e\.g\.,?|like)\s*[:：]?\s*", re.IGNORECASE
)
_RUN = re.compile(r"\s*[、,，;；/]\s*(?:and\s+|以及|和)?|\s*和\s*|\s+and\s+|等?[。.]?\s*$")
_TITLE_WORDS, _TITLE_LETTERS, _SPELT_FROM, _LATIN_FROM = 5, 8, 0.7, 0.75
_SENTENCE_END = re.compile(r"[。！？!?；;]|\.(?:\s|$)")


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
    is_label: bool = False
    """Whether it ends with the colon of a label, and nothing is written behind it yet."""
    is_title: bool = False
    """Whether it is the title of a paper, and no name."""
    score: float = 0.0
    """How much it looks like an entry, from 0 to 1."""

    @property
    def is_group(self) -> bool:
        """Whether it holds names of its own, or is a label for some to come."""
        return self.holds_list or self.names_members or self.is_label

    @property
    def is_certain(self) -> bool:
        """Whether its name is one by more than its Chinese words."""
        return self.entry.facts.year is not None or not has_han(self.entry.names[0])


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
    is_label = len(item.children) == 1 and inline.text.rstrip().endswith((":", "："))
    is_title = bool(entry.names) and bool(entry.facts.paper_url) and _reads_as_title(entry, shape)
    score = 0.0 if field or not entry.names else _score(inline, entry, shape, is_ordered=is_ordered)
    return ItemShape(item, entry, shape, field, holds_list, members, is_label, is_title, score)


def _score(inline: InlineText, entry: Entry, shape: NameShape, *, is_ordered: bool) -> float:
    score = shape.score
    if shape.is_topic:
        return score
    facts = entry.facts
    if entry.separator == "colon" and has_han(entry.names[0]) and facts == NO_FACTS and score < _LATIN_FROM:
        score -= 0.25  # 硬参数共享 (Hard Parameter Sharing)：… tells of an approach
    if facts.year is not None or facts.paper_url:
        score += 0.25
    if entry.opener == "bold" and is_ordered and entry.is_whole:
        score += 0.2  # 12. **Real NVP**
    if entry.opener in ("bare", "link") and _reads_as_title(entry, shape):
        score -= 0.35  # the title of a paper, a tutorial, an article
    if not entry.separator and not entry.is_whole:
        score -= 0.35 if entry.opener == "bare" else 0.15  # the name is the subject of a sentence
    if entry.opener == "bare" and entry.is_whole and _SENTENCE_END.search(inline.text.strip()[:-1]):
        score -= 0.3
    return max(0.0, min(1.0, score))


def _plain_run(text: str) -> bool:
    """Whether a text names several methods without marks: `串行训练，如 AdaBoost、GBDT`, `YOLO、SSD`."""
    cue = _CUE.search(text)
    names = [part for part in _RUN.split(text[cue.end() :] if cue else text) if part.strip()]
    strong = sum(name_shape(part).score >= _SPELT_FROM for part in names)
    return len(names) > 1 and 3 * strong >= 2 * len(names)


def _reads_as_title(entry: Entry, shape: NameShape) -> bool:
    """Whether a name is as long as the title of a paper, and not spelt as a name."""
    name = entry.names[0]
    if shape.score >= _SPELT_FROM or title_prefix(name)[0]:
        return False
    if has_han(name):
        return entry.opener == "link" and len(name) >= _TITLE_LETTERS
    return len(name.split()) >= _TITLE_WORDS or (entry.opener == "link" and is_title(name))


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
            (inline.of(MarkKind.LINK) and entry.opener == "link")
            or len(inline.text) > 60
            or _SENTENCE_END.search(inline.text.strip())
        ):
            facts += 1
    return facts >= len(items)


def _names_members(inline: InlineText, entry: Entry) -> bool:
    """Whether bold names stand behind the label of an item, or are announced there."""
    if entry.gloss and inline.text.rstrip().endswith((":", "：")):
        return True
    if entry.separator and _plain_run(entry.gloss):
        return True
    if not entry.separator and entry.opener == "bold" and not entry.is_whole:
        return len([m for m in inline.of(MarkKind.BOLD) if m.start >= entry.end]) > 1
    behind = [mark for mark in inline.of(MarkKind.BOLD) if mark.start >= max(entry.text_start, entry.end)]
    return bool(behind) and (len(behind) > 1 or has_han(inline.text) or bool(entry.separator))
