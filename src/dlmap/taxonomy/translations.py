"""Read a translated outline: find the concept that every section translates, and compare the two."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dlmap.markdown import Block
from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.builder import ConceptBuilder, TaxonomyBuilder, extend
from dlmap.taxonomy.ids import english
from dlmap.taxonomy.kinds import NAMED, Kind
from dlmap.taxonomy.labels import upper_first
from dlmap.taxonomy.members import NamedMethod
from dlmap.taxonomy.mentions import add_mentions
from dlmap.taxonomy.methods import entry_for, members_of, note_span, place
from dlmap.taxonomy.model import Occurrence, Text
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
        text = text_of(
            node, drafts.own_text(node, outline), outline, drafts.ids, draft.texts.get(outline.lang)
        )
        draft.texts[outline.lang] = _with_approaches_of(text, next(iter(draft.texts.values()), None))
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
    """Pairs the sections of a translation with concepts: no approach is translated by two bullets.

    What stands where the first outline has it comes first, so that a name that occurs at two places finds its own.
    """

    def __init__(self, drafts: TaxonomyBuilder, outline: Outline) -> None:
        self.drafts = drafts
        self.outline = outline
        self.pair_of: dict[int, _Pair] = {}
        """By `id()` of the node."""
        self.translated: set[str] = set()
        self.elsewhere: deque[tuple[Node, str, str]] = deque()
        """Sections that are not where the first outline has them, each with its parent and its family."""
        self.by_label: dict[tuple[Kind, str, str], list[ConceptBuilder]] = defaultdict(list)
        """By kind, family (of approaches only) and name key."""
        for draft in drafts.by_id.values():
            if draft.kind in NAMED:
                continue  # no section translates a method
            family = self.family_of(draft) if draft.kind is Kind.APPROACH else ""
            for key in {name_key(label) for label in draft.label.values()}:
                self.by_label[draft.kind, family, key].append(draft)

    def family_of(self, draft: ConceptBuilder) -> str:
        """The concept that an approach belongs to, however deep it is nested."""
        while draft.kind is Kind.APPROACH and draft.broader:
            draft = self.drafts.by_id[draft.broader[0]]
        return draft.id

    def pairs(self) -> Iterator[_Pair]:
        """The pairs in the order of the translation."""
        self.match(self.outline.parts, "", "")
        while self.elsewhere:
            node, parent, family = self.elsewhere.popleft()
            draft = self.anywhere(node, family)
            if draft is None:
                hint = f"{family}-…" if family else "the id of its heading"
                self.drafts.report(
                    "DL503",
                    f"`{node.label.text}` translates nothing that the first outline has",
                    f"give both the same id: {{#id}} ({hint})",
                    self.outline.source,
                    node.span,
                )
            self.accept(node, draft, parent, family)
        for node in self.outline.walk():
            if id(node) in self.pair_of:
                yield self.pair_of[id(node)]

    def match(self, nodes: Iterable[Node], parent: str, family: str) -> None:
        """Pair sections, and all below them, with what the first outline has at the same place."""
        for node in nodes:
            if draft := self.in_place(node, parent, family):
                self.accept(node, draft, parent, family)
            else:
                self.elsewhere.append((node, parent, family))

    def accept(self, node: Node, draft: ConceptBuilder | None, parent: str, family: str) -> None:
        concept = draft.id if draft else ""
        if draft:
            self.pair_of[id(node)] = _Pair(node, concept, parent)
            self.translated.add(concept)
        self.match(node.approaches, concept, family if node.kind is Kind.APPROACH else concept)
        self.match(node.children, concept, "")

    def in_place(self, node: Node, parent: str, family: str) -> ConceptBuilder | None:
        if node.id and (draft := self.with_id(node, node.id, family)):
            return draft  # an author's own id holds wherever it is
        candidates = [self.with_id(node, slug(english(node)), family), *self.with_name(node, family)]
        return next((draft for draft in candidates if draft and self.is_under(draft, parent)), None)

    def anywhere(self, node: Node, family: str) -> ConceptBuilder | None:
        if draft := self.with_id(node, slug(english(node)), family):
            return draft
        drafts = self.with_name(node, family)
        return drafts[0] if len(drafts) == 1 else None

    def with_id(self, node: Node, own: str, family: str) -> ConceptBuilder | None:
        draft = self.drafts.by_id.get(f"{family}-{own}" if family else own) if own else None
        fits = draft and draft.kind is node.kind and (not family or self.family_of(draft) == family)
        return draft if fits and draft and self.is_free(draft) else None

    def with_name(self, node: Node, family: str) -> list[ConceptBuilder]:
        """The concepts of that name that it may translate, by its own name first."""
        for name in filter(None, (node.label.text, node.label.gloss)):
            drafts = self.by_label.get((node.kind, family, name_key(name)), [])
            if free := [draft for draft in drafts if self.is_free(draft)]:
                return free
        return []

    def is_free(self, draft: ConceptBuilder) -> bool:
        """Whether a section may still translate it: texts of headings are joined, an approach has one bullet."""
        return draft.kind is not Kind.APPROACH or draft.id not in self.translated

    @staticmethod
    def is_under(draft: ConceptBuilder, parent: str) -> bool:
        return parent in draft.broader if parent else not draft.broader


def _with_approaches_of(text: Text, first: Text | None) -> Text:
    """A text with exactly the approaches that the first outline has there: its structure is that of all languages.

    An approach that the translation lacks follows the one that it follows in the first outline.
    """
    expected = [piece for piece in first.content if isinstance(piece, str)] if first else []
    content: list[Block | str] = [
        piece for piece in text.content if isinstance(piece, Block) or piece in expected
    ]
    if not content:
        return text._replace(content=())
    previous = ""
    for approach in expected:
        if approach not in content:
            content.insert(_end_of(content, previous), approach)
        previous = approach
    return text._replace(content=tuple(content))


def _end_of(content: list[Block | str], previous: str) -> int:
    """Where what follows an approach goes; without one, before the first approach or at the end of the blocks."""
    if previous:
        return content.index(previous) + 1
    return next((index for index, piece in enumerate(content) if isinstance(piece, str)), len(content))


def _compare_places(drafts: TaxonomyBuilder, draft: ConceptBuilder, pair: _Pair, outline: Outline) -> None:
    if pair.parent and draft.broader and pair.parent not in draft.broader:
        drafts.report(
            "DL504",
            f"`{pair.node.label.text}` is under `{pair.parent}` here,"
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
