"""Bold spans that are no members of their text: what they name, and the terms that they gloss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.builder import TaxonomyBuilder
from dlmap.taxonomy.members import NamedMethod
from dlmap.taxonomy.methods import place, report_unknown
from dlmap.taxonomy.model import Term
from dlmap.taxonomy.names import name_key
from dlmap.taxonomy.outline_model import Node, Outline
from dlmap.text import Span


def add_mentions(drafts: TaxonomyBuilder, outline: Outline, concept_of: Mapping[int, str]) -> None:
    """Collect the mentions and the terms of every node that is a concept; `concept_of` is by `id()` of the node."""
    for node in outline.walk():
        concept_id = concept_of.get(id(node))
        if concept_id is not None:
            drafts.pending += ((concept_id, mention, outline) for mention in node.mentions)
            if outline.lang == "zh":
                _add_terms(drafts, node, concept_id, outline)


def _add_terms(drafts: TaxonomyBuilder, node: Node, concept_id: str, outline: Outline) -> None:
    source = outline.source
    if node.label.gloss and has_han(node.label.text):
        drafts.terms.append(Term(node.label.text, node.label.gloss, concept_id, source, node.span))
    for zh, en, span in drafts.own_text(node, outline).terms:
        drafts.terms.append(Term(zh, en, concept_id, source, span))


def resolve_mentions(drafts: TaxonomyBuilder) -> None:
    """Link the bold spans that name a concept; place registered methods that stand in no enumeration."""
    names = drafts.unique_names()
    for container, mention, outline in drafts.pending:
        entry = drafts.entry_for_mention(mention)
        concept_id = drafts.concept_of(entry) if entry else names.get(name_key(mention.words))
        if entry and entry.kind != "term" and concept_id not in drafts.by_id:
            member = NamedMethod(entry.name, (), "", entry.kind, mention.span, entry.id, mention.sentence)
            place(drafts, member, container, outline)
            continue
        if concept_id is None or concept_id not in drafts.by_id or concept_id == container:
            continue
        key = (outline.source.path, mention.span)
        if key not in drafts.spans:
            drafts.spans[key] = (concept_id,)
            draft = drafts.by_id[concept_id]
            if container not in draft.broader and not drafts.is_ancestor(concept_id, container):
                draft.mentioned_by[container] = None


def check_references(drafts: TaxonomyBuilder, outlines: Iterable[Outline]) -> None:
    """Report the links `[x](#id)` inside texts that lead to no concept."""
    for outline in outlines:
        unknown: list[tuple[str, Span]] = []
        for node in outline.walk():
            placed = {mention.span for mention in node.placed}  # reported where they are placed
            unknown += (
                (target, span)
                for target, span in drafts.own_text(node, outline).references
                if target not in drafts.by_id and span not in placed
            )
        report_unknown(drafts, unknown, outline)
