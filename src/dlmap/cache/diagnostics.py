"""Diagnostics in rows: without the text of their file, which whoever reads a row has at hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from dlmap.text import Diagnostic, SourceFile, Span


class DiagnosticRow(NamedTuple):
    """A diagnostic, as a row holds it."""

    code: str
    message: str
    help: str
    path: str
    start: int = -1
    """Code points from the start of the file; -1 where it has no place in a text."""
    end: int = -1


def diagnostic_rows(diagnostics: Iterable[Diagnostic]) -> tuple[DiagnosticRow, ...]:
    """Diagnostics as rows; spans count from the start of their files."""
    return tuple(
        DiagnosticRow(
            each.code,
            each.message,
            each.help,
            each.path,
            *(each.span[:2] if each.source and each.span else (-1, -1)),
        )
        for each in diagnostics
    )


def restored(rows: Iterable[DiagnosticRow], source: SourceFile) -> tuple[Diagnostic, ...]:
    """The diagnostics again; those with a place point into `source`."""
    return tuple(
        Diagnostic(row.code, row.message, row.help, path=row.path)
        if row.start < 0
        else Diagnostic(row.code, row.message, row.help, source, Span(row.start, row.end), row.path)
        for row in rows
    )
