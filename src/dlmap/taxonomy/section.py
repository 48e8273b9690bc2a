"""A part, type, family or approach in the making, and what its text names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from dlmap.markdown import Block, InlineText
from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.bullets import Bullet, first_paragraph
from dlmap.taxonomy.decision import Decision
from dlmap.taxonomy.kinds import Kind
from dlmap.taxonomy.labels import Label, opening_pair, split_gloss
from dlmap.taxonomy.lists import ListIntro
from dlmap.taxonomy.members import NamedMethod, find_members
from dlmap.taxonomy.outline_model import BoldMention, Link, Node
from dlmap.text import Span

_ENGLISH_NAME = re.compile(r"[A-Za-z][A-Za-z0-9 '’\-/]{1,50}(?:\s*[(（][A-Za-z0-9 '’\-]{2,50}[)）])?")
_METRICS = re.compile(r"指标|\bmetrics\b", re.IGNORECASE)


@dataclass(slots=True)
class Section:
    """A node in the making."""

    kind: Kind
    label: Label
    span: Span
    level: int
    id: str = ""
    links: list[Link] = field(default_factory=list)
    resources: list[Link] = field(default_factory=list)
    content: list[Block | Node | Section] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    members: list[NamedMethod] = field(default_factory=list)
    mentions: list[BoldMention] = field(default_factory=list)
    placed: list[BoldMention] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    group: Span | None = None
    """Where the label of the approach stands that announces the family."""
    under_metrics: bool = False
    """Whether the section that it belongs to is about metrics."""

    @property
    def is_about_metrics(self) -> bool:
        """Whether its label says that what it names are metrics."""
        return self.under_metrics or bool(_METRICS.search(f"{self.label.text} {self.label.gloss}"))

    @property
    def is_blank(self) -> bool:
        """Whether no text has been read into it."""
        return not (self.content or self.sections or self.members or self.mentions or self.placed)

    def take(self, other: Section) -> None:
        """Append what has been read into another section."""
        self.links += other.links
        self.resources += other.resources
        self.content += other.content
        self.sections += (section.copy() for section in other.sections)
        self.members += other.members
        self.mentions += other.mentions
        self.placed += other.placed
        self.decisions += other.decisions

    def emptied(self) -> Section:
        """A section like this one into which nothing has been read."""
        return Section(
            self.kind, self.label, self.span, self.level, self.id, under_metrics=self.under_metrics
        )

    def copy(self) -> Section:
        """A section like this one that may grow by itself."""
        made = self.emptied()
        made.group = self.group
        made.take(self)
        return made

    def read_block(self, block: Block) -> None:
        """Take the names out of a block that stays as it is."""
        for inner in block.walk():
            if inner.inline.text:
                self.read_text(inner.inline)

    def read_item(self, item: Block, bullet: Bullet, lead: ListIntro) -> None:
        """Take the names out of a list item that stays as it is."""
        paragraph = first_paragraph(item)
        is_member = bullet.is_members_only and lead.text != "" and not lead.to_datasets
        self.read_text(paragraph.inline, after_label=is_member, metrics=lead.to_metrics, intro=lead.text)
        for child in item.children:
            if child is not paragraph:
                self.read_block(child)

    def read_text(
        self,
        inline: InlineText,
        start: int = 0,
        *,
        after_label: bool = False,
        metrics: bool = False,
        intro: str = "",
    ) -> None:
        """Take the names out of a text, from `start` on; `intro` is the sentence that announces the list it is in."""
        names = find_members(
            inline,
            start,
            after_label=after_label,
            metrics=metrics or self.is_about_metrics,
            intro=intro,
            heading=tuple(filter(None, (self.label.text, self.label.gloss, *self.label.alt))),
        )
        self.members += names.members
        self.decisions += names.decisions
        self.mentions += (BoldMention(s.words, s.mark.span, s.mark.id, s.sentence) for s in names.rest)

    def settle(self, start: int = 0) -> None:
        """Freeze the approaches that lists have given, from the place `start` of the content on."""
        self.content[start:] = (
            piece.freeze() if isinstance(piece, Section) else piece for piece in self.content[start:]
        )
        for section in self.sections:
            section.settle()

    def freeze(self) -> Node:
        """The finished node."""
        return Node(
            self.kind,
            self.label_with_gloss(),
            self.span,
            self.id,
            tuple(self.links),
            tuple(self.resources),
            tuple(piece.freeze() if isinstance(piece, Section) else piece for piece in self.content),
            tuple(section.freeze() for section in self.sections),
            tuple(self.members),
            tuple(self.mentions),
            tuple(self.placed),
            tuple(self.decisions),
            self.group,
        )

    def label_with_gloss(self) -> Label:
        """The label; without a gloss of its own it takes the pair that the text opens with, or a quoted name."""
        if self.label.gloss or not has_han(self.label.text):
            return self.label
        blocks = [block for block in self.content if isinstance(block, Block)]
        pair = quoted_name(self.label.text, blocks[0]) if blocks else None
        first = next((block for block in blocks if block.type == "paragraph"), None)
        if pair is None and first is not None:
            pair = opening_pair(self.label.text, first.inline.text)
        if pair is None or not pair.gloss:
            return self.label
        return replace(self.label, gloss=pair.gloss, alt=tuple(dict.fromkeys((*self.label.alt, *pair.alt))))


def quoted_name(label: str, block: Block) -> Label | None:
    """The English name that a quotation right under a heading is: `> RNN(Recurrent Neural Network)`."""
    if block.type != "blockquote" or len(block.children) != 1:
        return None
    text = block.children[0].inline.text.strip()
    if not _ENGLISH_NAME.fullmatch(text):
        return None
    name = split_gloss(text)
    names = sorted(filter(None, (name.text, name.gloss, *name.alt)), key=len, reverse=True)
    return Label(label, names[0], tuple(names[1:]))
