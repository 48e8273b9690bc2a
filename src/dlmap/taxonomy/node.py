"""What one outline says: a tree of sections in the words of its author, before languages are joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dlmap.markdown import Block, FrontMatter
from dlmap.taxonomy.labels import Label
from dlmap.taxonomy.members import Member
from dlmap.text import SourceFile, Span


class Kind(StrEnum):
    """What a concept is in the map."""

    PART = "part"
    TYPE = "type"
    FAMILY = "family"
    APPROACH = "approach"
    METHOD = "method"
    METRIC = "metric"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that belongs to a concept: its own article, or a resource."""

    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A bold span that names something: a method in place, or a word that may be a concept's name."""

    words: str
    span: Span
    id: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A part, type, family or approach as one outline tells it."""

    kind: Kind
    label: Label
    span: Span
    """Where the label stands."""
    id: str = ""
    """The explicit `{#id}`."""
    links: tuple[Link, ...] = ()
    resources: tuple[Link, ...] = ()
    content: tuple[Block | Node, ...] = ()
    """Its own text in order, with its approaches in their places."""
    children: tuple[Node, ...] = ()
    """The sections under it: types of a part, families of a type, child families."""
    members: tuple[Member, ...] = ()
    """The methods that its own text names."""
    mentions: tuple[Mention, ...] = ()
    """The other bold spans of its own text."""
    placed: tuple[Mention, ...] = ()
    """Concepts that a bullet `[x](#id)` puts here as well."""

    @property
    def approaches(self) -> tuple[Node, ...]:
        """The approaches among the content."""
        return tuple(piece for piece in self.content if isinstance(piece, Node))

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The text among the content."""
        return tuple(piece for piece in self.content if isinstance(piece, Block))

    def walk(self) -> Iterator[Node]:
        """This node, its approaches, and what stands under it."""
        yield self
        for node in (*self.approaches, *self.children):
            yield from node.walk()


@dataclass(frozen=True, slots=True)
class Outline:
    """One outline file, read."""

    source: SourceFile
    front_matter: FrontMatter
    lang: str
    kramdown: bool
    preface: tuple[Block, ...]
    parts: tuple[Node, ...]
    origin: str | None
    """The host of the author's own articles."""

    def walk(self) -> Iterator[Node]:
        """Every node, parents first."""
        for part in self.parts:
            yield from part.walk()
