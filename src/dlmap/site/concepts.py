"""What the page of each concept shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import takewhile

from dlmap.exports import Bibliography
from dlmap.markdown import Block
from dlmap.site.model import (
    ConceptLink,
    ConceptView,
    MemberRow,
    Prose,
    Sentence,
    SourcePlace,
    TocEntry,
    TocSection,
    TreeItem,
)
from dlmap.site.urls import ConceptLinks, idea_in, label_in, written_in
from dlmap.taxonomy import NAMED, Concept, Kind, Note, Occurrence, Taxonomy, Text

_MAX_QUOTATION = 400


class Views:
    """Makes the view of any concept in any language."""

    def __init__(self, taxonomy: Taxonomy, refs: ConceptLinks, repository: str, branch: str) -> None:
        self.taxonomy = taxonomy
        self.refs = refs
        self.repository = repository
        self.branch = branch
        self.bibliography = Bibliography(taxonomy)
        self.led_to = _inverse(taxonomy)
        self.needed_by = _needed_by(taxonomy)
        self.series = _series(taxonomy)

    def view(self, concept: Concept, lang: str) -> ConceptView:
        """Everything the page of `concept` shows in `lang`."""
        text = self.text_in(concept, lang)
        note = self.note_in(concept, lang)
        named = concept.kind.is_named
        lead = None
        if named and note is None:
            lead = idea_in(concept, lang, self.taxonomy.languages)
        label, _ = label_in(concept, lang)
        labels = dict.fromkeys((label, *concept.label.values()))
        previous, following = self.neighbours(concept, lang)
        shown = text.lang if text else note.lang if note else lead.lang if lead else lang
        return ConceptView(
            ref=self.refs.ref(concept.id, lang),
            alt=concept.alt,
            expansion=concept.expansion,
            paper=concept.paper,
            code=concept.code,
            citation=self.bibliography.entry(concept),
            confidence="" if concept.confidence == "high" else concept.confidence,
            is_named=named,
            labels=tuple((written_in(words, lang), words) for words in labels),
            symbols=_symbols(text),
            breadcrumbs=tuple(self.refs.all(path, lang) for path in self.taxonomy.paths_to(concept.id)),
            lead=lead,
            body=self.body(text, 2, lang) if text else (),
            note=self.prose(note.blocks, note) if note else None,
            is_translated=shown == lang,
            groups=self.groups(concept, lang),
            members=self.members(concept, lang),
            quotations=self.quotations(concept, lang) if named else (),
            based_on=self.refs.all(concept.based_on, lang),
            led_to=self.refs.all(self.led_to[concept.id], lang),
            needs=self.refs.all(concept.needs, lang),
            needed_by=self.refs.all(self.needed_by.get(concept.id, ()), lang),
            series=self.refs.all(self.series[concept.series], lang) if concept.series else (),
            mentioned_by=self.refs.all(concept.mentioned_by, lang),
            previous=previous,
            next=following,
            source=self.source(text or note),
        )

    def text_in(self, concept: Concept, lang: str) -> Text | None:
        """The text in that language, else in the first language that has one."""
        texts = concept.texts
        if lang in texts and (texts[lang].content or not any(text.content for text in texts.values())):
            return texts[lang]
        return next(
            (texts[code] for code in self.taxonomy.languages if code in texts and texts[code].content), None
        )

    def note_in(self, concept: Concept, lang: str) -> Note | None:
        if lang in concept.notes:
            return concept.notes[lang]
        return next((concept.notes[code] for code in self.taxonomy.languages if code in concept.notes), None)

    @staticmethod
    def prose(blocks: tuple[Block, ...], origin: Text | Note) -> Prose:
        return Prose(blocks, origin.path, origin.kramdown, origin.lang)

    def body(self, text: Text, level: int, lang: str) -> tuple[Prose | TocSection, ...]:
        """The text in order, with each approach as a section in its place."""
        pieces: list[Prose | TocSection] = []
        run: list[Block] = []
        for piece in (*text.content, None):
            if isinstance(piece, Block):
                run.append(piece)
                continue
            if run:
                pieces.append(self.prose(tuple(run), text))
                run = []
            if isinstance(piece, str):
                pieces.append(self.section(self.taxonomy.concepts[piece], level, lang))
        return tuple(pieces)

    def section(self, approach: Concept, level: int, lang: str) -> TocSection:
        text, note = self.text_in(approach, lang), self.note_in(approach, lang)
        body = self.body(text, level + 1, lang) if text else ()
        if note:
            own = sum(1 for _ in takewhile(lambda piece: isinstance(piece, Prose), body))
            body = (*body[:own], self.prose(note.blocks, note), *body[own:])
        return TocSection(
            self.refs.ref(approach.id, lang),
            self.refs.anchor(approach.id),
            min(level, 6),
            _symbols(text),
            body,
            self.members(approach, lang, (*NAMED, Kind.FAMILY)),
            approach.links,
        )

    def members(self, concept: Concept, lang: str, kinds: tuple[Kind, ...] = NAMED) -> tuple[MemberRow, ...]:
        """The methods right under a concept, in the order its text names them; under an approach families too."""
        return tuple(
            self.refs.row(child, lang)
            for child in concept.narrower
            if self.taxonomy.concepts[child].kind in kinds
        )

    def groups(self, concept: Concept, lang: str) -> tuple[tuple[ConceptLink, tuple[MemberRow, ...]], ...]:
        """What stands under a part, type or family as pages of their own, each with what stands under it."""
        made = []
        for child in concept.narrower:
            below = self.taxonomy.concepts[child]
            if below.kind in (Kind.TYPE, Kind.FAMILY):
                inner = tuple(
                    self.refs.row(c, lang)
                    for c in below.narrower
                    if self.taxonomy.concepts[c].kind in (Kind.FAMILY, Kind.APPROACH)
                )
                made.append((self.refs.ref(child, lang), inner))
        return tuple(made)

    def quotations(self, concept: Concept, lang: str) -> tuple[tuple[ConceptLink, Sentence | None], ...]:
        """The places that name a method, in the page's language where there are any; with the sentence if it is short."""
        chosen = [n for n in concept.namings if n.lang == lang] or list(concept.namings)
        seen: dict[str, Occurrence] = {}
        for naming in chosen:
            if naming.sentence:
                seen.setdefault(naming.concept, naming)
        return tuple((self.refs.ref(naming.concept, lang), _quoted(naming)) for naming in seen.values())

    def neighbours(self, concept: Concept, lang: str) -> tuple[ConceptLink | None, ConceptLink | None]:
        """The siblings before and after, under the first parent."""
        if concept.broader:
            around = self.taxonomy.concepts[concept.broader[0]].narrower
        else:
            around = self.taxonomy.parts
        siblings = [
            other
            for other in around
            if self.taxonomy.concepts[other].kind.is_named == concept.kind.is_named
            and self.taxonomy.concepts[other].kind is not Kind.APPROACH
        ]
        index = siblings.index(concept.id) if concept.id in siblings else -1
        if index < 0:
            return None, None
        before = self.refs.ref(siblings[index - 1], lang) if index > 0 else None
        after = self.refs.ref(siblings[index + 1], lang) if index + 1 < len(siblings) else None
        return before, after

    def source(self, origin: Text | Note | None) -> SourcePlace | None:
        if origin is None:
            return None
        path = origin.file
        edit = f"{self.repository}/edit/{self.branch}/{path}" if self.repository else ""
        return SourcePlace(path, edit)


def _quoted(naming: Occurrence) -> Sentence | None:
    return Sentence(naming.sentence, naming.lang) if len(naming.sentence) <= _MAX_QUOTATION else None


def toc_of(body: tuple[Prose | TocSection, ...]) -> tuple[TocEntry, ...]:
    """The sections of a page, two levels deep."""
    return tuple(
        TocEntry(piece.anchor, piece.ref.label, piece.ref.lang, toc_of(piece.body))
        for piece in body
        if isinstance(piece, TocSection)
    )


def tree_for(taxonomy: Taxonomy, refs: ConceptLinks, lang: str, current: str | None) -> tuple[TreeItem, ...]:
    """Parts and their types; the branch of the current concept is open down to its siblings."""
    path: set[str] = set()
    if current is not None:
        path = {step for steps in taxonomy.paths_to(current) for step in steps} | {current}

    def item(concept_id: str) -> TreeItem:
        concept = taxonomy.concepts[concept_id]
        is_open = concept.kind is Kind.PART or concept_id in path
        below = [
            child for child in concept.narrower if taxonomy.concepts[child].kind in (Kind.TYPE, Kind.FAMILY)
        ]
        children = tuple(item(child) for child in below) if is_open else ()
        return TreeItem(refs.ref(concept_id, lang), concept_id == current, is_open, children)

    return tuple(item(part) for part in taxonomy.parts)


def _symbols(text: Text | None) -> tuple[Sentence, ...]:
    return tuple(Sentence(f"${tex}$", text.lang, is_markdown=True) for tex in text.formulas) if text else ()


def _inverse(taxonomy: Taxonomy) -> Mapping[str, list[str]]:
    led_to: dict[str, list[str]] = defaultdict(list)
    for concept in taxonomy.concepts.values():
        for target in concept.based_on:
            led_to[target].append(concept.id)
    for ids in led_to.values():
        ids.sort(key=lambda concept_id: (taxonomy.concepts[concept_id].year or 9999, concept_id))
    return led_to


def _needed_by(taxonomy: Taxonomy) -> Mapping[str, list[str]]:
    needed_by: dict[str, list[str]] = defaultdict(list)
    for concept in taxonomy.concepts.values():
        for target in concept.needs:
            needed_by[target].append(concept.id)
    return needed_by


def _series(taxonomy: Taxonomy) -> Mapping[str, list[str]]:
    series: dict[str, list[str]] = defaultdict(list)
    for concept in taxonomy.concepts.values():
        if concept.series:
            series[concept.series].append(concept.id)
    for ids in series.values():
        ids.sort(key=lambda concept_id: taxonomy.concepts[concept_id].year or 0)
    return series
