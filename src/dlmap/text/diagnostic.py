"""One thing that is wrong with the input: what, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlmap.text.catalogue import CATALOGUE, Severity
from dlmap.text.span import Position, Span

if TYPE_CHECKING:
    from dlmap.text.source import SourceFile


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A fact about the input, with the place it speaks of and the action that mends it."""

    code: str
    """A key of `CATALOGUE`."""
    message: str
    """The fact, in one line."""
    help: str = ""
    """The action, in one line."""
    source: SourceFile | None = None
    span: Span | None = None
    path: str = ""
    """The file, where there is no source text to point into."""
    override: Severity | None = None
    """What the site's `[check]` table makes of this code."""

    def __post_init__(self) -> None:
        # Who shows it knows the file, but no passages.
        if self.source and self.span and self.span.passage:
            object.__setattr__(self, "span", self.source.whole(self.span))

    @property
    def severity(self) -> Severity:
        """How grave it is: the configured severity, else the catalogue's."""
        return self.override or CATALOGUE[self.code].severity

    @property
    def file(self) -> str:
        """The path as it is shown."""
        return self.source.path if self.source else self.path

    @property
    def position(self) -> Position | None:
        """The line and column where it begins, if it has a place in a text."""
        if self.source is None or self.span is None:
            return None
        return self.source.position(self.span.start)

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order by file, then place, then code."""
        line, column = self.position or (0, 0)
        return (self.file, line, column, self.code, self.message)


@dataclass(frozen=True, slots=True)
class LocalDiagnostic:
    """What is wrong with a passage, told so that it stays true wherever in its file the passage stands."""

    code: str
    message: str
    help: str
    span: Span
    since: Span | None = None
    """The place of an earlier thing that this one clashes with; the message ends with its line."""

    def at(self, source: SourceFile) -> Diagnostic:
        """The diagnostic that it is in a file."""
        line = f" {source.line_of(self.since)}" if self.since else ""
        return Diagnostic(self.code, f"{self.message}{line}", self.help, source, self.span)
