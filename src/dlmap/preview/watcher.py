"""Wait until the content of a watched file changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from dlmap.cache.files import IsOutput, Snapshot, rescan, scan_files
from dlmap.preview.debounce import Debouncer, EventSource

_POLL_SECONDS = 1.0
_MAX_POLL_SECONDS = 5.0
_POLL_SHARE = 20
"""Polling may use one part in this many of the time."""
_OVERDUE_SECONDS = 0.5
"""A steady stream of events may delay a full scan by this much."""
_REST_SECONDS = 0.5
"""After a change, pages are rendered; polling and idle work wait so as not to delay them."""
_MAX_EVENT_PATHS = 100


class Watcher:
    """Scans after events, and once a second in any case: symbolic links and lost events go unnoticed."""

    def __init__(
        self,
        watch: tuple[Path, ...],
        is_output: IsOutput,
        log: Callable[[str], None],
        on_idle: Callable[[], None] = lambda: None,
    ) -> None:
        self._watch = watch
        self._is_output = is_output
        self._on_idle = on_idle
        self._debouncer = Debouncer()
        self._events = EventSource(self._debouncer, log)
        self._snapshot: Snapshot | None = None
        self._next_poll = 0.0

    def start(self) -> None:
        """Start watching."""
        self._events.start()
        self._scan_all()

    def wait(self) -> tuple[str, ...]:
        """Block until files have changed since the last call; returns their paths, or nothing once stopped."""
        rest_until = time.monotonic() + _REST_SECONDS
        while (
            event_paths := self._debouncer.wait(max(0.0, max(rest_until, self._next_poll) - time.monotonic()))
        ) is not None:
            before = self._snapshot
            after = self._rescan(event_paths) or self._scan_all()
            if before is not None and (changed := after.changes_since(before)):
                return changed
            if not event_paths:
                self._on_idle()
        return ()

    def stop(self) -> None:
        """Make `wait` return, now or on its next call."""
        self._debouncer.stop()

    def close(self) -> None:
        """Stop all threads."""
        self.stop()
        self._events.stop()

    def _rescan(self, event_paths: frozenset[str]) -> Snapshot | None:
        """The fast path for edits of known files; the next full scan finds the rest."""
        if (
            self._snapshot is None
            or not 0 < len(event_paths) <= _MAX_EVENT_PATHS
            or time.monotonic() >= self._next_poll + _OVERDUE_SECONDS
        ):
            return None
        after = rescan(self._snapshot, event_paths)
        self._snapshot = after or self._snapshot
        return after

    def _scan_all(self) -> Snapshot:
        start = time.monotonic()
        self._snapshot = scan_files(self._watch, self._is_output, self._snapshot)
        self._events.follow(self._snapshot.folders)
        end = time.monotonic()
        self._next_poll = end + min(max(_POLL_SECONDS, _POLL_SHARE * (end - start)), _MAX_POLL_SECONDS)
        return self._snapshot
