"""What is irregular in an outline's headings, and in the contents list that its author keeps by hand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from dlmap.markdown import Block
from dlmap.taxonomy.kinds import Kind
from dlmap.taxonomy.labels import Label, strip_numbering
from dlmap.taxonomy.names import name_key
from dlmap.taxonomy.outline_model import Node, Outline
from dlmap.text import Diagnostic, SourceFile, Span

_Heading = tuple[int, Label, Span]
_MANY_BULLETS = 8


def check_heading_numbers(source: SourceFile, headings: list[_Heading]) -> Iterator[Diagnostic]:
    """Numbers that repeat or are missing among siblings, and bullets missing among headings of a level.

    A placeholder counts among its siblings, but what it lacks is reported as a placeholder.
    """
    for siblings in _siblings(headings):
        if 2 * sum(label.number is not None for _, label, _ in siblings) > len(siblings):
            yield from _check_numbers(source, siblings)
    for level in sorted({heading[0] for heading in headings}):
        of_level = [heading for heading in headings if heading[0] == level]
        if 2 * sum(label.bullet for _, label, _ in of_level) <= len(of_level):
            continue
        for _, label, span in of_level:
            if not label.bullet and label.text:
                yield Diagnostic(
                    "DL203",
                    f"the heading `{label.text}` lacks the bullet that the others of level {level} have",
                    "add the bullet, or leave it out everywhere",
                    source,
                    span,
                )


def _check_numbers(source: SourceFile, siblings: list[_Heading]) -> Iterator[Diagnostic]:
    seen: dict[str, Span] = {}
    for _, label, span in siblings:
        if label.number and label.number in seen:
            yield Diagnostic(
                "DL201",
                f"the number {label.number} of `{label.text}` is taken since"
                f" {source.line_seen_from(seen[label.number], span)}",
                "number the sections in order",
                source,
                span,
            )
        elif label.number:
            seen[label.number] = span
        elif label.text:
            yield Diagnostic(
                "DL202",
                f"`{label.text}` has no number, its siblings do",
                "number it; numbers are not part of a name and do not change addresses",
                source,
                span,
            )


def _siblings(headings: list[_Heading]) -> Iterator[list[_Heading]]:
    groups: dict[tuple[int, ...], list[_Heading]] = defaultdict(list)
    counts: dict[int, int] = defaultdict(int)
    for heading in headings:
        level = heading[0]
        counts[level] += 1
        groups[(level, *(counts[upper] for upper in range(1, level)))].append(heading)
    yield from groups.values()


def check_contents(
    source: SourceFile, contents: Sequence[Block], nodes: Iterable[Node]
) -> Iterator[Diagnostic]:
    """A contents list written by hand that names what the outline does not have."""
    if not contents:
        return
    known = {name_key(node.label.text) for node in nodes}
    missing: list[str] = []
    for block in contents[1:]:
        for item in block.walk():
            for name in _named(item.inline.text):
                if name_key(name) not in known and name not in missing:
                    missing.append(name)
    if missing:
        listed = ", ".join(f"`{name}`" for name in missing)
        yield Diagnostic(
            "DL206",
            f"the contents list names what the outline does not have: {listed}",
            "remove the list: the site makes its own from the headings",
            source,
            contents[0].span,
        )


def _named(text: str) -> Iterator[str]:
    for part in re.split(r"[：:、,，;；]", text):
        name = part[strip_numbering(part)[0] :].strip()
        if name:
            yield name


def check_methods(outline: Outline) -> Iterator[Diagnostic]:
    """Report an outline full of bullets in which no method was read: it was probably misread."""
    nodes = tuple(outline.walk())
    if any(node.members for node in nodes):
        return
    bullets = sum(node.kind is Kind.APPROACH for node in nodes) + sum(
        inner.type == "list_item" for node in nodes for block in node.blocks for inner in block.walk()
    )
    if bullets >= _MANY_BULLETS:
        yield Diagnostic(
            "DL218",
            f"no methods were read, though {bullets} bullets may name some",
            "see how each list was read: dlmap check --explain; mark a name as a method: **name**{.method}",
            outline.source,
            nodes[0].span,
        )
