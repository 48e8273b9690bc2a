"""Read an outline document into its tree of parts, types, families and approaches (rules D2 to D7, D15)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from dlmap.markdown import Block, Document, InlineText, MarkKind
from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.bullets import Bullet, cut, first_paragraph, host_of, read_bullet
from dlmap.taxonomy.irregularities import check_contents, check_heading_numbers
from dlmap.taxonomy.labels import Label, opening_pair, parse_label
from dlmap.taxonomy.members import Member, find_members, sentence_at
from dlmap.taxonomy.names import name_key
from dlmap.taxonomy.node import Kind, Link, Mention, Node, Outline
from dlmap.text import Diagnostic, Span

_LEVELS = {1: Kind.PART, 2: Kind.TYPE}
_LISTS = ("bullet_list", "ordered_list")
_CONTENTS = re.compile(r"(本文)?(目录|大纲)|(table of )?contents", re.IGNORECASE)
_METRICS = re.compile(r"指标|\bmetrics\b", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"[0-9\s.·…_\-?？]*")
_LINKED_PLACEHOLDER = re.compile(r"[0-9]{1,2}")


@dataclass(slots=True)
class _Section:
    """A node in the making."""

    kind: Kind
    label: Label
    span: Span
    level: int
    id: str = ""
    links: list[Link] = field(default_factory=list)
    resources: list[Link] = field(default_factory=list)
    content: list[Block | Node] = field(default_factory=list)
    sections: list[_Section] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    placed: list[Mention] = field(default_factory=list)

    def freeze(self) -> Node:
        return Node(
            self.kind,
            self.label,
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


def read_outline(
    document: Document, *, lang: str | None = None, origin: str | None = None
) -> tuple[Outline, tuple[Diagnostic, ...]]:
    """Read a document as an outline.

    `lang` is the language its labels are in (by default the front matter's, else told by the script); `origin` is
    the host of the author's own articles (by default the host that most of the outline's own links have).
    """
    reader = _Reader(document, lang or language_of(document), origin or _origin(document))
    return reader.read()


def language_of(document: Document) -> str:
    """The language of an outline: what its front matter says, else what its headings are written in."""
    if document.front_matter.lang:
        return document.front_matter.lang
    headings = "".join(block.inline.text for block in document.blocks if block.type == "heading")
    return "zh" if has_han(headings) else "en"


def _origin(document: Document) -> str | None:
    """The host that at least half of the links in headings and list items share."""
    hosts: Counter[str] = Counter()
    for block in document.walk():
        if block.type in ("heading", "list_item"):
            inline = block.inline if block.type == "heading" else first_paragraph(block).inline
            hosts.update(filter(None, (host_of(mark.href) for mark in inline.of(MarkKind.LINK))))
    if not hosts:
        return None
    host, count = hosts.most_common(1)[0]
    return host if count > 1 and 2 * count >= hosts.total() else None


class _Reader:
    def __init__(self, document: Document, lang: str, origin: str | None) -> None:
        self.document = document
        self.source = document.source
        self.lang = lang
        self.origin = origin
        self.diagnostics: list[Diagnostic] = []
        self.parts: list[_Section] = []
        self.open: list[_Section] = []
        """The sections that enclose the current block, outermost first."""
        self.headings: list[tuple[int, Label, Span]] = []

    def warn(self, code: str, message: str, help: str, span: Span) -> None:
        self.diagnostics.append(Diagnostic(code, message, help, self.source, span))

    def read(self) -> tuple[Outline, tuple[Diagnostic, ...]]:
        blocks = list(self.document.blocks)
        first = next((i for i, b in enumerate(blocks) if b.type == "heading"), len(blocks))
        levels = {block.level for block in blocks if block.type == "heading"}
        if self.source.text.strip():
            if not levels:
                self.warn(
                    "DL207",
                    "has no heading",
                    "write `# Part`, `## Type`, `### Family`",
                    self.source.line_span(1),
                )
            elif 1 not in levels:
                self.warn(
                    "DL207",
                    "has no part: no heading of level 1",
                    "begin the map with a heading `# …`",
                    blocks[first].span,
                )
        preface, contents = _split_contents(blocks[:first])
        for index in range(first, len(blocks)):
            block = blocks[index]
            if block.type == "heading":
                self.heading(block)
            elif self.open:
                introduced = index > 0 and _ends_with_colon(blocks[index - 1])
                self.text(self.open[-1], block, introduced)
        parts = tuple(part.freeze() for part in self.parts)
        self.diagnostics += check_heading_numbers(self.source, self.headings)
        outline = Outline(
            self.source,
            self.document.front_matter,
            self.lang,
            self.document.kramdown,
            tuple(preface),
            tuple(_with_opening_gloss(part) for part in parts),
            self.origin,
        )
        self.diagnostics += check_contents(self.source, contents, outline.walk())
        return outline, tuple(self.diagnostics)

    # Headings

    def heading(self, block: Block) -> None:
        links = block.inline.of(MarkKind.LINK)
        label = parse_label(block.inline)
        span = block.inline.span
        self.headings.append((block.level, label, span))
        placeholder = _LINKED_PLACEHOLDER if links or label.bullet else _PLACEHOLDER
        if not label.text or placeholder.fullmatch(label.text):
            self.placeholder(block, span)
            return
        while self.open and self.open[-1].level >= block.level:
            self.open.pop()
        parent_level = self.open[-1].level if self.open else 0
        if block.level > parent_level + 1 and self.open:
            self.heading_jump(block, parent_level, span)
        kind = _LEVELS.get(block.level, Kind.FAMILY)
        siblings = self.open[-1].sections if self.open else self.parts
        section = self.merged(siblings, kind, label, span)
        if section is None:
            section = _Section(kind, label, span, block.level, block.id)
            siblings.append(section)
        section.level = block.level
        self.open.append(section)
        for mark in links:
            self.own_link(section, Link(mark.href, block.inline.words(mark)), mark.span)

    def heading_jump(self, block: Block, parent_level: int, span: Span) -> None:
        self.diagnostics.append(
            Diagnostic(
                "DL208",
                f"a heading of level {block.level} stands right under one of level {parent_level}",
                f"make it level {parent_level + 1}, or add the heading between them",
                self.source,
                span,
            )
            if block.level > parent_level + 2
            else Diagnostic(
                "DL215",
                f"a heading of level {block.level} stands right under one of level {parent_level}",
                f"add a heading of level {parent_level + 1} between them, if one is meant",
                self.source,
                span,
            )
        )

    def placeholder(self, block: Block, span: Span) -> None:
        while self.open and self.open[-1].level >= block.level:
            self.open.pop()
        what = (
            f"the heading says only `{block.inline.text.strip()}`"
            if block.inline.text.strip("⚪ ")
            else "the heading is empty"
        )
        self.warn(
            "DL204",
            what,
            "name the section, or remove the heading; what stands under it goes to the section above",
            span if span.end > span.start else block.span,
        )

    def merged(self, siblings: list[_Section], kind: Kind, label: Label, span: Span) -> _Section | None:
        """The sibling of the same name, if there is one: a repeated section is one section."""
        for section in siblings:
            if section.kind is kind and name_key(section.label.text) == name_key(label.text):
                line = self.source.position(section.span.start).line
                self.warn(
                    "DL205",
                    f"the section `{label.text}` stands twice; it began in line {line}",
                    "join them, or give this one its own name",
                    span,
                )
                return section
        return None

    def own_link(self, section: _Section, link: Link, span: Span) -> None:
        if not link.href:
            self.warn(
                "DL301",
                f"the link `{link.label}` has no target",
                "add an address, or remove the brackets",
                span,
            )
        elif self.is_own(link.href):
            section.links.append(link)
        else:
            section.resources.append(link)

    def is_own(self, href: str) -> bool:
        host = host_of(href)
        return not host or host == self.origin

    # Text and lists

    def text(self, section: _Section, block: Block, introduced: bool) -> None:
        if block.type in _LISTS:
            self.list(section, block, introduced)
        else:
            section.content.append(block)
            self.names(section, block)

    def list(self, section: _Section, block: Block, introduced: bool) -> None:
        """Take the concepts out of a list; what is left of it stays a list."""
        left: list[Block] = []
        for item in block.children:
            bullet = read_bullet(item)
            if not self.link_bullet(section, item, bullet):
                is_approach = (
                    block.type == "bullet_list"
                    and bullet.label is not None
                    and bullet.link is None
                    and section.kind is not Kind.PART
                    and bool(bullet.label.text)
                )
                if is_approach:
                    if left:
                        section.content.append(_sublist(block, left))
                        left = []
                    section.content.append(self.approach(section, item, bullet))
                else:
                    left.append(item)
                    self.item_names(section, item, bullet, introduced)
        if left:
            section.content.append(_sublist(block, left))

    def link_bullet(self, section: _Section, item: Block, bullet: Bullet) -> bool:
        """Handle an item whose label is a link, or that lists links; False when it stays in the text."""
        if bullet.link is None:
            links = [(link, span) for link, span in bullet.links if self.is_own(link.href)]
            for link, span in links:
                self.family(section, Label(link.label), link, span)
            return bool(links)
        assert bullet.label is not None
        if bullet.link.href.startswith("#"):
            section.placed.append(Mention(bullet.label.text, bullet.span, bullet.link.href[1:]))
            return bullet.text_start >= len(first_paragraph(item).inline.text)
        if bullet.link.href and not self.is_own(bullet.link.href):
            section.resources.append(bullet.link)
            return False
        if section.kind in (Kind.APPROACH, Kind.PART) or not bullet.label.text:
            return False
        same = name_key(bullet.label.text) == name_key(section.label.text)
        target = section if same else self.family(section, bullet.label, bullet.link, bullet.span)
        if same:
            self.own_link(section, bullet.link, bullet.span)
        for link, span in bullet.links:
            self.family(target, Label(link.label), link, span)
        if not bullet.links:
            self.rest_of_item(target, item, bullet)
        return True

    def family(self, section: _Section, label: Label, link: Link, span: Span) -> _Section:
        found = self.merged(section.sections, Kind.FAMILY, label, span)
        if found is None:
            found = _Section(Kind.FAMILY, label, span, section.level + 1)
            section.sections.append(found)
        self.own_link(found, link, span)
        return found

    def approach(self, section: _Section, item: Block, bullet: Bullet) -> Node:
        assert bullet.label is not None
        approach = _Section(Kind.APPROACH, bullet.label, bullet.span, section.level, bullet.id)
        self.rest_of_item(approach, item, bullet, _is_about_metrics(section.label))
        return approach.freeze()

    def rest_of_item(self, section: _Section, item: Block, bullet: Bullet, metrics: bool = False) -> None:
        """What stands behind the label of an item, and the blocks under it."""
        paragraph = first_paragraph(item)
        if paragraph.tokens:
            if rest := cut(paragraph, bullet.text_start):
                section.content.append(rest)
            self.inline_names(section, paragraph.inline, bullet.text_start, bullet.text_start > 0, metrics)
        for index, child in enumerate(item.children):
            if child is not paragraph:
                introduced = index > 0 and _ends_with_colon(item.children[index - 1])
                self.text(section, child, introduced)

    # Names

    def item_names(self, section: _Section, item: Block, bullet: Bullet, introduced: bool) -> None:
        paragraph = first_paragraph(item)
        self.inline_names(section, paragraph.inline, 0, bullet.is_members_only and introduced)
        for child in item.children:
            if child is not paragraph:
                self.names(section, child)

    def names(self, section: _Section, block: Block) -> None:
        for inner in block.walk():
            if inner.inline.text:
                self.inline_names(section, inner.inline, 0, False)

    def inline_names(
        self, section: _Section, inline: InlineText, start: int, after_label: bool, metrics: bool = False
    ) -> None:
        members, rest = find_members(
            inline,
            start,
            after_label=after_label,
            metrics=metrics or _is_about_metrics(section.label),
        )
        section.members += members
        section.mentions += (
            Mention(span.words, span.mark.span, span.mark.id, sentence_at(inline, span.start, start))
            for span in rest
        )


def _is_about_metrics(label: Label) -> bool:
    return bool(_METRICS.search(f"{label.text} {label.gloss}"))


def _ends_with_colon(block: Block) -> bool:
    return block.type == "paragraph" and block.inline.text.rstrip().endswith(("：", ":"))


def _sublist(block: Block, items: list[Block]) -> Block:
    """The list `block` with only some of its items."""
    if len(items) == len(block.children):
        return block
    tokens = (block.tokens[0], *(token for item in items for token in item.tokens), block.tokens[-1])
    return replace(block, tokens=tokens, children=tuple(items), span=items[0].span)


def _split_contents(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """The preface without its hand-made contents list, and that list with the line that announces it."""
    for index, block in enumerate(blocks):
        if block.type == "paragraph" and _announces_contents(block.inline.text):
            end = index + 1
            while end < len(blocks) and blocks[end].type in _LISTS:
                end += 1
            if end > index + 1:
                return blocks[:index] + blocks[end:], blocks[index:end]
    return blocks, []


def _announces_contents(text: str) -> bool:
    return bool(_CONTENTS.fullmatch(text.strip().rstrip("：: ").strip()))


def _with_opening_gloss(node: Node) -> Node:
    """Give a node without a gloss the pair that its text opens with."""
    content = tuple(_with_opening_gloss(p) if isinstance(p, Node) else p for p in node.content)
    children = tuple(_with_opening_gloss(child) for child in node.children)
    label = node.label
    first = next((block for block in node.blocks if block.type == "paragraph"), None)
    if not label.gloss and first is not None and has_han(label.text):
        pair = opening_pair(label.text, first.inline.text)
        if pair and pair.gloss:
            label = replace(label, gloss=pair.gloss, alt=(*label.alt, *_new(pair.alt, label.alt)))
    return replace(node, content=content, children=children, label=label)


def _new(names: Iterable[str], known: tuple[str, ...]) -> Iterator[str]:
    return (name for name in names if name not in known)
