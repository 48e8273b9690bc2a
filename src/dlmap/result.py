"""What came of a build."""

from __future__ import annotations

from dataclasses import dataclass

from dlmap.clock import Stage
from dlmap.text import Diagnostic, Severity


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build or a check found and made."""

    diagnostics: tuple[Diagnostic, ...]
    published: bool = False
    pages: int = 0
    written: int = 0
    """How many files of the site had to be written; the others stand as they stood."""
    formulas: int = 0
    cached: int = 0
    """How many of the formulas came from the store."""
    concepts: int = 0
    articles: int = 0
    stages: tuple[Stage, ...] = ()

    @property
    def seconds(self) -> float:
        """How long it took altogether."""
        return sum(stage.seconds for stage in self.stages)

    def count(self, severity: Severity) -> int:
        """How many diagnostics are of that severity."""
        return sum(diagnostic.severity is severity for diagnostic in self.diagnostics)
