"""What one outline says: a tree of sections in the words of its author, before languages are joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dlmap.markdown import Block, FrontMatter
from dlmap.taxonomy.decision import Decision
from dlmap.taxonomy.kinds import Kind
from dlmap.taxonomy.labels import Label
from dlmap.taxonomy.members import NamedMethod
from dlmap.text import SourceFile, Span


@dataclass(frozen=True, slots=True)
class Link:
    """A link that belongs to a concept: its own article, or a resource."""

    href: str
    label: str


@dataclass(frozen=True, slots=True)
class BoldMention:
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
    members: tuple[NamedMethod, ...] = ()
    """The methods that its own text names."""
    mentions: tuple[BoldMention, ...] = ()
    """The other bold spans of its own text."""
    placed: tuple[BoldMention, ...] = ()
    """Concepts that a bullet `[x](#id)` puts here as well."""
    decisions: tuple[Decision, ...] = ()
    """What the reader made of its lists and names, and why."""
    group: Span | None = None
    """Where the label of the approach stands that announces this family: `**硬分类**：…包括：`."""

    approaches: tuple[Node, ...] = field(init=False, repr=False, compare=False)
    """The approaches among the content."""
    blocks: tuple[Block, ...] = field(init=False, repr=False, compare=False)
    """The text among the content."""

    def __post_init__(self) -> None:
        approaches = tuple(piece for piece in self.content if isinstance(piece, Node))
        object.__setattr__(self, "approaches", approaches)
        object.__setattr__(self, "blocks", tuple(piece for piece in self.content if isinstance(piece, Block)))

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
    _nodes: tuple[Node, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Kept, as the taxonomy walks the tree for each thing that it looks for.
        object.__setattr__(self, "_nodes", tuple(node for part in self.parts for node in part.walk()))

    def walk(self) -> Iterator[Node]:
        """Every node, parents first."""
        return iter(self._nodes)
