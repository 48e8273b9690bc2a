"""What the open pages are told: which build they should show, and what is wrong with the last one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dlmap.preview.problems import Problem


@dataclass(frozen=True, slots=True)
class Status:
    """The build whose pages are on disk, and whether the newest build went well."""

    build: int
    ok: bool
    has_published: bool = False
    """Whether a build of this run has published, so that the site must be there."""
    summary: str = ""
    problems: tuple[Problem, ...] = ()


class Board:
    """Holds the status and wakes those who wait for the next; everything here happens in the event loop."""

    def __init__(self) -> None:
        # Starting from the clock, a page of an earlier run never takes its number for the current one.
        self.status = Status(build=time.time_ns() // 1_000_000, ok=True)
        self.closed = False
        self._waiting: set[asyncio.Event] = set()

    def built(self, ok: bool, summary: str, problems: tuple[Problem, ...]) -> None:
        """Take down a build; one that failed has published nothing, so its number is not counted."""
        self.status = Status(
            build=self.status.build + 1 if ok else self.status.build,
            ok=ok,
            has_published=ok or self.status.has_published,
            summary=summary,
            problems=problems,
        )
        self._wake()

    def close(self) -> None:
        """Send everyone home."""
        self.closed = True
        self._wake()

    @contextmanager
    def waiting(self) -> Iterator[asyncio.Event]:
        """An event that is set whenever the status changes; who waits clears it."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            yield event
        finally:
            self._waiting.discard(event)

    def _wake(self) -> None:
        for event in self._waiting:
            event.set()
