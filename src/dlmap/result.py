"""The result of a build, and where its time went."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from dlmap.text import Diagnostic, Severity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StageTime:
    """A stage of a build and how long it took."""

    name: str
    seconds: float


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
    stages: tuple[StageTime, ...] = ()

    @property
    def seconds(self) -> float:
        """How long it took altogether."""
        return sum(stage.seconds for stage in self.stages)

    def count(self, severity: Severity) -> int:
        """How many diagnostics are of that severity."""
        return sum(diagnostic.severity is severity for diagnostic in self.diagnostics)


class StageTimer:
    """Books every moment to one stage."""

    def __init__(self, stage: str) -> None:
        self._seconds: dict[str, float] = {}
        self._stage = stage
        self._since = time.perf_counter()

    def start(self, stage: str) -> None:
        """From now on the time is that stage's."""
        now = time.perf_counter()
        self._seconds[self._stage] = self._seconds.get(self._stage, 0.0) + now - self._since
        self._stage, self._since = stage, now

    def making(self, stage: str, items: Iterable[T]) -> Iterator[T]:
        """The items one by one: to make each is that stage's time, to use it the time of the stage around."""
        around, making = self._stage, iter(items)
        while True:
            self.start(stage)
            try:
                item = next(making)
            except StopIteration:
                return
            finally:
                self.start(around)
            yield item

    def stages(self) -> tuple[StageTime, ...]:
        """All stages so far, in the order of their beginnings."""
        self.start(self._stage)
        return tuple(StageTime(name, seconds) for name, seconds in self._seconds.items())
