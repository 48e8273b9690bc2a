"""File system events, used as hints to rescan: they may be late, lost or irrelevant."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from dlmap.cache.files import Folder, is_noise

# Excludes the opening and reading of files: a build reads them all.
_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
_MAX_WATCHES = 24
"""Each needs a thread; further folders are polled."""

_SETTLE_SECONDS = 0.05
_SETTLE_AFTER_CLOSE_SECONDS = 0.005
"""A file is complete once it is closed after writing, or moved into place."""
_SINGLE_SAVE = 3
"""Saving may touch the file, a temporary file and a backup; more paths mean that a program is still writing."""
_MAX_SETTLE_SECONDS = 0.5


class Debouncer:
    """Collects notifications until they stop coming; one thread waits for them."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._paths: set[str] = set()
        self._stopped = False
        self._settled_at = 0.0

    def notify(self, path: str, *, complete: bool) -> None:
        """Report an event on `path`; `complete` means that writing has finished."""
        with self._condition:
            self._paths.add(path)
            is_saved = complete and len(self._paths) <= _SINGLE_SAVE
            settle = _SETTLE_AFTER_CLOSE_SECONDS if is_saved else _SETTLE_SECONDS
            self._settled_at = time.monotonic() + settle
            self._condition.notify_all()

    def stop(self) -> None:
        """Wake the waiting thread and end `wait`."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()

    def wait(self, seconds: float) -> frozenset[str] | None:
        """Wait up to `seconds` for a notification, then until no more arrive for a moment.

        Returns the paths, an empty set after a timeout, or None once stopped.
        """
        with self._condition:
            self._condition.wait_for(lambda: self._paths or self._stopped, seconds)
            limit = time.monotonic() + _MAX_SETTLE_SECONDS
            while self._paths and not self._stopped:
                remaining = min(self._settled_at, limit) - time.monotonic()
                if remaining <= 0:
                    break
                self._condition.wait(remaining)
            paths, self._paths = frozenset(self._paths), set()
            return None if self._stopped else paths


class EventSource:
    """Forwards the events of the followed folders to a debouncer."""

    def __init__(self, debouncer: Debouncer, log: Callable[[str], None]) -> None:
        self._debouncer = debouncer
        self._log = log
        self._lock = threading.Lock()
        self._observer: BaseObserver | None = None
        self._watches: dict[Folder, ObservedWatch] = {}
        self._reported: set[str] = set()

    def start(self) -> None:
        """Start to observe; without system events, the watcher only polls."""
        # Watchdog warns about folders that appear and vanish too fast for it; the next scan sees them anyway.
        warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.")
        logging.getLogger("watchdog").addHandler(logging.NullHandler())
        try:
            observer = Observer()
            observer.start()
        except OSError as error:
            self._report(error)
        else:
            self._observer = observer

    def follow(self, folders: Iterable[Folder]) -> None:
        """Observe exactly these folders; observe a folder again after it was replaced."""
        with self._lock:
            if self._observer is None:
                return
            wanted = sorted(folders, key=lambda each: (not each.recursive, each.path))[:_MAX_WATCHES]
            dead = self._dead_watches(self._observer)
            for folder, watch in list(self._watches.items()):
                if folder not in wanted or watch in dead:
                    del self._watches[folder]
                    with contextlib.suppress(KeyError):
                        self._observer.unschedule(watch)
            for folder in wanted:
                if folder not in self._watches:
                    self._schedule(self._observer, folder)

    @staticmethod
    def _dead_watches(observer: BaseObserver) -> set[ObservedWatch]:
        """The watches whose folder was deleted; they do not notice a new folder at the same path."""
        return {emitter.watch for emitter in observer.emitters if not emitter.is_alive()}

    def _schedule(self, observer: BaseObserver, folder: Folder) -> None:
        handler = _Handler(folder.path, self._debouncer)
        try:
            self._watches[folder] = observer.schedule(
                handler, folder.path, recursive=folder.recursive, event_filter=_EVENTS
            )
        except FileNotFoundError:
            pass
        except OSError as error:
            self._report(error)

    def _report(self, error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        if reason in self._reported:  # each scan tries again
            return
        self._reported.add(reason)
        self._log(f"warning: no file events ({reason}); polling once a second instead")

    def stop(self) -> None:
        """Stop all threads."""
        with self._lock:
            observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join(1.0)


class _Handler(FileSystemEventHandler):
    def __init__(self, base: str, debouncer: Debouncer) -> None:
        self._base = base
        self._debouncer = debouncer

    def on_any_event(self, event: FileSystemEvent) -> None:
        # After a file was moved away, another usually takes its place.
        is_closed = isinstance(event, FileClosedEvent)
        self._notify(os.fsdecode(event.src_path), complete=is_closed)
        self._notify(os.fsdecode(event.dest_path), complete=isinstance(event, FileMovedEvent))

    def _notify(self, path: str, *, complete: bool) -> None:
        names = Path(path.removeprefix(self._base)).parts
        if path and not any(map(is_noise, names)):
            self._debouncer.notify(path, complete=complete)
