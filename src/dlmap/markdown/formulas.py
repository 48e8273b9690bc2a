"""The formulas of a document, with their places."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from dlmap.markdown.document import Document
from dlmap.markdown.inline import MarkKind
from dlmap.text import SourceFile, Span


class FormulaUse(NamedTuple):
    """A formula where it stands."""

    tex: str
    display: bool
    source: SourceFile
    span: Span
    """With its dollar signs."""


def formulas_of(document: Document, before: Document | None = None) -> Iterator[FormulaUse]:
    """Every formula of a document, in order; those alone that stand in other blocks than `before` has."""
    known = set(map(id, before.blocks)) if before else ()
    for block in chain.from_iterable(outer.walk() for outer in document.blocks if id(outer) not in known):
        if block.type == "math_block":
            yield FormulaUse(block.tokens[0].content, True, document.source, block.span)
        for mark in block.inline.of(MarkKind.MATH):
            yield FormulaUse(mark.tex, False, document.source, mark.span)
