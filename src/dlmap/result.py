"""The result of a build, and where its time went."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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
    """The result of a build or a check."""

    diagnostics: tuple[Diagnostic, ...]
    published: bool = False
    pages: int = 0
    written: int = 0
    """How many files of the site had to be written; the others are as they were."""
    formulas: int = 0
    cached: int = 0
    """How many of the formulas came from the cache."""
    concepts: int = 0
    articles: int = 0
    hints: tuple[str, ...] = ()
    """What could be better, though nothing is wrong: one sentence each."""
    stages: tuple[StageTime, ...] = ()

    @property
    def seconds(self) -> float:
        """The elapsed time of all stages."""
        return sum(stage.seconds for stage in self.stages)

    def count(self, severity: Severity) -> int:
        """How many diagnostics are of that severity."""
        return sum(diagnostic.severity is severity for diagnostic in self.diagnostics)


class StageTimer:
    """Attributes elapsed time to stages: `with timer("read"): …`.  A stage inside another is not counted twice."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._stage = ""
        """The current stage; empty outside of all."""
        self._since = time.perf_counter()

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Attribute the time of a `with` block to a stage."""
        outer = self._stage
        self._switch(stage)
        try:
            yield
        finally:
            self._switch(outer)

    def timed(self, stage: str, items: Iterable[T]) -> Iterator[T]:
        """The items one by one: to make each is time of that stage, to use it is not."""
        remaining = iter(items)
        while True:
            with self(stage):
                try:
                    item = next(remaining)
                except StopIteration:
                    return
            yield item

    def stages(self) -> tuple[StageTime, ...]:
        """All stages so far, in the order in which they began."""
        self._switch(self._stage)
        return tuple(StageTime(name, seconds) for name, seconds in self._seconds.items() if name)

    def _switch(self, stage: str) -> None:
        now = time.perf_counter()
        self._seconds[self._stage] = self._seconds.get(self._stage, 0.0) + now - self._since
        self._seconds.setdefault(stage, 0.0)
        self._stage, self._since = stage, now
