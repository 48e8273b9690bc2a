"""Read a translated outline: find the concept that every section translates, and compare the two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.builder import ConceptBuilder, TaxonomyBuilder, extend
from dlmap.taxonomy.ids import english
from dlmap.taxonomy.kinds import NAMED, Kind
from dlmap.taxonomy.labels import upper_first
from dlmap.taxonomy.members import NamedMethod
from dlmap.taxonomy.mentions import add_mentions
from dlmap.taxonomy.methods import entry_for, members_of, note_span, place
from dlmap.taxonomy.model import Occurrence
from dlmap.taxonomy.names import name_key, slug
from dlmap.taxonomy.outline_model import BoldMention, Link, Node, Outline
from dlmap.taxonomy.texts import text_of


@dataclass(frozen=True, slots=True)
class _Pair:
    """A section, the concept that it translates, and the concept that it stands under; empty without one."""

    node: Node
    concept: str
    parent: str


def add_translation(drafts: TaxonomyBuilder, outline: Outline) -> None:
    """Add the texts of an outline to the concepts that it translates."""
    pairs = list(_Matcher(drafts, outline).pairs())
    concept_of = {id(pair.node): pair.concept for pair in pairs}
    drafts.ids.of_node |= concept_of
    for pair in pairs:
        draft, node = drafts.by_id[pair.concept], pair.node
        _compare_places(drafts, draft, pair, outline)
        if not _is_as_in_the_first(draft, node, outline.lang):
            draft.label[outline.lang] = upper_first(node.label.text)
        extend(draft.alt, node.label.alt)
        _add_links(draft.links, node.links)
        _add_links(draft.resources, node.resources)
        draft.texts[outline.lang] = text_of(
            node, drafts.own_text(node, outline), outline, drafts.ids, draft.texts.get(outline.lang)
        )
    for pair in pairs:
        members = list(members_of(drafts, pair.node))
        named = {_place_translated(drafts, member, pair.concept, outline) for member in members}
        _compare_members(drafts, pair, named - {""}, outline)
    add_mentions(drafts, outline, concept_of)


def _is_as_in_the_first(draft: ConceptBuilder, node: Node, lang: str) -> bool:
    """Whether a heading still has its Chinese name in another language: the frame of a translation to be written."""
    return lang != "zh" and has_han(node.label.text) and node.label.text == draft.label.get("zh")


def _add_links(known: list[Link], more: Iterable[Link]) -> None:
    """The links that only the translation has; the others have their words already."""
    addresses = {link.href for link in known}
    known += (link for link in more if link.href not in addresses)


class _Matcher:
    def __init__(self, drafts: TaxonomyBuilder, outline: Outline) -> None:
        self.drafts = drafts
        self.outline = outline
        self.by_label: dict[tuple[Kind, str, str], list[ConceptBuilder]] = defaultdict(list)
        """By kind, family (of approaches only) and name key."""
        for draft in drafts.by_id.values():
            if draft.kind in NAMED:
                continue  # no section translates a method
            family = self.family_of(draft) if draft.kind is Kind.APPROACH else ""
            for key in {name_key(label) for label in draft.label.values()}:
                self.by_label[draft.kind, family, key].append(draft)

    def family_of(self, draft: ConceptBuilder) -> str:
        """The concept that an approach belongs to, however deep it stands in it."""
        while draft.kind is Kind.APPROACH and draft.broader:
            draft = self.drafts.by_id[draft.broader[0]]
        return draft.id

    def pairs(self) -> Iterator[_Pair]:
        for part in self.outline.parts:
            yield from self.match(part, "", "")

    def match(self, node: Node, parent: str, family: str) -> Iterator[_Pair]:
        found = self.find(node, parent, family)
        if found is None:
            hint = f"{family}-…" if family else "the id of its heading"
            self.drafts.report(
                "DL503",
                f"`{node.label.text}` translates nothing that the first outline has",
                f"give both the same id: {{#id}} ({hint})",
                self.outline.source,
                node.span,
            )
        else:
            yield _Pair(node, found.id, parent)
        here = found.id if found else ""
        below = family if node.kind is Kind.APPROACH else here
        for approach in node.approaches:
            yield from self.match(approach, here, below)
        for child in node.children:
            yield from self.match(child, here, "")

    def find(self, node: Node, parent: str, family: str) -> ConceptBuilder | None:
        for own in filter(None, (node.id, slug(english(node)))):
            draft = self.drafts.by_id.get(f"{family}-{own}" if family else own)
            if draft and draft.kind is node.kind and (not family or self.family_of(draft) == family):
                return draft
        for name in filter(None, (node.label.text, node.label.gloss)):
            drafts = self.by_label.get((node.kind, family, name_key(name)), [])
            near = [draft for draft in drafts if parent in draft.broader]
            if near or len(drafts) == 1:
                return (near or drafts)[0]
        return None


def _compare_places(drafts: TaxonomyBuilder, draft: ConceptBuilder, pair: _Pair, outline: Outline) -> None:
    if pair.parent and draft.broader and pair.parent not in draft.broader:
        drafts.report(
            "DL504",
            f"`{pair.node.label.text}` stands under `{pair.parent}` here,"
            f" under {', '.join(f'`{b}`' for b in draft.broader)} in the first outline",
            "move it, so that both languages have one structure",
            outline.source,
            pair.node.span,
        )


def _place_translated(drafts: TaxonomyBuilder, member: NamedMethod, container: str, outline: Outline) -> str:
    """Note where a translation names a method; the first outline decides where it stands."""
    entry = entry_for(drafts, member, outline)
    if entry and entry.kind == "term":
        drafts.pending.append((container, BoldMention(member.name, member.span, member.id), outline))
        return ""
    by_name = member.id or drafts.by_name.get(name_key(member.name), "")
    concept_id = drafts.concept_of(entry) if entry else by_name
    if concept_id not in drafts.by_id:
        place(drafts, member, container, outline)
        return drafts.spans[outline.source.path, member.span][-1]
    note_span(drafts, member, concept_id, outline)
    drafts.name(drafts.by_id[concept_id], Occurrence(container, outline.lang, member.sentence))
    return concept_id


def _compare_members(drafts: TaxonomyBuilder, pair: _Pair, named: set[str], outline: Outline) -> None:
    if not any(inner.inline.text for block in pair.node.blocks for inner in block.walk()):
        return  # not translated yet, which is told of the concept as a whole
    by_language = drafts.named_in.get(pair.concept, {})
    expected = {name for lang, names in by_language.items() if lang != outline.lang for name in names}
    label = pair.node.label.text
    for fact, names in (
        (
            f"`{label}` does not name what the other language names",
            expected - named - _mentioned(drafts, pair.node),
        ),
        (f"`{label}` names what the other language does not", named - expected),
    ):
        if names:
            drafts.report(
                "DL504",
                f"{fact}: {', '.join(sorted(names))}",
                "name the same methods in both languages",
                outline.source,
                pair.node.span,
            )


def _mentioned(drafts: TaxonomyBuilder, node: Node) -> set[str]:
    found: set[str] = set()
    for mention in node.mentions:
        if entry := drafts.entry_for_mention(mention):
            found.add(drafts.concept_of(entry))
        elif concept_id := drafts.by_name.get(name_key(mention.words)):
            found.add(concept_id)
    return found
