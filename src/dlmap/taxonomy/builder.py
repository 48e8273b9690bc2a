"""The map in the making: concepts that grow while the outlines are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from dlmap.cache.memory import Generation, IdentityKey
from dlmap.taxonomy.facts import NO_FACTS, Facts
from dlmap.taxonomy.ids import Ids
from dlmap.taxonomy.kinds import Kind
from dlmap.taxonomy.model import Occurrence, Term, Text
from dlmap.taxonomy.names import name_key
from dlmap.taxonomy.outline_model import BoldMention, Link, Node, Outline
from dlmap.taxonomy.registry import Registry
from dlmap.taxonomy.registry_entry import RegistryEntry
from dlmap.taxonomy.texts import SectionText, own_text
from dlmap.text import Diagnostic, SourceFile, Span

T = TypeVar("T")


@dataclass(slots=True)
class ConceptBuilder:
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
    expansion: str = ""
    facts: Facts = NO_FACTS
    """What the outline says beside its name; what the registry says comes first."""
    glosses: dict[str, str] = field(default_factory=dict)
    """What an entry says of it, by language."""
    texts: dict[str, Text] = field(default_factory=dict)
    namings: list[Occurrence] = field(default_factory=list)
    mentioned_by: dict[str, None] = field(default_factory=dict)
    entry: RegistryEntry | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Its labels and further names."""
        return (*self.label.values(), *self.alt)


class TaxonomyBuilder:
    """All concepts in the making, by their ids, and by their names where those tell them apart."""

    def __init__(
        self,
        registry: Registry,
        languages: tuple[str, ...],
        recall: Generation,
        reserved_ids: frozenset[str] = frozenset(),
    ) -> None:
        self.registry = registry
        self.languages = languages
        self._recall = recall
        self._own_texts: dict[int, SectionText] = {}
        """By `id()` of the node."""
        self.ids = Ids(reserved_ids)
        self.by_id: dict[str, ConceptBuilder] = {}
        self.by_name: dict[str, str] = {}
        """Families, methods and metrics by name key: one name, one concept."""
        self.homonyms: dict[str, list[str]] = {}
        """The other concepts that have the name of one."""
        self.section_names: dict[str, str] = {}
        """Parts and types by name key: what a text names so is the section."""
        self.narrower: dict[str, list[str]] = {}
        """What stands under a concept, in the order in which the author names it."""
        self.of_entry: dict[str, str] = {}
        """The concept that a registered entry became, where it is not its own id."""
        self.named_in: dict[str, dict[str, set[str]]] = {}
        """The methods that a concept's text names, by the concept and the language."""
        self.spans: dict[tuple[str, Span], tuple[str, ...]] = {}
        self.terms: list[Term] = []
        self.pending: list[tuple[str, BoldMention, Outline]] = []
        """Bold spans that are no members: what they name is known only when all names are."""
        self.diagnostics: list[Diagnostic] = []

    def report(self, code: str, message: str, help: str, source: SourceFile, span: Span) -> None:
        """Note what is wrong with an outline."""
        self.diagnostics.append(Diagnostic(code, message, help, source, span))

    def take_id_problems(self) -> None:
        """Report what was wrong with the ids given last."""
        self.diagnostics += self.ids.diagnostics
        self.ids.diagnostics.clear()

    def own_text(self, node: Node, outline: Outline) -> SectionText:
        """What the text of a node says."""
        if id(node) not in self._own_texts:
            key = (outline.lang, node.label.text, IdentityKey(*node.blocks))
            made = self._recall(key, lambda: own_text(node.label.text, node.blocks, outline))
            self._own_texts[id(node)] = made
        return self._own_texts[id(node)]

    # The hierarchy

    def add_parent(self, draft: ConceptBuilder, container: str) -> None:
        """Add a broader concept, unless that would close a circle."""
        if container not in draft.broader and not self.is_ancestor(draft.id, container):
            draft.broader.append(container)
            self.narrower.setdefault(container, []).append(draft.id)

    def is_ancestor(self, upper: str, lower: str) -> bool:
        """Whether `lower` is `upper` or stands below it."""
        if upper not in self.narrower:
            return upper == lower
        todo, seen = [lower], set()
        while todo:
            current = todo.pop()
            if current == upper:
                return True
            if current not in seen:
                seen.add(current)
                todo += self.by_id[current].broader
        return False

    # Names

    def name(self, draft: ConceptBuilder, naming: Occurrence) -> None:
        """Note a place that names a method as a member."""
        draft.namings.append(naming)
        self.named_in.setdefault(naming.concept, {}).setdefault(naming.lang, set()).add(draft.id)

    def concept_of(self, entry: RegistryEntry) -> str:
        """The id of the concept that a registered entry is."""
        return self.of_entry.get(entry.id, entry.id)

    def entry_for_mention(self, mention: BoldMention) -> RegistryEntry | None:
        """The registered entry that a bold span names, if it is only one."""
        if mention.id:
            return self.registry.fact(mention.id)
        entries = self.registry.named(mention.words)
        return entries[0] if len(entries) == 1 else None

    def unique_names(self) -> dict[str, str]:
        """Every name that stands for exactly one concept; approaches have names inside their family only."""
        holders: dict[str, str] = {}
        shared: set[str] = set()
        for draft in self.by_id.values():
            if draft.kind is not Kind.APPROACH:
                for name in draft.names:
                    key = name_key(name)
                    if holders.setdefault(key, draft.id) != draft.id:
                        shared.add(key)
        return {key: holder for key, holder in holders.items() if key not in shared} | self.by_name


def extend(known: list[T], more: Iterable[T]) -> None:
    """Append what is not yet known."""
    for item in more:
        if item not in known:
            known.append(item)
