"""Waits until a watched file has really changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from dlmap.preview.hints import Bell, Hints
from dlmap.preview.snapshot import Snapshot, take_snapshot

_POLL_SECONDS = 1.0
_POLL_SHARE = 20
"""Looking without a hint may take one part in this many of the time."""


class Watcher:
    """Looks when an event hints at it, and once a second in any case: links and lost events give no hint."""

    def __init__(
        self, watch: tuple[Path, ...], ignore: tuple[Path, ...], on_trouble: Callable[[str], None]
    ) -> None:
        self._watch = watch
        self._ignore = ignore
        self._bell = Bell()
        self._hints = Hints(self._bell, ignore, on_trouble)
        self._snapshot: Snapshot | None = None
        self._poll_seconds = _POLL_SECONDS

    def start(self) -> None:
        """From now on every change is noticed."""
        self._hints.start()
        self._look()

    def wait(self) -> tuple[str, ...]:
        """Block until files have changed since the last call, and name them; nothing is named at the end."""
        while self._bell.wait(self._poll_seconds):
            if changed := self._look():
                return changed
        return ()

    def stop(self) -> None:
        """Let `wait` return, now or when it is next called."""
        self._bell.stop()

    def close(self) -> None:
        """Stop, and end every thread."""
        self.stop()
        self._hints.stop()

    def _look(self) -> tuple[str, ...]:
        begin = time.monotonic()
        before = self._snapshot
        self._snapshot = take_snapshot(self._watch, self._ignore, before)
        self._hints.follow(self._snapshot.folders)
        self._poll_seconds = max(_POLL_SECONDS, _POLL_SHARE * (time.monotonic() - begin))
        return self._snapshot.changes_since(before) if before else ()
