"""Join the outlines of all languages, the registry and the notes into one taxonomy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from dlmap.cache.memory import Generation, IdentityKey, MemoryCache
from dlmap.taxonomy.builder import ConceptBuilder, TaxonomyBuilder, extend
from dlmap.taxonomy.kinds import NAMED, Kind
from dlmap.taxonomy.mentions import add_mentions, check_references, resolve_mentions
from dlmap.taxonomy.methods import add_methods
from dlmap.taxonomy.model import Concept, Note, Preface, Taxonomy
from dlmap.taxonomy.names import name_key
from dlmap.taxonomy.needs import check_needs, needs_of
from dlmap.taxonomy.outline_model import Outline
from dlmap.taxonomy.registry import Registry
from dlmap.taxonomy.registry_entry import Paper
from dlmap.taxonomy.sections import add_sections
from dlmap.taxonomy.translations import add_translation
from dlmap.text import Diagnostic

MAX_CONCEPTS = 20_000
"""Sections and named members of one outline, each time they are named.  So many take two minutes to build."""


def assemble(
    outlines: Sequence[Outline],
    registry: Registry,
    notes: Mapping[str, Mapping[str, Note]],
    languages: tuple[str, ...],
    *,
    reserved_ids: frozenset[str] = frozenset(),
    memo: MemoryCache | None = None,
) -> tuple[Taxonomy, tuple[Diagnostic, ...]]:
    """Make the taxonomy.  The first outline decides the structure; the others translate it.

    No concept gets one of the `reserved_ids`: pages of the site itself are at their addresses.
    """
    memo = memo or MemoryCache()
    if too_many := tuple(_past_the_limit(outlines)):
        return Taxonomy(languages, {}, (), None, {}, (), {}), too_many
    with memo.generation("taxonomy") as recall:
        taxonomy, diagnostics = recall(
            (languages, reserved_ids, IdentityKey(registry, *outlines)),
            lambda: _join(outlines, registry, languages, reserved_ids, memo),
        )
    return _with_notes(taxonomy, notes, memo), (*diagnostics, *_stray_notes(taxonomy, notes))


def _past_the_limit(outlines: Sequence[Outline]) -> Iterator[Diagnostic]:
    for outline in outlines:
        named = 0
        for node in outline.walk():
            named += 1 + len(node.members)
            if named > MAX_CONCEPTS:
                yield Diagnostic(
                    "DL216",
                    f"from here on the outline names more than {MAX_CONCEPTS:,} concepts",
                    "make several sites of it",
                    outline.source,
                    node.span,
                )
                break


def _join(
    outlines: Sequence[Outline],
    registry: Registry,
    languages: tuple[str, ...],
    reserved_ids: frozenset[str],
    memo: MemoryCache,
) -> tuple[Taxonomy, tuple[Diagnostic, ...]]:
    """The taxonomy without its notes: they change nothing else in it."""
    with memo.generation("texts") as recall:
        drafts = TaxonomyBuilder(registry.without(reserved_ids), languages, recall, reserved_ids)
        _report_reserved(drafts, registry)
        _fill(drafts, outlines)
    with memo.generation("concepts") as recall:
        return _taxonomy(drafts, outlines, recall), tuple(drafts.diagnostics)


def _report_reserved(drafts: TaxonomyBuilder, registry: Registry) -> None:
    for entry in registry.entries.values():
        if entry.id in drafts.ids.reserved and registry.source:
            drafts.report(
                "DL601",
                f"`{entry.id}` cannot be an id: a page of the site itself is at that address",
                f"choose another, `{entry.id}-{entry.kind}` for instance",
                registry.source,
                entry.span,
            )


def _fill(drafts: TaxonomyBuilder, outlines: Sequence[Outline]) -> None:
    for first in outlines[:1]:
        add_sections(drafts, first)
        add_methods(drafts, first)
        add_mentions(drafts, first, drafts.ids.of_node)
    for outline in outlines[1:]:
        add_translation(drafts, outline)
    _add_further_names(drafts)
    resolve_mentions(drafts)
    check_references(drafts, outlines)
    _report_unnamed(drafts)
    check_needs(drafts)


def _add_further_names(drafts: TaxonomyBuilder) -> None:
    """Give sections the names that the registry has for them beside those of the outline."""
    source = drafts.registry.source
    for entry in drafts.registry.entries.values():
        if entry.name or source is None:
            continue
        draft = drafts.by_id.get(entry.id)
        if draft is None:
            message = f"there is no concept `{entry.id}` for these names"
            drafts.report("DL602", message, "use the id of a heading of the outline", source, entry.span)
        elif draft.kind in NAMED:
            message = f"`{entry.id}` is a {draft.kind.value}, and its entry has no name"
            drafts.report("DL601", message, "add `name: …`", source, entry.span)
        else:
            extend(draft.alt, entry.aliases)


def _with_notes(taxonomy: Taxonomy, notes: Mapping[str, Mapping[str, Note]], memo: MemoryCache) -> Taxonomy:
    concepts = dict(taxonomy.concepts)
    with memo.generation("concepts with notes") as recall:
        for concept_id in notes.keys() & concepts.keys():
            concept, by_language = concepts[concept_id], notes[concept_id]
            key = IdentityKey(concept, *by_language.values())
            concepts[concept_id] = recall(key, partial(replace, concept, notes=by_language))
    return replace(taxonomy, concepts=concepts)


def _stray_notes(taxonomy: Taxonomy, notes: Mapping[str, Mapping[str, Note]]) -> Iterator[Diagnostic]:
    for concept_id, by_language in notes.items():
        if concept_id not in taxonomy.concepts:
            for note in by_language.values():
                yield Diagnostic(
                    "DL603",
                    f"there is no concept `{concept_id}` for this note",
                    "rename the file after the id of a concept",
                    path=note.source.path,
                )


def _report_unnamed(drafts: TaxonomyBuilder) -> None:
    registry = drafts.registry
    for entry in registry.entries.values():
        if (
            entry.name
            and entry.kind != "term"
            and drafts.concept_of(entry) not in drafts.by_id
            and registry.source
        ):
            drafts.report(
                "DL602",
                f"the outline does not name `{entry.name}`",
                "name it in bold where it belongs, or remove the entry",
                registry.source,
                entry.span,
            )


def _taxonomy(drafts: TaxonomyBuilder, outlines: Sequence[Outline], recall: Generation) -> Taxonomy:
    return Taxonomy(
        languages=drafts.languages,
        concepts={
            draft.id: _known_concept(
                draft,
                tuple(drafts.narrower.get(draft.id, ())),
                _based_on(drafts, draft),
                needs_of(drafts, draft.id),
                recall,
            )
            for draft in drafts.by_id.values()
        },
        parts=tuple(draft.id for draft in drafts.by_id.values() if draft.kind is Kind.PART),
        origin=outlines[0].origin if outlines else None,
        prefaces={outline.lang: _preface(outline) for outline in outlines},
        terms=tuple(drafts.terms),
        spans=drafts.spans,
        decisions={
            outline.lang: tuple(decision for node in outline.walk() for decision in node.decisions)
            for outline in outlines
        },
    )


def _based_on(drafts: TaxonomyBuilder, draft: ConceptBuilder) -> tuple[str, ...]:
    """What the registry says a method builds on, without what is not in the map."""
    if draft.entry is None or not draft.entry.based_on:
        return ()
    targets = (drafts.of_entry.get(target, target) for target in draft.entry.based_on)
    return tuple(target for target in targets if target in drafts.by_id and target != draft.id)


def _known_concept(
    draft: ConceptBuilder,
    narrower: tuple[str, ...],
    based_on: tuple[str, ...],
    needs: tuple[str, ...],
    recall: Generation,
) -> Concept:
    """The very concept of the last join where it would be equal: then what was made of it still holds."""
    # Mappings are equal in any order, but the concept keeps theirs.
    orders = map(
        tuple,
        (
            *(draft.label, draft.texts, draft.mentioned_by, draft.glosses),
            draft.entry.summary if draft.entry else (),
        ),
    )
    made_of = (draft, narrower, based_on, needs, *orders)
    known = recall.get(draft.id)
    if known is None or known[0] != made_of:
        known = made_of, _concept(draft, narrower, based_on, needs)
        recall.put(draft.id, known)
    concept: Concept = known[1]
    return concept


def _concept(
    draft: ConceptBuilder, narrower: tuple[str, ...], based_on: tuple[str, ...], needs: tuple[str, ...]
) -> Concept:
    entry, facts = draft.entry, draft.facts
    expansion = (entry.expansion if entry else "") or draft.expansion
    aliases = entry.aliases if entry else ()
    alt = [*aliases, *draft.alt, *filter(None, [expansion])]
    paper = (
        Paper(facts.paper_title or next(iter(draft.label.values())), facts.paper_url)
        if facts.paper_url or facts.paper_title
        else None
    )
    labels = {name_key(label) for label in draft.label.values()} if alt else ()
    return Concept(
        id=draft.id,
        kind=draft.kind,
        label=draft.label,
        alt=tuple(dict.fromkeys(name for name in alt if name_key(name) not in labels)),
        broader=tuple(draft.broader),
        narrower=narrower,
        based_on=based_on,
        needs=needs,
        links=tuple(draft.links),
        resources=tuple(draft.resources),
        expansion=expansion,
        series=draft.series,
        year=(entry.year if entry else None) or facts.year,
        paper=(entry.paper if entry else None) or paper,
        code=facts.code,
        confidence=entry.confidence if entry else "",
        summary={**draft.glosses, **(entry.summary if entry else {})},
        texts=draft.texts,
        namings=tuple(draft.namings),
        mentioned_by=tuple(draft.mentioned_by),
        source=draft.source,
    )


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
