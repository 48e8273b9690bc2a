"""Read an outline document into its tree of parts, types, families and approaches (rules D2 to D7)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from dlmap.cache.memory import Generation, IdentityKey, MemoryCache
from dlmap.markdown import Block, Document, MarkKind
from dlmap.taxonomy.blocks import BlockReader
from dlmap.taxonomy.bullets import LISTS, first_paragraph, host_of
from dlmap.taxonomy.decision import Decision, shortened
from dlmap.taxonomy.entry_reader import take_heading
from dlmap.taxonomy.facts import is_shared_host
from dlmap.taxonomy.heading_reading import EntryHeading, Levels, entry_headings, levels_of
from dlmap.taxonomy.kinds import Kind
from dlmap.taxonomy.labels import Label, parse_label
from dlmap.taxonomy.languages import language_of
from dlmap.taxonomy.list_items import titled_list, unwrapped
from dlmap.taxonomy.names import INVISIBLE
from dlmap.taxonomy.outline_checks import check_contents, check_heading_numbers, check_methods
from dlmap.taxonomy.outline_model import Link, Outline
from dlmap.taxonomy.preface import first_part, split_contents, without_contents
from dlmap.taxonomy.section import Section
from dlmap.text import Diagnostic, LocalDiagnostic, Span

_LEVELS = {1: Kind.PART, 2: Kind.TYPE}
_PLACEHOLDER = re.compile(r"(?!(?:19|20)\d\d$)[0-9\s.·…_\-?？]*")
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
    """Read the outlines of a site, each with its language; the first one decides the structure."""
    results = [read_outline(document, lang=lang, origin=origin, memo=memo) for lang, document in documents]
    outlines = tuple(outline for outline, _ in results)
    diagnostics = [diagnostic for _, diagnostics in results for diagnostic in diagnostics]
    return outlines, (*diagnostics, *(each for outline in outlines[:1] for each in check_methods(outline)))


def _origin(document: Document) -> str | None:
    """The host that at least half of the links in headings and list items share."""
    hosts: Counter[str] = Counter()
    for block in document.walk():
        if block.type in ("heading", "list_item"):
            inline = block.inline if block.type == "heading" else first_paragraph(block).inline
            hrefs = [mark.href for mark in inline.of(MarkKind.LINK)]
            hosts.update("" if is_shared_host(href) else host for href in hrefs if (host := host_of(href)))
    total = hosts.total()
    del hosts[""]  # where everybody publishes
    if not hosts:
        return None
    host, count = hosts.most_common(1)[0]
    return host if count > 1 and 2 * count >= total else None


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
        self.levels = Levels()
        self.began_blank = False
        """Whether a heading without words stands where the first part should."""

    def report(self, code: str, message: str, help: str, span: Span) -> None:
        self.diagnostics.append(Diagnostic(code, message, help, self.source, span))

    def note(self, problem: LocalDiagnostic) -> None:
        self.diagnostics.append(problem.at(self.source))

    def read(self) -> tuple[Outline, tuple[Diagnostic, ...]]:
        blocks = tuple(unwrapped(self.document.blocks))
        first = first_part(blocks)
        if first == len(blocks) and any(block.type in (*LISTS, "table") for block in blocks):
            first = self.untitled(blocks)
        preface, contents = split_contents(blocks[:first])
        self.preface += preface
        self.check_draft()
        self.levels = levels_of(blocks[first:])
        if not any(block.type == "heading" for block in blocks[first:]) and self.source.text.strip():
            self.report(
                "DL207",
                "has no heading",
                "write `# Part`, `## Type`, `### Family`",
                self.source.line_span(1),
            )
        pairs = without_contents(list(_under_headings(blocks[first:])))
        entries = entry_headings(pairs, self.levels)
        for heading, text in pairs:
            why = entries.get(id(heading))
            if why and self.entry(heading, text, why):
                continue
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

    def untitled(self, blocks: Sequence[Block]) -> int:
        """Read an outline without headings into one part that has its title; returns where its lists begin."""
        first = next(index for index, block in enumerate(blocks) if block.type in (*LISTS, "table"))
        if first and titled_list(blocks[first - 1], blocks[first], 1):
            first -= 1
        title = self.document.front_matter.title or self.source.path.rsplit("/", 1)[-1].split(".")[0]
        part = Section(Kind.PART, Label(title), self.source.line_span(1), 1)
        self.parts.append(part)
        self.blocks.read(part, blocks[first:])
        return first

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

    def entry(self, heading: Block, text: Sequence[Block], why: EntryHeading) -> bool:
        """Take a heading that is an entry into the section around it; False where nothing is around it."""
        level = self.levels.of(heading)
        around = [section for section in self.open if section.level < level]
        if not around:
            return False
        self.open = around
        take_heading(around[-1], heading, text)
        around[-1].decisions.append(
            Decision(
                *("heading", heading.inline.span, shortened(heading.inline.text), "method"),
                *("heading.entry", why.reason, why.confidence, "{.family}"),
            )
        )
        return True

    def heading(self, block: Block) -> None:
        links = block.inline.of(MarkKind.LINK)
        label = self.recall(("label", IdentityKey(block)), lambda: parse_label(block.inline))
        span = block.inline.span
        level = self.levels.of(block)
        self.headings.append((level, label, span))
        self.check_letters(block)
        while self.open and self.open[-1].level >= level:
            self.open.pop()
        placeholder = _LINKED_PLACEHOLDER if links or label.bullet else _PLACEHOLDER
        if not label.text or placeholder.fullmatch(label.text):
            self.placeholder(block, span)
            return
        self.check_jump(block, span)
        section = self.section(block, label, span)
        section.level = level
        self.open.append(section)
        section.decisions.append(
            Decision(
                *("heading", span, shortened(label.text), str(section.kind)),
                *("heading.level", f"level {level} of the outline", 1.0),
            )
        )
        for mark in links:
            self.blocks.own_link(section, Link(mark.href, block.inline.words(mark)), mark.span)

    def section(self, block: Block, label: Label, span: Span) -> Section:
        """The section that a heading opens.

        Below level 3 it is an approach of the family it stands in, unless its class says that it is a family.
        """
        level = self.levels.of(block)
        kind = _LEVELS.get(level, Kind.FAMILY) if self.open or self.began_blank else Kind.PART
        if level > _FAMILY_LEVEL and "family" in block.classes:
            while self.open and self.open[-1].kind is Kind.APPROACH:
                self.open.pop()  # an approach holds no families
        elif level > _FAMILY_LEVEL and self.open and self.open[-1].kind in _HOLD_APPROACHES:
            return self.approach_section(self.open[-1], block, label, span)
        siblings = self.open[-1].sections if self.open else self.parts
        section = self.blocks.merged(siblings, kind, label, span)
        if section is None:
            section = Section(kind, label, span, level, block.id)
            siblings.append(section)
        return section

    def approach_section(self, above: Section, block: Block, label: Label, span: Span) -> Section:
        siblings = [piece for piece in above.content if isinstance(piece, Section)]
        section = self.blocks.merged(siblings, Kind.APPROACH, label, span)
        if section is None:
            section = Section(Kind.APPROACH, label, span, self.levels.of(block), block.id)
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
        level = self.levels.of(block)
        above = self.open[-1].level if self.open else 0
        if level <= above + 1 or (self.levels.top > 1 and above == 1 and level == _FAMILY_LEVEL):
            return
        if not self.open:
            if self.levels.top == 1:
                self.report(
                    "DL208",
                    f"a heading of level {block.level} is outside every part",
                    "begin a part above it with a heading `# …`",
                    span,
                )
            return
        skipped = level - above - 1
        written = block.level - skipped - 1
        fact = f"a heading of level {block.level} is directly under one of level {written}"
        if skipped > 1:
            self.report("DL208", fact, f"make it level {written + 1}, or add the heading between them", span)
        else:
            self.report(
                "DL215", fact, f"add a heading of level {written + 1} between them, if one is meant", span
            )

    def placeholder(self, block: Block, span: Span) -> None:
        words = block.inline.text.strip("⚪ ")
        self.report(
            "DL204",
            f"the heading says only `{block.inline.text.strip()}`" if words else "the heading is empty",
            "name the section, or remove the heading; the text under it goes to the section above",
            span if span.end > span.start else block.span,
        )
        if not self.open:
            self.open = self.parts[-1:]
            self.began_blank = not self.open

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
