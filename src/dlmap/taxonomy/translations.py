"""Find, for every section of a translated outline, the concept that it translates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from dlmap.taxonomy.identify import english
from dlmap.taxonomy.names import name_key, slug
from dlmap.taxonomy.node import Kind, Node, Outline
from dlmap.text import Diagnostic


class _Known(Protocol):
    id: str
    kind: Kind
    label: dict[str, str]
    broader: list[str]


def match_translation(
    outline: Outline, known: Mapping[str, _Known]
) -> tuple[list[tuple[Node, str]], list[Diagnostic]]:
    """Pairs of a node and the id of its concept, and an error for each section that translates nothing."""
    matcher = _Matcher(outline, known)
    pairs = [pair for part in outline.parts for pair in matcher.match(part, "")]
    return pairs, matcher.diagnostics


class _Matcher:
    def __init__(self, outline: Outline, known: Mapping[str, _Known]) -> None:
        self.outline = outline
        self.known = known
        self.diagnostics: list[Diagnostic] = []
        self.by_label = {
            (concept.kind, name_key(label)): concept.id
            for concept in known.values()
            if concept.kind is not Kind.APPROACH
            for label in concept.label.values()
        }

    def match(self, node: Node, family: str) -> Iterator[tuple[Node, str]]:
        concept_id = self.approach(node, family) if node.kind is Kind.APPROACH else self.section(node)
        if concept_id is None:
            hint = f"{family}-…" if family else "the id of its heading"
            self.diagnostics.append(
                Diagnostic(
                    "DL503",
                    f"`{node.label.text}` translates nothing that the first outline has",
                    f"give both the same id: {{#id}} ({hint})",
                    self.outline.source,
                    node.span,
                )
            )
        else:
            yield node, concept_id
        below = family if node.kind is Kind.APPROACH else concept_id or ""
        for child in node.approaches:
            yield from self.match(child, below)
        for child in node.children:
            yield from self.match(child, "")

    def section(self, node: Node) -> str | None:
        wanted = node.id or slug(english(node))
        if wanted in self.known and self.known[wanted].kind is node.kind:
            return wanted
        for name in (node.label.text, node.label.gloss):
            if name and (node.kind, name_key(name)) in self.by_label:
                return self.by_label[node.kind, name_key(name)]
        return None

    def approach(self, node: Node, family: str) -> str | None:
        for own in filter(None, (node.id, slug(english(node)))):
            if f"{family}-{own}" in self.known:
                return f"{family}-{own}"
        key = name_key(node.label.text)
        for concept in self.known.values():
            if concept.kind is Kind.APPROACH and concept.id.startswith(f"{family}-"):
                if key in {name_key(label) for label in concept.label.values()}:
                    return concept.id
        return None
