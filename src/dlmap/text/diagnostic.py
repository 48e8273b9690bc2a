"""Diagnostics: a problem of the input, its position, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlmap.text.catalogue import CATALOGUE, Severity
from dlmap.text.span import Position, Span

if TYPE_CHECKING:
    from dlmap.text.source import SourceFile


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A problem of the input, with its position and how to fix it."""

    code: str
    """A key of `CATALOGUE`."""
    message: str
    """The problem, in one line."""
    help: str = ""
    """What to do, in one line."""
    source: SourceFile | None = None
    span: Span | None = None
    path: str = ""
    """The file, if there is no source text to point into."""
    override: Severity | None = None
    """The severity that the site's `[check]` table sets for this code."""

    def __post_init__(self) -> None:
        # Reports need offsets in the file, not in one of its chunks, nor in a text that several files make up.
        if self.source and self.span and (self.span.passage or self.source.parts):
            source, span = self.source.origin(self.span)
            object.__setattr__(self, "source", source)
            object.__setattr__(self, "span", span)

    @property
    def severity(self) -> Severity:
        """The configured severity, else that of the catalogue."""
        return self.override or CATALOGUE[self.code].severity

    @property
    def file(self) -> str:
        """The path to show."""
        return self.source.path if self.source else self.path

    @property
    def position(self) -> Position | None:
        """The line and column where it begins, if it has a position in a text."""
        if self.source is None or self.span is None:
            return None
        return self.source.position(self.span.start)

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order by file, position and code."""
        line, column = self.position or (0, 0)
        return (self.file, line, column, self.code, self.message)


@dataclass(frozen=True, slots=True)
class LocalDiagnostic:
    """A diagnostic within a chunk, independent of where in its file the chunk is."""

    code: str
    message: str
    help: str
    span: Span
    since: Span | None = None
    """The position of an earlier, conflicting element; the message ends with its line."""

    def at(self, source: SourceFile) -> Diagnostic:
        """The diagnostic for a file."""
        line = f" {source.line_seen_from(self.since, self.span)}" if self.since else ""
        return Diagnostic(self.code, f"{self.message}{line}", self.help, source, self.span)
