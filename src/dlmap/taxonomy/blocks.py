"""Read what stands under a heading into its section: text stays, lists give approaches and families (D6, D7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dlmap.markdown import Block
from dlmap.markdown.rules_core import link_problem
from dlmap.taxonomy.bullets import LISTS, Bullet, cut, first_paragraph, host_of, read_bullet
from dlmap.taxonomy.labels import Label
from dlmap.taxonomy.lists import ListIntro, holds_concepts, lead_of, sublist, without_lists
from dlmap.taxonomy.names import name_key
from dlmap.taxonomy.outline_model import BoldMention, Kind, Link, Node
from dlmap.taxonomy.section import Section
from dlmap.text import LocalDiagnostic, Span


class BlockReader:
    """Reads blocks into sections."""

    def __init__(self, origin: str | None, report: Callable[[LocalDiagnostic], None]) -> None:
        self.origin = origin
        self.report = report

    def read(self, section: Section, blocks: Sequence[Block]) -> None:
        """Take the blocks under a heading into its section."""
        for before, block in zip((None, *blocks), blocks, strict=False):
            self.text(section, block, before)

    def merged(self, siblings: list[Section], kind: Kind, label: Label, span: Span) -> Section | None:
        """The sibling of the same name, if there is one: a repeated section is one section."""
        for section in siblings:
            if section.kind is kind and name_key(section.label.text) == name_key(label.text):
                self.report(
                    LocalDiagnostic(
                        "DL205",
                        f"the section `{label.text}` stands twice; it began in line",
                        "join them, or give this one its own name",
                        span,
                        since=section.span,
                    )
                )
                return section
        return None

    def own_link(self, section: Section, link: Link, span: Span) -> None:
        """Note a link that stands for the section, if it leads to the author's own pages."""
        if not link.href:
            self.report(
                LocalDiagnostic(
                    "DL301",
                    f"the link `{link.label}` has no target",
                    "add an address, or remove the brackets",
                    span,
                )
            )
        elif self.is_own(link):
            section.links.append(self.on_own_host(link))
        else:
            _keep_resource(section, link)

    def on_own_host(self, link: Link) -> Link:
        """The link with the host of the author's pages: on the site, an address from the root is another one."""
        is_from_root = bool(self.origin) and link.href.startswith("/")
        return replace(link, href=f"https://{self.origin}{link.href}") if is_from_root else link

    def is_own(self, link: Link) -> bool:
        """Whether a link leads to the author's own pages; what leads elsewhere is a resource."""
        if link_problem(link.href):
            return False
        host = host_of(link.href)
        return host == self.origin if host else not link.href.lower().startswith("mailto:")

    # Text and lists

    def text(self, section: Section, block: Block, before: Block | None) -> None:
        """Take a block into a section; `before` is the block above it."""
        if block.type in LISTS:
            self.list(section, block, lead_of(before))
        else:
            section.content.append(block)
            section.read_block(block)

    def list(self, section: Section, block: Block, lead: ListIntro) -> None:
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
                section.content.append(self.approach(section, item, bullet, lead))
            elif any(map(holds_concepts, item.children)):
                text = without_lists(item)
                section.read_item(text, bullet, lead)
                section.content.append(sublist(block, [*left, text]))
                left = []
                for child in item.children:
                    if child.type in LISTS:
                        self.list(section, child, ListIntro())
            else:
                left.append(item)
                section.read_item(item, bullet, lead)
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
            section.placed.append(BoldMention(bullet.label.text, bullet.span, bullet.link.href[1:]))
            is_all = bullet.text_start >= len(first_paragraph(item).inline.text)
            return is_all and len(item.children) == 1
        if bullet.link.href and not self.is_own(bullet.link):
            _keep_resource(section, bullet.link)
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
            for link, _ in bullet.links:
                if not self.is_own(link):
                    _keep_resource(section, link)
            return False
        self.families(section, bullet)
        self.blocks_under(section, item)
        return True

    def families(self, section: Section, bullet: Bullet) -> None:
        for link, span in bullet.links:
            if self.is_own(link):
                self.family(section, Label(link.label), link, span)
            else:
                _keep_resource(section, link)

    def family(self, section: Section, label: Label, link: Link, span: Span) -> Section:
        found = self.merged(section.sections, Kind.FAMILY, label, span)
        if found is None:
            found = Section(Kind.FAMILY, label, span, section.level + 1)
            section.sections.append(found)
        self.own_link(found, link, span)
        return found

    def approach(self, section: Section, item: Block, bullet: Bullet, lead: ListIntro) -> Node:
        assert bullet.label is not None
        approach = Section(Kind.APPROACH, bullet.label, bullet.span, section.level, bullet.id)
        metrics = section.is_about_metrics or lead.to_metrics
        self.rest_of_item(approach, item, bullet, metrics=metrics, is_named=not lead.to_datasets)
        return approach.freeze()

    def rest_of_item(
        self,
        section: Section,
        item: Block,
        bullet: Bullet,
        *,
        metrics: bool = False,
        is_named: bool = True,
    ) -> None:
        """What stands behind the label of an item, and the blocks under it."""
        paragraph = first_paragraph(item)
        if paragraph.tokens:
            if rest := cut(paragraph, bullet.text_start):
                section.content.append(rest)
            if is_named:
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


def _keep_resource(section: Section, link: Link) -> None:
    """Note a link that leads away from the author's pages, unless its address is forbidden."""
    if not link_problem(link.href):
        section.resources.append(link)
