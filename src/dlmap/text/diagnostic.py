"""One thing that is wrong with the input: what, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlmap.text.catalogue import CATALOGUE, Severity

if TYPE_CHECKING:
    from dlmap.text.source import Position, SourceFile, Span


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
