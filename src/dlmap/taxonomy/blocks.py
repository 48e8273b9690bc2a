"""Read what stands under a heading into its section: text stays, lists give approaches and families (D6, D7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dlmap.markdown import Block, MarkKind
from dlmap.markdown.rules_core import link_problem
from dlmap.taxonomy.bullets import LISTS, Bullet, cut, first_paragraph, host_of, read_bullet
from dlmap.taxonomy.entry_reader import take_entry, take_table, take_titled
from dlmap.taxonomy.item_shape import ItemShape
from dlmap.taxonomy.kinds import Kind
from dlmap.taxonomy.labels import Label, parse_label, strip_numbering
from dlmap.taxonomy.list_items import decision_on, families_decision, holds_entries, titled_list, topic_of
from dlmap.taxonomy.list_reading import ListKind, ListReading, cohorts, judge_list
from dlmap.taxonomy.lists import ListIntro, holds_concepts, lead_of, sublist, without_lists
from dlmap.taxonomy.names import name_key
from dlmap.taxonomy.outline_model import BoldMention, Link
from dlmap.taxonomy.section import Section
from dlmap.text import LocalDiagnostic, Span


class BlockReader:
    """Reads blocks into sections."""

    def __init__(self, origin: str | None, report: Callable[[LocalDiagnostic], None]) -> None:
        self.origin = origin
        self.report = report
        self.cohorts: dict[int, float] = {}
        self.depth = 0
        """How many lists are open."""
        self.last_family: Section | None = None
        """The family that the last item of the list above is."""
        self.group: Span | None = None
        """The approach that announces the families of the next list."""

    def read(self, section: Section, blocks: Sequence[Block]) -> None:
        """Take the blocks under a heading into its section."""
        start = len(section.content)
        self.group = None
        group: Section | None = None
        for before, block, behind in zip((None, *blocks), blocks, (*blocks[1:], None), strict=False):
            if group is not None:
                self.list(group, block, ListIntro())
                group = None
            elif (group := titled_list(block, behind, section.level)) is not None:
                section.content.append(group)
            else:
                self.text(section, block, before)
        section.settle(start)

    def merged(self, siblings: list[Section], kind: Kind, label: Label, span: Span) -> Section | None:
        """The sibling of the same name, if there is one: a repeated section is one section."""
        for section in siblings:
            if section.kind is kind and name_key(section.label.text) == name_key(label.text):
                self.report(
                    LocalDiagnostic(
                        "DL205",
                        f"the section `{label.text}` appears twice; first on",
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
            return
        family, self.last_family = self.last_family, None
        self.group = self.group if block.type == "math_block" else None
        if block.type == "math_block" and family is not None and before is not None and before.type in LISTS:
            family.content.append(block)  # the formula behind the bullet of a family
            return
        section.content.append(block)
        if not (block.type in ("table", "html_block") and take_table(section, block)):
            take_titled(section, block)
            section.read_block(block)

    def list(self, section: Section, block: Block, lead: ListIntro) -> None:
        """Take the concepts out of a list; what is left of it stays a list."""
        if self.depth == 0:
            nests = any(child.type in LISTS for item in block.children for child in item.children)
            self.cohorts = cohorts(block) if nests else {}
        context = f"{section.label.text}\n{section.label.gloss}\n{lead.text}"
        reading = judge_list(block, context, self.cohorts.get(id(block)))
        own = sum(
            bool(shape.entry.href) and self.is_own(Link(shape.entry.href, "")) for shape in reading.items
        )
        is_families = 2 * own > len(reading.items)
        section.decisions.append(
            families_decision(block, own) if is_families else decision_on(block, reading)
        )
        self.depth += 1
        if reading.kind is ListKind.FIELDS:
            self.fields(section, block, reading, lead)
        else:
            self.items(section, block, reading, lead)
        self.depth -= 1

    def items(self, section: Section, block: Block, reading: ListReading, lead: ListIntro) -> None:
        left: list[Block] = []
        group = self.group
        metrics = section.is_about_metrics or lead.to_metrics
        has_families = any(
            shape.entry.href and self.is_own(Link(shape.entry.href, "")) for shape in reading.items
        )
        for place, (item, shape) in enumerate(zip(block.children, reading.items, strict=True)):
            self.last_family = None
            bullet = read_bullet(item)
            bullet = self.opening_link(item, bullet) or bullet
            # Among links to the author's own pages, one that leads elsewhere is no entry.
            is_stray = has_families and shape.entry.opener == "link"
            is_entry = place in reading.entries and not lead.to_datasets and not is_stray
            if self.link_bullet(section, item, bullet, group, is_entry=is_entry):
                continue
            if is_entry:
                left.append(take_entry(section, item, shape, metrics=metrics))
                continue
            bullet = bullet if bullet.label else topic_of(item, shape, reading) or bullet
            if self.is_approach(block, bullet, reading, shape):
                if left:
                    section.content.append(sublist(block, left))
                    left = []
                self.approach(section, item, bullet, lead)
            elif any(holds_concepts(child) or holds_entries(child) for child in item.children):
                text = without_lists(item)
                section.read_item(text, bullet, lead)
                section.content.append(sublist(block, [*left, text]))
                left = []
                self.lists_of(section, item)
            else:
                left.append(item)
                section.read_item(item, bullet, lead)
        if left:
            section.content.append(sublist(block, left))

    def lists_of(self, section: Section, item: Block) -> None:
        for child in item.children:
            if child.type in LISTS:
                self.list(section, child, ListIntro())

    def fields(self, section: Section, block: Block, reading: ListReading, lead: ListIntro) -> None:
        """A list of fields tells of its section: its links are resources, and it stays as it is."""
        section.content.append(block)
        for item, shape in zip(block.children, reading.items, strict=True):
            for inner in item.walk():
                for mark in inner.inline.of(MarkKind.LINK):
                    if mark.href and not mark.href.startswith("#"):
                        _keep_resource(section, Link(mark.href, inner.inline.words(mark)))
            paragraph = first_paragraph(item)
            start = shape.entry.text_start if shape.entry.separator else 0
            section.read_text(paragraph.inline, start, after_label=start > 0, metrics=lead.to_metrics)
            for child in item.children:
                if child is not paragraph:
                    section.read_block(child)

    def opening_link(self, item: Block, bullet: Bullet) -> Bullet | None:
        """The item as a family, if a link to the author's own pages opens its sentence: `[前馈网络](…)由…构成`."""
        inline = first_paragraph(item).inline
        links = inline.of(MarkKind.LINK)
        if bullet.link or bullet.links or not links:
            return None
        link, start = links[0], strip_numbering(inline.text)[0]
        label_ends_behind = bullet.label is not None and bullet.text_start > link.end
        if inline.text[start : link.start].strip() or label_ends_behind or link.href.startswith("#"):
            return None
        found = Link(link.href, inline.words(link))
        if not link.href or not self.is_own(found):
            return None
        return Bullet(parse_label(inline, link.start, link.end), link.span, "", found, (), link.end)

    def is_approach(self, block: Block, bullet: Bullet, reading: ListReading, shape: ItemShape) -> bool:
        if bullet.link is not None or bullet.label is None or not bullet.label.text:
            return False
        if shape.entry.facts.paper_url and not shape.is_group:
            return False  # the title of a paper
        if not shape.holds_list and not shape.entry.separator and len(shape.item.children) > 1:
            return False  # what stands under it are its links
        if block.type == "bullet_list":
            return True
        if reading.kind in (ListKind.GROUPS, ListKind.ENTRIES):
            below = shape.item.children
            return not shape.holds_list or any(holds_entries(b) or holds_concepts(b) for b in below)
        return reading.kind is ListKind.TOPICS and all(
            shape.entry.opener == "bold" and shape.entry.separator for shape in reading.items
        )

    def link_bullet(
        self, section: Section, item: Block, bullet: Bullet, group: Span | None, *, is_entry: bool
    ) -> bool:
        """Handle an item whose label is a link, or that lists links; False when it stays in the text."""
        if bullet.link is None or bullet.label is None:
            return self.link_list(section, item, bullet, group)
        if bullet.link.href.startswith("#"):
            section.placed.append(BoldMention(bullet.label.text, bullet.span, bullet.link.href[1:]))
            is_all = bullet.text_start >= len(first_paragraph(item).inline.text)
            return is_all and len(item.children) == 1
        if bullet.link.href and not self.is_own(bullet.link):
            if not is_entry:
                _keep_resource(section, bullet.link)
            return False
        if not bullet.label.text:
            self.report(
                LocalDiagnostic(
                    "DL204",
                    "the bullet has no name" + ("" if bullet.link.href else " and no target"),
                    "name it, or remove the empty brackets",
                    bullet.span,
                )
            )
            return False
        if section.kind is Kind.APPROACH:
            return False
        if name_key(bullet.label.text) == name_key(section.label.text):
            target = section
            self.own_link(section, bullet.link, bullet.span)
        else:
            target = self.family(section, bullet.label, bullet.link, bullet.span, group)
        if bullet.links:
            self.families(target, bullet, None)
            self.blocks_under(target, item)
        else:
            self.rest_of_item(target, item, bullet)
        self.last_family = target
        return True

    def link_list(self, section: Section, item: Block, bullet: Bullet, group: Span | None) -> bool:
        """`label：[a](u)、[b](v)`: one family for each link of the author's own."""
        if section.kind is Kind.APPROACH or not any(self.is_own(link) for link, _ in bullet.links):
            for link, _ in bullet.links:
                if not self.is_own(link):
                    _keep_resource(section, link)
            return False
        self.families(section, bullet, group)
        self.blocks_under(section, item)
        return True

    def families(self, section: Section, bullet: Bullet, group: Span | None) -> None:
        for link, span in bullet.links:
            if self.is_own(link):
                self.family(section, Label(link.label), link, span, group)
            else:
                _keep_resource(section, link)

    def family(self, section: Section, label: Label, link: Link, span: Span, group: Span | None) -> Section:
        found = self.merged(section.sections, Kind.FAMILY, label, span)
        if found is None:
            found = Section(Kind.FAMILY, label, span, section.level + 1, group=group)
            section.sections.append(found)
        self.own_link(found, link, span)
        return found

    def approach(self, section: Section, item: Block, bullet: Bullet, lead: ListIntro) -> None:
        assert bullet.label is not None
        self.group = None
        siblings = [piece for piece in section.content if isinstance(piece, Section)]
        approach = None if bullet.id else self.merged(siblings, Kind.APPROACH, bullet.label, bullet.span)
        if approach is None:
            approach = Section(Kind.APPROACH, bullet.label, bullet.span, section.level, bullet.id)
            section.content.append(approach)
        metrics = section.is_about_metrics or lead.to_metrics
        self.rest_of_item(approach, item, bullet, metrics=metrics, is_named=not lead.to_datasets)
        if first_paragraph(item).inline.text.rstrip().endswith(("：", ":")) and len(item.children) == 1:
            self.group = approach.span  # the families of the next list belong to it

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
