"""Links to concepts: where each is shown, under which label, in which hue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from dlmap.markdown.cjk import has_han
from dlmap.site.model import ConceptLink, MemberRow, Sentence
from dlmap.taxonomy import Concept, Kind, Taxonomy

# The hues of the parts lie apart by the golden angle, so any number of parts gets distinct ones; it begins at blue.
_FIRST_HUE = 250.0
_GOLDEN_ANGLE = 137.508


class ConceptLinks:
    """Makes the `ConceptLink` of any concept in any language."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self.hues = _hues(taxonomy)
        self.ref = cache(self._ref)
        self.page_of = cache(self._page_of)
        self.members = cache(self._members)

    def path(self, concept_id: str, lang: str) -> str:
        """The site path that shows a concept: its own page, or its section in the page of its family."""
        page = self.page_of(concept_id)
        return f"{lang}/{page}/" if page == concept_id else f"{lang}/{page}/#{self.anchor(concept_id)}"

    def _page_of(self, concept_id: str) -> str:
        """The concept whose page shows this one: an approach stands in the page of its family."""
        concept = self.taxonomy.concepts[concept_id]
        while concept.kind is Kind.APPROACH and concept.broader:
            concept = self.taxonomy.concepts[concept.broader[0]]
        return concept.id

    def anchor(self, concept_id: str) -> str:
        """The fragment of an approach in its family's page: its id without the family's."""
        return concept_id.removeprefix(f"{self.page_of(concept_id)}-")

    def _ref(self, concept_id: str, lang: str) -> ConceptLink:
        concept = self.taxonomy.concepts[concept_id]
        label, label_lang = label_in(concept, lang)
        other_lang = next((code for code in self.taxonomy.languages if code != label_lang), "")
        other = concept.label.get(other_lang, "")
        return ConceptLink(
            id=concept.id,
            kind=concept.kind.value,
            label=label,
            lang=label_lang,
            other="" if other == label else other,
            other_lang=other_lang,
            path=self.path(concept_id, lang),
            hue=self.hues.get(concept_id, 0),
            year=concept.year,
            count=len(self.members(concept_id)),
        )

    def _members(self, concept_id: str) -> frozenset[str]:
        """The methods and metrics below a concept."""
        below = self.taxonomy.concepts[concept_id].narrower
        named = (child for child in below if self.taxonomy.concepts[child].kind.is_named)
        return frozenset(named).union(*map(self.members, below))

    def all(self, concept_ids: Iterable[str], lang: str) -> tuple[ConceptLink, ...]:
        """Refs in the order given."""
        return tuple(self.ref(concept_id, lang) for concept_id in concept_ids)

    def row(self, concept_id: str, lang: str) -> MemberRow:
        """A line of a table of methods."""
        concept = self.taxonomy.concepts[concept_id]
        return MemberRow(
            self.ref(concept_id, lang),
            idea_in(concept, lang, self.taxonomy.languages),
            bool(concept.notes or concept.paper),
        )


def label_in(concept: Concept, lang: str) -> tuple[str, str]:
    """The label to show in a language and the language it is in."""
    if lang in concept.label:
        label = concept.label[lang]
        return label, written_in(label, lang)
    fallback = next(iter(concept.label))
    return concept.label[fallback], fallback


def written_in(label: str, lang: str) -> str:
    """The language a label is in, told by its script: `ResNet` on a Chinese page is English."""
    if has_han(label):
        return "zh"
    return "en" if lang == "zh" else lang


def idea_in(concept: Concept, lang: str, languages: tuple[str, ...]) -> Sentence | None:
    """One sentence on a method: its summary, else the first of its note; in another language if need be."""
    for code in (lang, *(other for other in languages if other != lang)):
        if summary := concept.summary.get(code):
            return Sentence(summary, code, is_markdown=True)
        if note := concept.notes.get(code):
            return Sentence(note.definition, code)
    return None


def _hues(taxonomy: Taxonomy) -> Mapping[str, int]:
    hues: dict[str, int] = {}
    for index, part in enumerate(taxonomy.parts):
        hue = round(_FIRST_HUE + index * _GOLDEN_ANGLE) % 360
        todo = [part]
        while todo:
            current = todo.pop()
            if current not in hues:
                hues[current] = hue
                todo += taxonomy.concepts[current].narrower
    return hues
