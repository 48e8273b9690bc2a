"""A graph as a value: things with what is said of each, before it is written in any syntax."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from dlmap.exports.skos.vocabulary import Form, Property


@dataclass(frozen=True, slots=True)
class LangString:
    """Text in a language."""

    tag: str
    """The language as BCP 47 writes it: `zh-Hans`."""
    text: str


Value: TypeAlias = str | LangString
"""Words where the form of the property is `WORDS`; else an IRI, plain text or a year, as a string."""


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A thing.  IRIs are relative to the base of the site, `#vae` or `zh/vae/`, or absolute."""

    iri: str
    types: tuple[str, ...]
    """`prefix:Class`."""
    said: tuple[tuple[Property, tuple[Value, ...]], ...]
    """Each property once, with at least one value."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Things, each once."""

    nodes: tuple[GraphNode, ...]

    def properties(self) -> Iterator[Property]:
        """What is used, in order, each once."""
        return iter(dict.fromkeys(property_ for node in self.nodes for property_, _ in node.said))

    def prefixes(self) -> set[str]:
        """The prefixes of all names in it."""
        names = [name for node in self.nodes for name in node.types]
        used = list(self.properties())
        names += (property_.name for property_ in used)
        names += ("xsd:gYear" for property_ in used if property_.form is Form.YEAR)
        return {name.partition(":")[0] for name in names}


def node(iri: str, types: Iterable[str], *said: tuple[Property, Iterable[Value]]) -> GraphNode:
    """A thing with what there is to say of it: empty values and properties without any are left out."""
    kept = ((property_, tuple(value for value in values if value)) for property_, values in said)
    return GraphNode(iri, tuple(types), tuple((property_, values) for property_, values in kept if values))
