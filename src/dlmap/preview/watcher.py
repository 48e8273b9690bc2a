"""Waits until a watched file has really changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from dlmap.cache.files import IsOutput, Snapshot, rescan, scan_files
from dlmap.preview.debounce import Debouncer, EventSource

_POLL_SECONDS = 1.0
_LONGEST_POLL_SECONDS = 5.0
_POLL_SHARE = 20
"""Looking without a hint may take one part in this many of the time."""
_OVERDUE_SECONDS = 0.5
"""So much longer it may wait for looks at what events hint at, of which there may be no end."""
_REST_SECONDS = 0.5
"""After a change pages are made; looking without a hint, and what is done in quiet, would only hold them up."""
_MOST_HINTS = 100


class Watcher:
    """Looks when an event hints at it, and once a second in any case: links and lost events give no hint."""

    def __init__(
        self,
        watch: tuple[Path, ...],
        is_output: IsOutput,
        on_trouble: Callable[[str], None],
        on_quiet: Callable[[], None] = lambda: None,
    ) -> None:
        self._watch = watch
        self._is_output = is_output
        self._on_quiet = on_quiet
        self._bell = Debouncer()
        self._hints = EventSource(self._bell, on_trouble)
        self._snapshot: Snapshot | None = None
        self._next_poll = 0.0

    def start(self) -> None:
        """From now on every change is noticed."""
        self._hints.start()
        self._look_at_all()

    def wait(self) -> tuple[str, ...]:
        """Block until files have changed since the last call, and name them; nothing is named at the end."""
        rest = time.monotonic() + _REST_SECONDS
        while (
            hinted := self._bell.wait(max(0.0, max(rest, self._next_poll) - time.monotonic()))
        ) is not None:
            before = self._snapshot
            after = self._look_at(hinted) or self._look_at_all()
            if before is not None and (changed := after.changes_since(before)):
                return changed
            if not hinted:
                self._on_quiet()
        return ()

    def stop(self) -> None:
        """Let `wait` return, now or when it is next called."""
        self._bell.stop()

    def close(self) -> None:
        """Stop, and end every thread."""
        self.stop()
        self._hints.stop()

    def _look_at(self, hinted: frozenset[str]) -> Snapshot | None:
        """The short way, for the common edit of a known file; the next full look finds what it leaves out."""
        if (
            self._snapshot is None
            or not 0 < len(hinted) <= _MOST_HINTS
            or time.monotonic() >= self._next_poll + _OVERDUE_SECONDS
        ):
            return None
        after = rescan(self._snapshot, hinted)
        self._snapshot = after or self._snapshot
        return after

    def _look_at_all(self) -> Snapshot:
        begin = time.monotonic()
        self._snapshot = scan_files(self._watch, self._is_output, self._snapshot)
        self._hints.follow(self._snapshot.folders)
        end = time.monotonic()
        self._next_poll = end + min(max(_POLL_SECONDS, _POLL_SHARE * (end - begin)), _LONGEST_POLL_SECONDS)
        return self._snapshot
