"""The taxonomy: concepts in SKOS's words, with their texts in every language."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from dlmap.markdown import Block
from dlmap.markdown.tex_to_text import tex_to_text
from dlmap.taxonomy.decision import Decision
from dlmap.taxonomy.kinds import Kind
from dlmap.taxonomy.outline_model import Link
from dlmap.taxonomy.registry_entry import Paper
from dlmap.text import SourceFile, Span

_FORMULA = re.compile(r"\$(.+?)\$")


class Text(NamedTuple):
    """What one outline says of a concept."""

    lang: str
    path: str
    """Of the outline.  Its text is that of the preface in the same language: with it, an edit of one would change all."""
    span: Span
    """Where the label stands."""
    content: tuple[Block | str, ...]
    """Blocks in order; a string is the id of the approach that stands there."""
    definition: str
    """The first paragraph as plain text; empty where the concept has no text of its own."""
    kramdown: bool
    digest: str
    """A hash of the text as written, by which a translation notices that its source has changed."""
    formulas: tuple[str, ...] = ()
    """TeX of the formulas that stand behind the label."""
    file: str = ""
    """The path of the file that the label stands in: the outline, or one that it includes."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a concept in one language."""

    lang: str
    source: SourceFile
    blocks: tuple[Block, ...]
    definition: str
    kramdown: bool
    digest: str

    @property
    def path(self) -> str:
        """Of its file."""
        return self.source.path

    @property
    def file(self) -> str:
        """The same, as a text of an outline has it."""
        return self.source.path


class Occurrence(NamedTuple):
    """A place of the outline that names a method as a member."""

    concept: str
    """The id of the concept whose text names it."""
    lang: str
    sentence: str
    """The sentence as plain text."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of the map."""

    id: str
    kind: Kind
    label: Mapping[str, str]
    """The preferred label by language."""
    alt: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    based_on: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """What a reader has to know before."""
    links: tuple[Link, ...] = ()
    resources: tuple[Link, ...] = ()
    expansion: str = ""
    series: str = ""
    year: int | None = None
    paper: Paper | None = None
    code: str = ""
    """The address of its code, where the outline gives one."""
    confidence: str = ""
    summary: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, Text] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    namings: tuple[Occurrence, ...] = ()
    mentioned_by: tuple[str, ...] = ()
    """The concepts whose text names it without counting it among theirs."""
    source: tuple[str, int] = ("", 0)
    """The file and line that bring it into the map."""

    def name(self, lang: str) -> str:
        """The label in that language; in another one where there is none."""
        return self.label.get(lang) or next(iter(self.label.values()))

    def definition(self, lang: str) -> str:
        """The shortest explanation in that language, as plain text: summary, note, first paragraph; or empty."""
        if summary := self.summary.get(lang):
            return _FORMULA.sub(lambda formula: tex_to_text(formula[1]), summary)
        if self.kind.is_named and (note := self.notes.get(lang)):
            return note.definition
        text = self.texts.get(lang)
        if text and text.definition:
            return text.definition
        note = self.notes.get(lang)
        return note.definition if note else ""

    def blocks(self, lang: str) -> Iterator[Block]:
        """The blocks of its own text, without those of its approaches, and of its note."""
        if text := self.texts.get(lang):
            yield from (piece for piece in text.content if isinstance(piece, Block))
        if note := self.notes.get(lang):
            yield from note.blocks

    def is_translated(self, lang: str) -> bool:
        """Whether the concept can be read in that language: it has a label, and text if it has text anywhere."""
        if lang not in self.label:
            return False
        if self.definition(lang):
            return True
        return not any(self.definition(other) for other in {*self.summary, *self.texts, *self.notes})


class Term(NamedTuple):
    """A term and its gloss, harvested from the outline: `词嵌入(word embedding)`."""

    zh: str
    en: str
    concept: str
    """The concept whose text holds it."""
    source: SourceFile
    span: Span
    """The block or the label that holds it."""

    @property
    def place(self) -> tuple[str, int]:
        """The file and the line of that, from 1."""
        return self.source.place(self.span)


@dataclass(frozen=True, slots=True)
class Preface:
    """What stands before the first part, in one language."""

    lang: str
    title: str
    description: str
    blocks: tuple[Block, ...]
    source: SourceFile
    kramdown: bool
    date: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The whole map."""

    languages: tuple[str, ...]
    """The first is the default language."""
    concepts: Mapping[str, Concept]
    """By id: parents before children, in the order of the outline; then methods by name."""
    parts: tuple[str, ...]
    origin: str | None
    """The host of the author's own articles, if the outline tells it."""
    prefaces: Mapping[str, Preface]
    terms: tuple[Term, ...]
    spans: Mapping[tuple[str, Span], tuple[str, ...]]
    """The concepts that the bold span at (path, span) names: several for a series written in one."""
    decisions: Mapping[str, tuple[Decision, ...]] = field(default_factory=dict)
    """What the reader made of the outline in each language, and why."""

    def place_of(self, text: Text | Note) -> tuple[SourceFile, Span]:
        """The file that a text stands in, and the place of its label; of a note, its first line."""
        if isinstance(text, Note):
            return text.source, text.source.line_span(1)
        return self.prefaces[text.lang].source, text.span

    def of_kind(self, *kinds: Kind) -> tuple[Concept, ...]:
        """The concepts of these kinds, in order."""
        return tuple(concept for concept in self.concepts.values() if concept.kind in kinds)

    def paths_to(self, concept_id: str) -> tuple[tuple[str, ...], ...]:
        """Every way from a part down to the concept, the concept itself left out."""
        concept = self.concepts[concept_id]
        if not concept.broader:
            return ((),)
        return tuple((*path, parent) for parent in concept.broader for path in self.paths_to(parent))

    def members_under(self, concept_id: str) -> tuple[str, ...]:
        """The methods and metrics below a concept, each once, in order."""
        found: dict[str, None] = {}
        seen: set[str] = set()
        todo = [concept_id]
        while todo:
            current = self.concepts[todo.pop()]
            if current.id in seen:
                continue
            seen.add(current.id)
            if current.kind.is_named and current.id != concept_id:
                found[current.id] = None
            todo += reversed(current.narrower)
        return tuple(found)

    def related(self) -> Mapping[str, tuple[str, ...]]:
        """SKOS's `related` of every concept: lineage both ways; no ancestor and no descendant is in it."""
        above = {
            concept_id: {step for path in self.paths_to(concept_id) for step in path}
            for concept_id in self.concepts
        }
        related: dict[str, dict[str, None]] = {concept_id: {} for concept_id in self.concepts}
        for concept in self.concepts.values():
            for target in concept.based_on:
                if target not in above[concept.id] and concept.id not in above[target]:
                    related[concept.id][target] = None
                    related[target][concept.id] = None
        return {concept_id: tuple(others) for concept_id, others in related.items()}
