"""Named methods and metrics: which concept a bold name is, and where it stands in the map."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import unquote

from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.builder import ConceptBuilder, TaxonomyBuilder, extend
from dlmap.taxonomy.ids import member_id
from dlmap.taxonomy.kinds import NAMED, Kind
from dlmap.taxonomy.members import NamedMethod
from dlmap.taxonomy.model import Occurrence
from dlmap.taxonomy.names import loose_key, name_key
from dlmap.taxonomy.outline_model import BoldMention, Node, Outline
from dlmap.taxonomy.registry_entry import RegistryEntry
from dlmap.text import Span

_NO_WORDS = re.compile(r"[\W_]+")


def add_methods(drafts: TaxonomyBuilder, outline: Outline) -> None:
    """Place every method of the outline under the concept whose text names it, then what bullets `[x](#id)` place."""
    for node in outline.walk():
        for member in members_of(drafts, node):
            place(drafts, member, drafts.ids.node_id(node), outline)
    unknown: list[tuple[str, Span]] = []
    for node in outline.walk():
        for placed in node.placed:
            if draft := drafts.by_id.get(placed.id):
                drafts.add_parent(draft, drafts.ids.node_id(node))
            else:
                unknown.append((placed.id, placed.span))
    report_unknown(drafts, unknown, outline)


def members_of(drafts: TaxonomyBuilder, node: Node) -> Iterator[NamedMethod]:
    """The members that a node names: by the rules of the text, and by the registry.

    An approach is a line of thought told by its methods, so a registered name in bold is one of them, wherever in
    the sentence it stands (`包括多分支的 **Inception v1**`).
    """
    whole: set[Span] = set()
    for member in node.members:
        entries = drafts.registry.named(member.written) if member.written else ()
        if not entries:
            yield member
        elif member.span not in whole:  # "Show, Attend and Tell" is one name
            whole.add(member.span)
            yield replace(member, name=entries[0].name, series="", written="")
    if node.kind is Kind.APPROACH:
        for mention in node.mentions:
            entry = drafts.entry_for_mention(mention)
            if entry and entry.kind != "term":
                yield NamedMethod(entry.name, (), "", entry.kind, mention.span, entry.id, mention.sentence)


def place(drafts: TaxonomyBuilder, member: NamedMethod, container: str, outline: Outline) -> None:
    """Put a named method under the concept whose text names it."""
    entry = entry_for(drafts, member, outline)
    if entry and entry.kind == "term":
        drafts.pending.append((container, BoldMention(member.name, member.span, member.id), outline))
        return
    if not member.id and not entry and _is_section(drafts, member, container):
        drafts.pending.append(
            (container, BoldMention(member.name, member.span, "", member.sentence), outline)
        )
        return
    concept_id = _concept_for(drafts, member, entry, container, outline)
    draft = drafts.by_id[concept_id]
    draft.facts = draft.facts.or_else(member.facts)
    draft.expansion = draft.expansion or member.expansion
    if member.gloss:
        draft.glosses.setdefault(outline.lang, member.gloss)
    if entry is None:  # what the registry knows has the names that the registry says
        free = (alt for alt in member.alt if drafts.by_name.get(name_key(alt), concept_id) == concept_id)
        extend(draft.alt, free)
    draft.series = draft.series or (entry.series if entry else "") or member.series
    note_span(drafts, member, concept_id, outline)
    drafts.name(draft, Occurrence(container, outline.lang, member.sentence))
    drafts.add_parent(draft, container)


def _is_section(drafts: TaxonomyBuilder, member: NamedMethod, container: str) -> bool:
    """Whether running text names a section: the one it stands in, or a part or type."""
    key = name_key(member.name)
    if not key:
        return True
    if member.is_entry:
        return False
    draft = drafts.by_id.get(container)
    while draft is not None and draft.kind is Kind.APPROACH and draft.broader:
        draft = drafts.by_id[draft.broader[0]]  # an approach may well be named after its first method
    if draft is not None and any(name_key(name) == key for name in draft.names):
        return True
    return key in drafts.section_names and key not in drafts.by_name


def note_span(drafts: TaxonomyBuilder, member: NamedMethod, concept_id: str, outline: Outline) -> None:
    """Remember which concept a bold span names; a series written in one names several."""
    key = (outline.source.path, member.span)
    drafts.spans[key] = (*drafts.spans.get(key, ()), concept_id)


def entry_for(drafts: TaxonomyBuilder, member: NamedMethod, outline: Outline) -> RegistryEntry | None:
    """The registered entry that a member is; an error where its name is that of several."""
    if member.id:
        return drafts.registry.fact(member.id)
    entries = drafts.registry.named(member.name)
    if len(entries) > 1:
        ways = " or ".join(f"**{member.name}**{{#{entry.id}}}" for entry in entries)
        drafts.report(
            "DL213",
            f"`{member.name}` is the name of {len(entries)} registered methods",
            f"say which: {ways}",
            outline.source,
            member.span,
        )
    return entries[0] if entries else None


def _concept_for(
    drafts: TaxonomyBuilder,
    member: NamedMethod,
    entry: RegistryEntry | None,
    container: str,
    outline: Outline,
) -> str:
    """The concept a member is, made if it is new."""
    key = name_key(member.name)
    if entry is not None:
        concept_id = drafts.concept_of(entry)
    elif not member.id and key in drafts.by_name and _may_be(drafts.by_id[drafts.by_name[key]], member):
        return _of_name(drafts, drafts.by_name[key], member, container, outline)
    else:
        concept_id = member_id(drafts.ids, member, outline.source)
        drafts.take_id_problems()
    draft = drafts.by_id.get(concept_id)
    if draft is not None and entry is None and not member.id and not _may_be(draft, member):
        concept_id = f"{concept_id}-{member.kind}"  # MAE is an error and an autoencoder
        draft = drafts.by_id.get(concept_id)
    if draft is not None and not _is_same(draft, member, entry):
        concept_id = _free_id(drafts, concept_id, member, outline, is_clash=entry is not None)
        draft = None
    if draft is None:
        draft = _new_draft(drafts, concept_id, member, entry, outline)
    if entry is not None and concept_id != entry.id:
        drafts.of_entry[entry.id] = concept_id
    if key not in map(name_key, draft.names):
        draft.alt.append(member.name)
    if not member.id:
        drafts.by_name.setdefault(key, concept_id)
    return concept_id


def _of_name(
    drafts: TaxonomyBuilder, concept_id: str, member: NamedMethod, container: str, outline: Outline
) -> str:
    """The concept of that name; another one where the same text spells the abbreviation out in another way.

    `切换归一化**SN**、谱归一化**SN**` are two concepts.
    """
    candidates: list[str] = [concept_id, *drafts.homonyms.get(concept_id, ())]
    for known in candidates:
        draft = drafts.by_id[known]
        if container not in draft.broader or not _spelt_differently(draft, member):
            return known
    made = _free(drafts, f"{concept_id}-{member.kind}")
    first = ", ".join(name for name in drafts.by_id[concept_id].alt if has_han(name))
    drafts.report(
        "DL217",
        f"`{member.name}` means both {first} and {', '.join(filter(has_han, member.alt))}",
        f"tell them apart: **{member.name}**{{#{made}}}",
        outline.source,
        member.span,
    )
    drafts.homonyms.setdefault(concept_id, []).append(made)
    _new_draft(drafts, made, member, None, outline)
    return made


def _spelt_differently(draft: ConceptBuilder, member: NamedMethod) -> bool:
    """Whether both have long forms in Chinese, and not one in common."""
    long_forms = {name_key(alt) for alt in draft.alt if has_han(alt)}
    others = {name_key(alt) for alt in member.alt if has_han(alt)}
    return bool(long_forms) and bool(others) and not long_forms & others


def _new_draft(
    drafts: TaxonomyBuilder,
    concept_id: str,
    member: NamedMethod,
    entry: RegistryEntry | None,
    outline: Outline,
) -> ConceptBuilder:
    kind = Kind(entry.kind if entry else member.kind)
    label = dict.fromkeys(drafts.languages, entry.name if entry else member.name)
    draft = ConceptBuilder(concept_id, kind, label, outline.source.place(member.span), entry=entry)
    drafts.by_id[concept_id] = draft
    return draft


def _may_be(draft: ConceptBuilder, member: NamedMethod) -> bool:
    """Whether a member can be that concept: a metric is no method, whatever their names.

    That a method is a data set or a benchmark only the registry and marks tell.
    """
    return draft.kind not in (Kind.METHOD, Kind.METRIC) or draft.kind.value == member.kind


def _is_same(draft: ConceptBuilder, member: NamedMethod, entry: RegistryEntry | None) -> bool:
    """Whether a member is the concept that has its id already."""
    if entry is not None:
        names = {loose_key(name) for name in (entry.name, *entry.aliases)}
        return draft.entry is entry or any(loose_key(name) in names for name in draft.names)
    if member.id:
        return True
    if draft.kind not in (*NAMED, Kind.FAMILY):
        return False
    return any(loose_key(name) == loose_key(member.name) for name in draft.names)


def _free_id(
    drafts: TaxonomyBuilder, wanted: str, member: NamedMethod, outline: Outline, *, is_clash: bool
) -> str:
    """An id for a method whose own is taken: an error between two methods or written ids, a suffix otherwise."""
    holder = drafts.by_id[wanted]
    if is_clash or holder.kind in NAMED:
        path, line = holder.source
        drafts.report(
            "DL210",
            f"`{member.name}` would get the id `{wanted}`, which another name has in {path}:{line}",
            f"tell them apart: **{member.name}**{{#another-id}}",
            outline.source,
            member.span,
        )
    return _free(drafts, f"{wanted}-{member.kind}")


def _free(drafts: TaxonomyBuilder, wanted: str) -> str:
    number, made = 2, wanted
    while made in drafts.by_id:
        made = f"{wanted}-{number}"
        number += 1
    return made


def report_unknown(drafts: TaxonomyBuilder, references: Sequence[tuple[str, Span]], outline: Outline) -> None:
    """Report references to concepts that do not exist."""
    by_anchor = _by_anchor(drafts) if references else {}
    for target, span in references:
        words = unquote(target)
        meant = by_anchor.get(_folded(words).lstrip("0123456789"))
        drafts.report(
            "DL304",
            f"there is no concept `#{words}`",
            f"write `#{meant}`, the id of that heading"
            if meant
            else "link to the id of a heading of this outline",
            outline.source,
            span,
        )


def _by_anchor(drafts: TaxonomyBuilder) -> Mapping[str, str]:
    """The first concept of each anchor that a blog may give its heading: made of one of its names, or of all of them."""
    found: dict[str, str] = {}
    for draft in drafts.by_id.values():
        names = [_folded(name) for name in draft.names]
        for anchor in filter(None, (*names, "".join(names))):
            found.setdefault(anchor, draft.id)
    return found


def _folded(words: str) -> str:
    return _NO_WORDS.sub("", words.casefold())
