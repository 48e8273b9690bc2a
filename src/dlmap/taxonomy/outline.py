"""Read an outline document into its tree of parts, types, families and approaches (rules D2 to D7)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from dlmap.markdown import Block, Document, MarkKind
from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.bullets import Bullet, cut, first_paragraph, host_of, read_bullet
from dlmap.taxonomy.irregularities import check_contents, check_heading_numbers
from dlmap.taxonomy.labels import Label, parse_label
from dlmap.taxonomy.lists import LISTS, ends_with_colon, holds_concepts, sublist, without_lists
from dlmap.taxonomy.names import INVISIBLE, name_key
from dlmap.taxonomy.node import Kind, Link, Mention, Node, Outline
from dlmap.taxonomy.preface import first_part, split_contents
from dlmap.taxonomy.section import Section
from dlmap.text import Diagnostic, Span

_LEVELS = {1: Kind.PART, 2: Kind.TYPE}
_PLACEHOLDER = re.compile(r"[0-9\s.·…_\-?？]*")
_LINKED_PLACEHOLDER = re.compile(r"[0-9]{1,2}")


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
        self.preface: list[Block] = []
        self.parts: list[Section] = []
        self.open: list[Section] = []
        """The sections that enclose the current block, outermost first."""
        self.headings: list[tuple[int, Label, Span]] = []
        self.has_parts = False

    def report(self, code: str, message: str, help: str, span: Span) -> None:
        self.diagnostics.append(Diagnostic(code, message, help, self.source, span))

    def read(self) -> tuple[Outline, tuple[Diagnostic, ...]]:
        blocks = self.document.blocks
        first = first_part(blocks)
        preface, contents = split_contents(blocks[:first])
        self.preface += preface
        self.check_levels(blocks[first:])
        for before, block in zip((None, *blocks[first:]), blocks[first:], strict=False):
            if block.type == "heading":
                self.heading(block)
            elif self.open:
                self.text(self.open[-1], block, before)
            else:
                self.preface.append(block)  # under a first heading that says nothing
        self.diagnostics += check_heading_numbers(self.source, self.headings)
        outline = Outline(
            self.source,
            self.document.front_matter,
            self.lang,
            self.document.kramdown,
            tuple(self.preface),
            tuple(part.freeze() for part in self.parts),
            self.origin,
        )
        self.diagnostics += check_contents(self.source, contents, outline.walk())
        return outline, tuple(self.diagnostics)

    # Headings

    def check_levels(self, blocks: Sequence[Block]) -> None:
        levels = {block.level for block in blocks if block.type == "heading"}
        self.has_parts = 1 in levels
        if self.has_parts or not self.source.text.strip():
            return
        if levels:
            self.report(
                "DL207",
                "has no part: no heading of level 1",
                "begin the map with a heading `# …`",
                blocks[0].span,
            )
        else:
            self.report(
                "DL207",
                "has no heading",
                "write `# Part`, `## Type`, `### Family`",
                self.source.line_span(1),
            )

    def heading(self, block: Block) -> None:
        links = block.inline.of(MarkKind.LINK)
        label = parse_label(block.inline)
        span = block.inline.span
        self.headings.append((block.level, label, span))
        self.check_letters(block)
        while self.open and self.open[-1].level >= block.level:
            self.open.pop()
        placeholder = _LINKED_PLACEHOLDER if links or label.bullet else _PLACEHOLDER
        if not label.text or placeholder.fullmatch(label.text):
            self.placeholder(block, span)
            return
        self.check_jump(block, span)
        kind = _LEVELS.get(block.level, Kind.FAMILY)
        siblings = self.open[-1].sections if self.open else self.parts
        section = self.merged(siblings, kind, label, span)
        if section is None:
            section = Section(kind, label, span, block.level, block.id)
            siblings.append(section)
        section.level = block.level
        self.open.append(section)
        for mark in links:
            self.own_link(section, Link(mark.href, block.inline.words(mark)), mark.span)

    def check_letters(self, block: Block) -> None:
        if hidden := INVISIBLE.search(self.source.text, *block.inline.span):
            self.report(
                "DL110",
                f"the heading holds the invisible character U+{ord(hidden.group()):04X}",
                "remove it",
                Span(hidden.start(), hidden.end()),
            )

    def check_jump(self, block: Block, span: Span) -> None:
        above = self.open[-1].level if self.open else 0
        if block.level <= above + 1:
            return
        if not self.open:
            if self.has_parts:
                self.report(
                    "DL208",
                    f"a heading of level {block.level} stands outside every part",
                    "begin a part above it with a heading `# …`",
                    span,
                )
            return
        fact = f"a heading of level {block.level} stands right under one of level {above}"
        if block.level > above + 2:
            self.report("DL208", fact, f"make it level {above + 1}, or add the heading between them", span)
        else:
            self.report(
                "DL215", fact, f"add a heading of level {above + 1} between them, if one is meant", span
            )

    def placeholder(self, block: Block, span: Span) -> None:
        words = block.inline.text.strip("⚪ ")
        self.report(
            "DL204",
            f"the heading says only `{block.inline.text.strip()}`" if words else "the heading is empty",
            "name the section, or remove the heading; what stands under it goes to the section above",
            span if span.end > span.start else block.span,
        )
        if not self.open:
            self.open = self.parts[-1:]

    def merged(self, siblings: list[Section], kind: Kind, label: Label, span: Span) -> Section | None:
        """The sibling of the same name, if there is one: a repeated section is one section."""
        for section in siblings:
            if section.kind is kind and name_key(section.label.text) == name_key(label.text):
                line = self.source.position(section.span.start).line
                self.report(
                    "DL205",
                    f"the section `{label.text}` stands twice; it began in line {line}",
                    "join them, or give this one its own name",
                    span,
                )
                return section
        return None

    def own_link(self, section: Section, link: Link, span: Span) -> None:
        if not link.href:
            self.report(
                "DL301",
                f"the link `{link.label}` has no target",
                "add an address, or remove the brackets",
                span,
            )
        elif self.is_own(link):
            section.links.append(link)
        else:
            section.resources.append(link)

    def is_own(self, link: Link) -> bool:
        """Whether a link leads to the author's own pages; what leads elsewhere is a resource."""
        host = host_of(link.href)
        return host == self.origin if host else not link.href.lower().startswith("mailto:")

    # Text and lists

    def text(self, section: Section, block: Block, before: Block | None) -> None:
        """Take a block into a section; `before` is the block above it."""
        if block.type in LISTS:
            self.list(section, block, introduced=before is not None and ends_with_colon(before))
        else:
            section.content.append(block)
            section.read_block(block)

    def list(self, section: Section, block: Block, *, introduced: bool) -> None:
        """Take the concepts out of a list; what is left of it stays a list."""
        left: list[Block] = []
        for item in block.children:
            bullet = read_bullet(item)
            if self.link_bullet(section, item, bullet):
                continue
            if self.is_approach(section, block, bullet):
                if left:
                    section.content.append(sublist(block, left))
                    left = []
                section.content.append(self.approach(section, item, bullet))
            elif any(map(holds_concepts, item.children)):
                text = without_lists(item)
                section.read_item(text, bullet, introduced=introduced)
                section.content.append(sublist(block, [*left, text]))
                left = []
                for child in item.children:
                    if child.type in LISTS:
                        self.list(section, child, introduced=False)
            else:
                left.append(item)
                section.read_item(item, bullet, introduced=introduced)
        if left:
            section.content.append(sublist(block, left))

    def is_approach(self, section: Section, block: Block, bullet: Bullet) -> bool:
        return (
            block.type == "bullet_list"
            and section.kind is not Kind.PART
            and bullet.link is None
            and bullet.label is not None
            and bullet.label.text != ""
        )

    def link_bullet(self, section: Section, item: Block, bullet: Bullet) -> bool:
        """Handle an item whose label is a link, or that lists links; False when it stays in the text."""
        if bullet.link is None or bullet.label is None:
            return self.link_list(section, item, bullet)
        if bullet.link.href.startswith("#"):
            section.placed.append(Mention(bullet.label.text, bullet.span, bullet.link.href[1:]))
            is_all = bullet.text_start >= len(first_paragraph(item).inline.text)
            return is_all and len(item.children) == 1
        if bullet.link.href and not self.is_own(bullet.link):
            section.resources.append(bullet.link)
            return False
        if section.kind in (Kind.APPROACH, Kind.PART) or not bullet.label.text:
            return False
        if name_key(bullet.label.text) == name_key(section.label.text):
            target = section
            self.own_link(section, bullet.link, bullet.span)
        else:
            target = self.family(section, bullet.label, bullet.link, bullet.span)
        if bullet.links:
            self.families(target, bullet)
            self.blocks_under(target, item)
        else:
            self.rest_of_item(target, item, bullet)
        return True

    def link_list(self, section: Section, item: Block, bullet: Bullet) -> bool:
        """`label：[a](u)、[b](v)`: one family for each link of the author's own."""
        if section.kind in (Kind.APPROACH, Kind.PART) or not any(
            self.is_own(link) for link, _ in bullet.links
        ):
            section.resources += (link for link, _ in bullet.links if not self.is_own(link))
            return False
        self.families(section, bullet)
        self.blocks_under(section, item)
        return True

    def families(self, section: Section, bullet: Bullet) -> None:
        for link, span in bullet.links:
            if self.is_own(link):
                self.family(section, Label(link.label), link, span)
            else:
                section.resources.append(link)

    def family(self, section: Section, label: Label, link: Link, span: Span) -> Section:
        found = self.merged(section.sections, Kind.FAMILY, label, span)
        if found is None:
            found = Section(Kind.FAMILY, label, span, section.level + 1)
            section.sections.append(found)
        self.own_link(found, link, span)
        return found

    def approach(self, section: Section, item: Block, bullet: Bullet) -> Node:
        assert bullet.label is not None
        approach = Section(Kind.APPROACH, bullet.label, bullet.span, section.level, bullet.id)
        self.rest_of_item(approach, item, bullet, metrics=section.is_about_metrics)
        return approach.freeze()

    def rest_of_item(self, section: Section, item: Block, bullet: Bullet, *, metrics: bool = False) -> None:
        """What stands behind the label of an item, and the blocks under it."""
        paragraph = first_paragraph(item)
        if paragraph.tokens:
            if rest := cut(paragraph, bullet.text_start):
                section.content.append(rest)
            section.read_text(
                paragraph.inline, bullet.text_start, after_label=bullet.text_start > 0, metrics=metrics
            )
        self.blocks_under(section, item)

    def blocks_under(self, section: Section, item: Block) -> None:
        """The blocks of an item behind its first paragraph."""
        paragraph = first_paragraph(item)
        for before, child in zip((None, *item.children), item.children, strict=False):
            if child is not paragraph:
                self.text(section, child, before)
