"""Join the outlines of all languages, the registry and the notes into one taxonomy."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from dlmap.markdown import Block
from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.identify import (
    Ids,
    identify_approaches,
    identify_rest,
    identify_sections,
    member_id,
    names_of,
)
from dlmap.taxonomy.labels import upper_first
from dlmap.taxonomy.members import Member
from dlmap.taxonomy.model import Concept, Naming, Note, Preface, Taxonomy, Term, Text
from dlmap.taxonomy.names import name_key
from dlmap.taxonomy.node import Kind, Link, Mention, Node, Outline
from dlmap.taxonomy.registry import Entry, Registry
from dlmap.taxonomy.terms import harvest
from dlmap.taxonomy.translations import match_translation
from dlmap.text import Diagnostic, SourceFile, Span

_NAMED = (Kind.METHOD, Kind.METRIC)
T = TypeVar("T")


@dataclass(slots=True)
class Draft:
    """A concept in the making."""

    id: str
    kind: Kind
    label: dict[str, str]
    source: tuple[str, int]
    alt: list[str] = field(default_factory=list)
    broader: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    resources: list[Link] = field(default_factory=list)
    series: str = ""
    texts: dict[str, Text] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    namings: list[Naming] = field(default_factory=list)
    mentioned_by: dict[str, None] = field(default_factory=dict)
    entry: Entry | None = None


def assemble(
    outlines: Sequence[Outline],
    registry: Registry,
    notes: Mapping[str, Mapping[str, Note]],
    languages: tuple[str, ...],
) -> tuple[Taxonomy, tuple[Diagnostic, ...]]:
    """Make the taxonomy.  The first outline decides the structure; the others translate it."""
    assembler = _Assembler(registry, languages)
    if outlines:
        assembler.read_default(outlines[0])
    for outline in outlines[1:]:
        assembler.read_translation(outline)
    assembler.read_notes(notes)
    taxonomy = assembler.taxonomy(outlines)
    return taxonomy, tuple(assembler.diagnostics)


class _Assembler:
    def __init__(self, registry: Registry, languages: tuple[str, ...]) -> None:
        self.registry = registry
        self.languages = languages
        self.ids = Ids()
        self.drafts: dict[str, Draft] = {}
        self.by_name: dict[str, str] = {}
        """Families, methods and metrics by name key: one name, one concept."""
        self.of_entry: dict[str, str] = {}
        """The concept that a registered entry became, where it is not its own id."""
        self.spans: dict[tuple[str, int], tuple[str, ...]] = {}
        self.terms: list[Term] = []
        self.diagnostics: list[Diagnostic] = []
        self.pending: list[tuple[str, Mention, Outline]] = []
        """Bold spans that are no members: what they name is known only when all names are."""

    def report(self, code: str, message: str, help: str, source: SourceFile, span: Span) -> None:
        self.diagnostics.append(Diagnostic(code, message, help, source, span))

    # The outline that decides the structure

    def read_default(self, outline: Outline) -> None:
        identify_sections(outline, self.ids)
        identify_rest(outline, self.ids, self.wanted_by_members(outline))
        identify_approaches(outline, self.ids)
        self.diagnostics += self.ids.diagnostics
        self.ids.diagnostics.clear()
        for part in outline.parts:
            self.section(part, None, outline)
        self.report_shared_urls(outline)
        for node in outline.walk():
            node_id = self.ids.node_id(node)
            for member in self.members_of(node):
                self.place(member, node_id, outline)
        for node in outline.walk():
            for placed in node.placed:
                self.place_reference(placed, self.ids.node_id(node), outline)
        self.mentions(outline, {id(node): self.ids.node_id(node) for node in outline.walk()})

    def wanted_by_members(self, outline: Outline) -> set[str]:
        wanted = set(self.registry.entries)
        for node in outline.walk():
            for member in node.members:
                if not self.registry.named(member.name):
                    wanted.add(member_id(self.ids, member, outline.source))
        return wanted

    def section(self, node: Node, parent: str | None, outline: Outline) -> None:
        node_id = self.ids.node_id(node)
        draft = self.drafts.get(node_id)
        line = outline.source.position(node.span.start).line
        if draft is None:
            draft = self.drafts[node_id] = Draft(
                node_id, node.kind, _labels(node, outline.lang), (outline.source.path, line)
            )
        elif parent not in draft.broader:
            self.report(
                "DL205",
                f"`{node.label.text}` stands twice; it began in line {draft.source[1]}",
                f"place it here by a bullet instead: - [{node.label.text}](#{node_id})",
                outline.source,
                node.span,
            )
        if parent and parent not in draft.broader:
            draft.broader.append(parent)
        _extend(draft.alt, node.label.alt)
        _extend(draft.links, node.links)
        _extend(draft.resources, node.resources)
        draft.texts[outline.lang] = self.text_of(node, outline, draft.texts.get(outline.lang))
        if node.kind is Kind.FAMILY:
            for name in (node.label.text, node.label.gloss):
                if name:
                    self.by_name.setdefault(name_key(name), node_id)
                    entries = self.registry.named(name)
                    if len(entries) == 1 and name_key(entries[0].name) == name_key(name):
                        self.of_entry[entries[0].id] = node_id
                        draft.entry = entries[0]
        for approach in node.approaches:
            self.section(approach, node_id, outline)
        for child in node.children:
            self.section(child, node_id, outline)

    def text_of(self, node: Node, outline: Outline, before: Text | None = None) -> Text:
        content: tuple[Block | str, ...] = tuple(
            self.ids.node_id(piece) if isinstance(piece, Node) else piece for piece in node.content
        )
        if before:
            content = (*before.content, *content)
        blocks = [piece for piece in content if isinstance(piece, Block)]
        return Text(
            outline.lang,
            outline.source,
            node.span,
            content,
            definition_of(blocks),
            outline.kramdown,
            digest_of([node.label.text, *(outline.source.text[b.span.start : b.span.end] for b in blocks)]),
            node.label.formulas,
        )

    def report_shared_urls(self, outline: Outline) -> None:
        first: dict[str, Node] = {}
        for node in outline.walk():
            for link in node.links:
                other = first.setdefault(link.href, node)
                if other is not node:
                    self.report(
                        "DL302",
                        f"`{node.label.text}` links to the article of `{other.label.text}`"
                        f" (line {outline.source.position(other.span.start).line})",
                        "link each concept to its own article",
                        outline.source,
                        node.span,
                    )

    # Methods

    def members_of(self, node: Node) -> Iterator[Member]:
        """The members that a node names: by the rules of the text, and by the registry.

        An approach is a line of thought told by its methods, so a registered name in bold is one of them, wherever in
        the sentence it stands (`包括多分支的 **Inception v1**`).
        """
        whole: set[Span] = set()
        for member in node.members:
            entries = self.registry.named(member.written) if member.written else ()
            if not entries:
                yield member
            elif member.span not in whole:  # "Show, Attend and Tell" is one name
                whole.add(member.span)
                yield replace(member, name=entries[0].name, series="", written="")
        if node.kind is Kind.APPROACH:
            for mention in node.mentions:
                entry = self.entry_for_mention(mention)
                if entry and entry.kind != "term":
                    yield Member(entry.name, (), "", entry.kind, mention.span, entry.id, mention.sentence)

    def place(self, member: Member, container: str, outline: Outline) -> None:
        """Put a named method under the concept whose text names it."""
        entry = self.entry_for(member.name, member.id, outline, member.span)
        if entry and entry.kind == "term":
            self.pending.append((container, Mention(member.name, member.span, member.id), outline))
            return
        concept_id = self.concept_for(member, entry, outline)
        draft = self.drafts[concept_id]
        _extend(draft.alt, (alt for alt in member.alt if not self.names_another(alt, concept_id)))
        draft.series = draft.series or (entry.series if entry else "") or member.series
        key = (outline.source.path, member.span.start)
        self.spans[key] = (*self.spans.get(key, ()), concept_id)
        draft.namings.append(Naming(container, outline.lang, member.sentence))
        self.put_under(draft, container)

    def put_under(self, draft: Draft, container: str) -> None:
        if (
            container not in draft.broader
            and container != draft.id
            and not self.is_above(draft.id, container)
        ):
            draft.broader.append(container)

    def is_above(self, upper: str, lower: str) -> bool:
        todo, seen = [lower], set()
        while todo:
            current = todo.pop()
            if current == upper:
                return True
            if current not in seen:
                seen.add(current)
                todo += self.drafts[current].broader
        return False

    def entry_for(self, name: str, explicit: str, outline: Outline, span: Span) -> Entry | None:
        if explicit and explicit in self.registry.entries:
            return self.registry.entries[explicit]
        if explicit:
            return None
        entries = self.registry.named(name)
        if len(entries) > 1:
            ways = " or ".join(f"**{name}**{{#{entry.id}}}" for entry in entries)
            self.report(
                "DL213",
                f"`{name}` is the name of {len(entries)} registered methods",
                f"say which: {ways}",
                outline.source,
                span,
            )
        return entries[0] if entries else None

    def concept_for(self, member: Member, entry: Entry | None, outline: Outline) -> str:
        """The concept a member is, made if it is new."""
        key = name_key(member.name)
        if entry is not None:
            concept_id = self.of_entry.get(entry.id, entry.id)
        elif not member.id and key in self.by_name:
            return self.by_name[key]
        else:
            concept_id = member_id(self.ids, member, outline.source)
            self.diagnostics += self.ids.diagnostics
            self.ids.diagnostics.clear()
        draft = self.drafts.get(concept_id)
        if draft is not None and entry is None and not member.id:
            same = any(
                _letters(name) == _letters(member.name) for name in (*draft.label.values(), *draft.alt)
            )
            if draft.kind in (Kind.PART, Kind.TYPE, Kind.APPROACH) or not same:
                concept_id = self.claim_method(concept_id, member, outline, clash=draft.kind in _NAMED)
                draft = None
        if draft is None:
            name = entry.name if entry else member.name
            kind = Kind(entry.kind if entry else member.kind)
            line = outline.source.position(member.span.start).line
            label = dict.fromkeys(self.languages, name)
            self.drafts[concept_id] = Draft(concept_id, kind, label, (outline.source.path, line), entry=entry)
            if name_key(member.name) != name_key(name):
                self.drafts[concept_id].alt.append(member.name)
        if not member.id:
            self.by_name.setdefault(key, concept_id)
        return concept_id

    def claim_method(self, wanted: str, member: Member, outline: Outline, *, clash: bool) -> str:
        """An id for a method whose own is taken: an error between two methods, a suffix otherwise."""
        if clash:
            path, line = self.drafts[wanted].source
            self.report(
                "DL210",
                f"`{member.name}` would get the id `{wanted}`, which another name has in {path}:{line}",
                f"tell them apart: **{member.name}**{{#another-id}}",
                outline.source,
                member.span,
            )
        number, made = 2, f"{wanted}-{member.kind}"
        while made in self.drafts:
            made = f"{wanted}-{member.kind}-{number}"
            number += 1
        return made

    def names_another(self, name: str, concept_id: str) -> bool:
        return self.by_name.get(name_key(name), concept_id) != concept_id

    def place_reference(self, placed: Mention, container: str, outline: Outline) -> None:
        draft = self.drafts.get(placed.id)
        if draft is None:
            self.report(
                "DL304",
                f"there is no concept `#{placed.id}`",
                "link to the id of a heading of this outline",
                outline.source,
                placed.span,
            )
        else:
            self.put_under(draft, container)

    # Mentions

    def mentions(self, outline: Outline, concept_of: Mapping[int, str]) -> None:
        for node in outline.walk():
            concept_id = concept_of.get(id(node))
            if concept_id is None:
                continue
            self.pending += ((concept_id, mention, outline) for mention in node.mentions)
            self.harvest_terms(node, concept_id, outline)

    def harvest_terms(self, node: Node, concept_id: str, outline: Outline) -> None:
        if outline.lang != "zh":
            return
        if node.label.gloss and has_han(node.label.text):
            line = outline.source.position(node.span.start).line
            self.terms.append(Term(node.label.text, node.label.gloss, concept_id, outline.source.path, line))
        for block in node.blocks:
            for inner in block.walk():
                for zh, en, _ in harvest(inner.inline):
                    line = outline.source.position(inner.span.start).line
                    self.terms.append(Term(zh, en, concept_id, outline.source.path, line))

    def settle_mentions(self) -> None:
        """Link the bold spans that name a concept; place registered methods that stand in no enumeration."""
        names = self.all_names()
        for container, mention, outline in self.pending:
            entry = self.entry_for_mention(mention)
            concept_id = (
                self.of_entry.get(entry.id, entry.id) if entry else names.get(name_key(mention.words))
            )
            if entry and entry.kind != "term" and concept_id not in self.drafts:
                member = Member(entry.name, (), "", entry.kind, mention.span, entry.id, mention.sentence)
                self.place(member, container, outline)
                continue
            if concept_id is None or concept_id not in self.drafts or concept_id == container:
                continue
            if (outline.source.path, mention.span.start) in self.spans:
                continue
            draft = self.drafts[concept_id]
            self.spans[(outline.source.path, mention.span.start)] = (concept_id,)
            if container not in draft.broader and not self.is_above(concept_id, container):
                draft.mentioned_by[container] = None

    def entry_for_mention(self, mention: Mention) -> Entry | None:
        if mention.id:
            return self.registry.entries.get(mention.id)
        entries = self.registry.named(mention.words)
        return entries[0] if len(entries) == 1 else None

    def all_names(self) -> dict[str, str]:
        """Every name that stands for exactly one concept; approaches have names inside their family only."""
        holders: dict[str, set[str]] = {}
        for draft in self.drafts.values():
            if draft.kind is not Kind.APPROACH:
                for name in (*draft.label.values(), *draft.alt):
                    holders.setdefault(name_key(name), set()).add(draft.id)
        return {key: ids.copy().pop() for key, ids in holders.items() if len(ids) == 1} | self.by_name

    # Translations and notes

    def read_translation(self, outline: Outline) -> None:
        matched, diagnostics = match_translation(outline, self.drafts)
        self.diagnostics += diagnostics
        concept_of: dict[int, str] = {}
        for node, concept_id in matched:
            concept_of[id(node)] = concept_id
            self.ids.of_node[id(node)] = concept_id
        for node, concept_id in matched:
            draft = self.drafts[concept_id]
            draft.label[outline.lang] = upper_first(node.label.text)
            _extend(draft.alt, node.label.alt)
            _extend(draft.links, (link for link in node.links if link not in draft.links))
            draft.texts[outline.lang] = self.text_of(node, outline)
        for node, concept_id in matched:
            named: set[str] = set()
            for member in self.members_of(node):
                named.add(self.place_translated(member, concept_id, outline))
            self.compare_members(node, concept_id, named - {""}, outline)
        self.mentions(outline, concept_of)

    def place_translated(self, member: Member, container: str, outline: Outline) -> str:
        """Note where a translation names a method; the default language decides where it stands."""
        entry = self.entry_for(member.name, member.id, outline, member.span)
        key = name_key(member.name)
        concept_id = (
            self.of_entry.get(entry.id, entry.id) if entry else member.id or self.by_name.get(key, "")
        )
        if entry and entry.kind == "term":
            self.pending.append((container, Mention(member.name, member.span, member.id), outline))
            return ""
        if concept_id not in self.drafts:
            self.place(member, container, outline)
            return self.spans[(outline.source.path, member.span.start)][-1]
        span_key = (outline.source.path, member.span.start)
        self.spans[span_key] = (*self.spans.get(span_key, ()), concept_id)
        self.drafts[concept_id].namings.append(Naming(container, outline.lang, member.sentence))
        return concept_id

    def compare_members(self, node: Node, concept_id: str, named: set[str], outline: Outline) -> None:
        expected = {
            draft.id
            for draft in self.drafts.values()
            if any(n.concept == concept_id and n.lang != outline.lang for n in draft.namings)
        }
        if missing := sorted(expected - named - self.mentioned_in(node)):
            self.report(
                "DL504",
                f"`{node.label.text}` does not name what the other language names: {', '.join(missing)}",
                "name the same methods in both languages",
                outline.source,
                node.span,
            )
        if extra := sorted(named - expected):
            self.report(
                "DL504",
                f"`{node.label.text}` names what the other language does not: {', '.join(extra)}",
                "name the same methods in both languages",
                outline.source,
                node.span,
            )

    def mentioned_in(self, node: Node) -> set[str]:
        found: set[str] = set()
        for mention in node.mentions:
            entry = self.entry_for_mention(mention)
            if entry:
                found.add(self.of_entry.get(entry.id, entry.id))
            elif key := self.by_name.get(name_key(mention.words)):
                found.add(key)
        return found

    def read_notes(self, notes: Mapping[str, Mapping[str, Note]]) -> None:
        self.settle_mentions()
        for concept_id, by_language in notes.items():
            draft = self.drafts.get(concept_id)
            if draft is not None:
                draft.notes.update(by_language)
                continue
            for note in by_language.values():
                self.diagnostics.append(
                    Diagnostic(
                        "DL603",
                        f"there is no concept `{concept_id}` for this note",
                        "rename the file after the id of a concept",
                        path=note.source.path,
                    )
                )
        self.report_orphans()

    def report_orphans(self) -> None:
        for entry in self.registry.entries.values():
            concept_id = self.of_entry.get(entry.id, entry.id)
            if entry.kind != "term" and concept_id not in self.drafts and self.registry.source:
                self.report(
                    "DL602",
                    f"the outline does not name `{entry.name}`",
                    "name it in bold where it belongs, or remove the entry",
                    self.registry.source,
                    entry.span,
                )

    # The result

    def taxonomy(self, outlines: Sequence[Outline]) -> Taxonomy:
        narrower: dict[str, list[str]] = {draft_id: [] for draft_id in self.drafts}
        for draft in self.drafts.values():
            for parent in draft.broader:
                narrower[parent].append(draft.id)
        relations = self.relations()
        concepts = {
            draft.id: self.concept(draft, tuple(narrower[draft.id]), relations.get(draft.id, ()))
            for draft in self.drafts.values()
        }
        parts = tuple(draft.id for draft in self.drafts.values() if draft.kind is Kind.PART)
        prefaces = {outline.lang: _preface(outline) for outline in outlines}
        origin = outlines[0].origin if outlines else None
        return Taxonomy(self.languages, concepts, parts, origin, prefaces, tuple(self.terms), self.spans)

    def relations(self) -> dict[str, tuple[str, ...]]:
        """`based_on` by concept, without relations to what is not in the map."""
        made = {}
        for draft in self.drafts.values():
            if draft.entry:
                targets = (self.of_entry.get(target, target) for target in draft.entry.based_on)
                made[draft.id] = tuple(t for t in targets if t in self.drafts and t != draft.id)
        return made

    def concept(self, draft: Draft, narrower: tuple[str, ...], based_on: tuple[str, ...]) -> Concept:
        entry = draft.entry
        alt = [*(entry.aliases if entry else ()), *draft.alt]
        if entry and entry.expansion:
            alt.append(entry.expansion)
        labels = {name_key(label) for label in draft.label.values()}
        return Concept(
            id=draft.id,
            kind=draft.kind,
            label=draft.label,
            alt=tuple(dict.fromkeys(name for name in alt if name_key(name) not in labels)),
            broader=tuple(draft.broader),
            narrower=narrower,
            based_on=based_on,
            links=tuple(draft.links),
            resources=tuple(draft.resources),
            expansion=entry.expansion if entry else "",
            series=draft.series,
            year=entry.year if entry else None,
            paper=entry.paper if entry else None,
            confidence=entry.confidence if entry else "",
            summary=entry.summary if entry else {},
            texts=draft.texts,
            notes=draft.notes,
            namings=tuple(draft.namings),
            mentioned_by=tuple(draft.mentioned_by),
            source=draft.source,
        )


def _labels(node: Node, lang: str) -> dict[str, str]:
    labels = {lang: node.label.text if lang != "en" else upper_first(node.label.text)}
    gloss = node.label.gloss
    other = "zh" if gloss and has_han(gloss) else "en"
    if gloss and other != lang:
        labels[other] = upper_first(gloss) if other == "en" else gloss
    if lang != "en" and "en" not in labels and not has_han(node.label.text):
        labels["en"] = node.label.text
    return labels


def _preface(outline: Outline) -> Preface:
    front = outline.front_matter
    return Preface(
        outline.lang,
        front.title or "",
        front.description or "",
        outline.preface,
        outline.source,
        outline.kramdown,
        front.date,
    )


def definition_of(blocks: Iterable[Block]) -> str:
    """The first paragraph as plain text."""
    for block in blocks:
        if block.type == "paragraph" and block.inline.text.strip():
            return re.sub(r"\s+", " ", block.inline.text).strip()
    return ""


def digest_of(texts: Iterable[str]) -> str:
    """A short hash of texts, the same however their lines are broken."""
    normal = "\n".join(re.sub(r"\s+", " ", text).strip() for text in texts)
    return hashlib.blake2b(normal.encode(), digest_size=6).hexdigest()


def _letters(name: str) -> str:
    """A name without what separates its words: `VQ-VAE` and `VQ VAE` are one name."""
    return re.sub(r"[^\w+]|_", "", name_key(name))


def _extend(known: list[T], more: Iterable[T]) -> None:
    known += (item for item in dict.fromkeys(more) if item not in known)
