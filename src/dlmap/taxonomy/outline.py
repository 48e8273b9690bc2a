"""Read an outline document into its tree of parts, types, families and approaches (rules D2 to D7)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from dlmap.cache.memory import Generation, IdentityKey, MemoryCache
from dlmap.markdown import Block, Document, MarkKind
from dlmap.taxonomy.blocks import BlockReader
from dlmap.taxonomy.bullets import first_paragraph, host_of
from dlmap.taxonomy.labels import Label, parse_label
from dlmap.taxonomy.languages import language_of
from dlmap.taxonomy.names import INVISIBLE
from dlmap.taxonomy.outline_checks import check_contents, check_heading_numbers
from dlmap.taxonomy.outline_model import Kind, Link, Outline
from dlmap.taxonomy.preface import first_part, split_contents
from dlmap.taxonomy.section import Section
from dlmap.text import Diagnostic, LocalDiagnostic, Span

_LEVELS = {1: Kind.PART, 2: Kind.TYPE}
_PLACEHOLDER = re.compile(r"[0-9\s.·…_\-?？]*")
_FAMILY_LEVEL = 3
_HOLD_APPROACHES = (Kind.FAMILY, Kind.APPROACH)
_LINKED_PLACEHOLDER = re.compile(r"[0-9]{1,2}")


def read_outline(
    document: Document, *, lang: str | None = None, origin: str | None = None, memo: MemoryCache | None = None
) -> tuple[Outline, tuple[Diagnostic, ...]]:
    """Read a document as an outline.

    `lang` is the language its labels are in (by default the front matter's, else told by the script); `origin` is
    the host of the author's own articles (by default the host that most of the outline's own links have).
    """
    memo = memo or MemoryCache()
    path = document.source.path
    with memo.generation("outline", path) as recall:

        def read() -> tuple[Outline, tuple[Diagnostic, ...]]:
            with memo.generation("sections", path) as recall_text:
                known_origin = origin or _origin(document)
                return _Reader(document, lang or language_of(document), known_origin, recall_text).read()

        return recall((lang, origin, IdentityKey(document)), read)


def read_outlines(
    documents: Iterable[tuple[str, Document]], *, origin: str | None = None, memo: MemoryCache | None = None
) -> tuple[tuple[Outline, ...], tuple[Diagnostic, ...]]:
    """Read the outlines of a site, each with its language."""
    read = [read_outline(document, lang=lang, origin=origin, memo=memo) for lang, document in documents]
    return tuple(outline for outline, _ in read), tuple(each for _, found in read for each in found)


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
    def __init__(self, document: Document, lang: str, origin: str | None, recall: Generation) -> None:
        self.document = document
        self.recall = recall
        self.source = document.source
        self.lang = lang
        self.origin = origin
        self.diagnostics: list[Diagnostic] = []
        self.blocks = BlockReader(origin, self.note)
        self.preface: list[Block] = []
        self.parts: list[Section] = []
        self.open: list[Section] = []
        """The sections that enclose the current block, outermost first."""
        self.headings: list[tuple[int, Label, Span]] = []
        self.has_parts = False

    def report(self, code: str, message: str, help: str, span: Span) -> None:
        self.diagnostics.append(Diagnostic(code, message, help, self.source, span))

    def note(self, problem: LocalDiagnostic) -> None:
        self.diagnostics.append(problem.at(self.source))

    def read(self) -> tuple[Outline, tuple[Diagnostic, ...]]:
        blocks = self.document.blocks
        first = first_part(blocks)
        preface, contents = split_contents(blocks[:first])
        self.preface += preface
        self.check_draft()
        self.check_levels(blocks[first:])
        for heading, text in _under_headings(blocks[first:]):
            self.heading(heading)
            if self.open:
                self.text(self.open[-1], heading, text)
            else:
                self.preface += text  # under a first heading that says nothing
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

    def check_draft(self) -> None:
        front = self.document.front_matter
        if front.draft:
            self.report(
                "DL111",
                "the outline says that it is a draft; what is built is published all the same",
                "build it when it is ready, and take the line out; only articles can be drafts",
                front.spans["draft" if "draft" in front.spans else "published"],
            )

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
        label = self.recall(("label", IdentityKey(block)), lambda: parse_label(block.inline))
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
        section = self.section(block, label, span)
        section.level = block.level
        self.open.append(section)
        for mark in links:
            self.blocks.own_link(section, Link(mark.href, block.inline.words(mark)), mark.span)

    def section(self, block: Block, label: Label, span: Span) -> Section:
        """The section that a heading opens.

        Below level 3 it is an approach of the family it stands in, unless its class says that it is a family.
        """
        kind = _LEVELS.get(block.level, Kind.FAMILY)
        if block.level > _FAMILY_LEVEL and "family" in block.classes:
            while self.open and self.open[-1].kind is Kind.APPROACH:
                self.open.pop()  # an approach holds no families
        elif block.level > _FAMILY_LEVEL and self.open and self.open[-1].kind in _HOLD_APPROACHES:
            return self.approach_section(self.open[-1], block, label, span)
        siblings = self.open[-1].sections if self.open else self.parts
        section = self.blocks.merged(siblings, kind, label, span)
        if section is None:
            section = Section(kind, label, span, block.level, block.id)
            siblings.append(section)
        return section

    def approach_section(self, above: Section, block: Block, label: Label, span: Span) -> Section:
        siblings = [piece for piece in above.content if isinstance(piece, Section)]
        section = self.blocks.merged(siblings, Kind.APPROACH, label, span)
        if section is None:
            section = Section(Kind.APPROACH, label, span, block.level, block.id)
            section.under_metrics = above.is_about_metrics
            above.content.append(section)
        return section

    def check_letters(self, block: Block) -> None:
        start, end, _ = self.source.whole(block.inline.span)
        if hidden := INVISIBLE.search(self.source.text, start, end):
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

    # Text

    def text(self, section: Section, heading: Block, blocks: Sequence[Block]) -> None:
        """Read the blocks under a heading into the section that they belong to."""
        if not section.is_blank:
            self.blocks.read(section, blocks)
            return
        key = (
            IdentityKey(heading),
            section.kind,
            section.label,
            section.level,
            section.under_metrics,
            self.origin,
        )
        read, problems = self.recall(key, lambda: _read_blank(section.emptied(), blocks, self.origin))
        section.take(read)
        for problem in problems:
            self.note(problem)


def _read_blank(
    section: Section, blocks: Sequence[Block], origin: str | None
) -> tuple[Section, tuple[LocalDiagnostic, ...]]:
    """Read blocks into a section that has no text yet: what comes of it depends on nothing else."""
    problems: list[LocalDiagnostic] = []
    BlockReader(origin, problems.append).read(section, blocks)
    return section, tuple(problems)


def _under_headings(blocks: Sequence[Block]) -> Iterator[tuple[Block, Sequence[Block]]]:
    """Each heading with the blocks under it."""
    headings = [index for index, block in enumerate(blocks) if block.type == "heading"]
    for begin, end in pairwise((*headings, len(blocks))):
        yield blocks[begin], blocks[begin + 1 : end]
