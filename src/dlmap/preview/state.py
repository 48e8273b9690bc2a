"""The state that open pages follow: the current build, and the errors of the last one."""

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
    """The site that is served, and whether the newest build went well."""

    build: int
    ok: bool
    site: SiteView | None = None
    summary: str = ""
    messages: tuple[OverlayMessage, ...] = ()


class PreviewState:
    """Holds the status and notifies subscribers of changes; use it only in the event loop."""

    def __init__(self) -> None:
        # Starting from the clock, build numbers of an earlier run never match those of this run.
        self._first = time.time_ns() // 1_000_000
        self.status = BuildStatus(build=self._first, ok=True)
        self.closed = False
        self._subscribers: set[asyncio.Event] = set()
        self._asset_builds: dict[str, int] = {}

    def build_succeeded(self, site: SiteView, summary: str, assets: frozenset[str]) -> None:
        """Serve a new site, in which these assets are not what they were in the last one."""
        build = self.status.build + 1
        self._asset_builds.update(dict.fromkeys(assets, build))
        self._set_status(BuildStatus(build, ok=True, site=site, summary=summary))

    def build_failed(self, summary: str, messages: tuple[OverlayMessage, ...]) -> None:
        """Record a failed build; the site being served and its build number stay."""
        self._set_status(replace(self.status, ok=False, summary=summary, messages=messages))

    def page_failed(self, message: OverlayMessage) -> bool:
        """Record that a page could not be rendered; returns False if this was already known."""
        if message in self.status.messages:
            return False
        summary = "a page cannot be rendered"
        messages = (*self.status.messages, message)
        self._set_status(replace(self.status, ok=False, summary=summary, messages=messages))
        return True

    def assets_since(self, build: int) -> tuple[str, ...] | None:
        """The assets that changed after `build`; None if that build is not of this run."""
        if not self._first < build <= self.status.build:
            return None
        return tuple(sorted(path for path, changed in self._asset_builds.items() if changed > build))

    def close(self) -> None:
        """End all subscriptions."""
        self.closed = True
        self._notify()

    @contextmanager
    def subscribe(self) -> Iterator[asyncio.Event]:
        """An event that is set when the status changes; the subscriber clears it."""
        event = asyncio.Event()
        self._subscribers.add(event)
        try:
            yield event
        finally:
            self._subscribers.discard(event)

    def _set_status(self, status: BuildStatus) -> None:
        self.status = status
        self._notify()

    def _notify(self) -> None:
        for event in self._subscribers:
            event.set()
