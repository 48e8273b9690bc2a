"""What the open pages are told: which build they should show, and what is wrong with the last one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from dlmap.preview.api import SiteView
from dlmap.preview.overlay import OverlayMessage


@dataclass(frozen=True, slots=True)
class BuildStatus:
    """The edition that is served, and whether the newest build went well."""

    build: int
    ok: bool
    edition: SiteView | None = None
    summary: str = ""
    problems: tuple[OverlayMessage, ...] = ()


class PreviewState:
    """Holds the status and wakes those who wait for the next; everything here happens in the event loop."""

    def __init__(self) -> None:
        # Starting from the clock, a page of an earlier run never takes its number for one of this run.
        self._first = time.time_ns() // 1_000_000
        self.status = BuildStatus(build=self._first, ok=True)
        self.closed = False
        self._waiting: set[asyncio.Event] = set()
        self._asset_builds: dict[str, int] = {}

    def built(self, edition: SiteView, summary: str, assets: frozenset[str]) -> None:
        """Serve a new edition, in which these assets are not what they were in the last one."""
        build = self.status.build + 1
        self._asset_builds.update(dict.fromkeys(assets, build))
        self._tell(BuildStatus(build, ok=True, edition=edition, summary=summary))

    def failed(self, summary: str, problems: tuple[OverlayMessage, ...]) -> None:
        """Take down that a build went wrong; what is served stays, and so does its number."""
        self._tell(replace(self.status, ok=False, summary=summary, problems=problems))

    def page_failed(self, problem: OverlayMessage) -> bool:
        """Take down that a page could not be made; whether that is news."""
        if problem in self.status.problems:
            return False
        summary = "a page cannot be made"
        self._tell(replace(self.status, ok=False, summary=summary, problems=(*self.status.problems, problem)))
        return True

    def assets_since(self, build: int) -> tuple[str, ...] | None:
        """The assets that changed after `build`; None for one that is not of this run."""
        if not self._first < build <= self.status.build:
            return None
        return tuple(sorted(path for path, changed in self._asset_builds.items() if changed > build))

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

    def _tell(self, status: BuildStatus) -> None:
        self.status = status
        self._wake()

    def _wake(self) -> None:
        for event in self._waiting:
            event.set()
