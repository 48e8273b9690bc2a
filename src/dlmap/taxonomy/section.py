"""A part, type, family or approach in the making, and what its text names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from dlmap.markdown import Block, InlineText
from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.bullets import Bullet, first_paragraph
from dlmap.taxonomy.labels import Label, opening_pair
from dlmap.taxonomy.members import Member, find_members
from dlmap.taxonomy.node import Kind, Link, Mention, Node
from dlmap.text import Span

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
    content: list[Block | Node] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    placed: list[Mention] = field(default_factory=list)

    @property
    def is_about_metrics(self) -> bool:
        """Whether its label says that what it names are metrics."""
        return bool(_METRICS.search(f"{self.label.text} {self.label.gloss}"))

    def read_block(self, block: Block) -> None:
        """Take the names out of a block that stays as it is."""
        for inner in block.walk():
            if inner.inline.marks:
                self.read_text(inner.inline)

    def read_item(self, item: Block, bullet: Bullet, *, introduced: bool) -> None:
        """Take the names out of a list item that stays as it is; `introduced` by a line that ends with a colon."""
        paragraph = first_paragraph(item)
        self.read_text(paragraph.inline, after_label=bullet.is_members_only and introduced)
        for child in item.children:
            if child is not paragraph:
                self.read_block(child)

    def read_text(
        self, inline: InlineText, start: int = 0, *, after_label: bool = False, metrics: bool = False
    ) -> None:
        """Take the names out of a text, from `start` on."""
        members, rest = find_members(
            inline, start, after_label=after_label, metrics=metrics or self.is_about_metrics
        )
        self.members += members
        self.mentions += (Mention(s.words, s.mark.span, s.mark.id, s.sentence) for s in rest)

    def freeze(self) -> Node:
        """The finished node."""
        return Node(
            self.kind,
            self.label_with_gloss(),
            self.span,
            self.id,
            tuple(self.links),
            tuple(self.resources),
            tuple(self.content),
            tuple(section.freeze() for section in self.sections),
            tuple(self.members),
            tuple(self.mentions),
            tuple(self.placed),
        )

    def label_with_gloss(self) -> Label:
        """The label; without a gloss of its own it takes the pair that the text opens with."""
        first = next((b for b in self.content if isinstance(b, Block) and b.type == "paragraph"), None)
        if self.label.gloss or first is None or not has_han(self.label.text):
            return self.label
        pair = opening_pair(self.label.text, first.inline.text)
        if pair is None or not pair.gloss:
            return self.label
        return replace(self.label, gloss=pair.gloss, alt=tuple(dict.fromkeys((*self.label.alt, *pair.alt))))
