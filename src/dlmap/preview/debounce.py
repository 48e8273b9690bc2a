"""Events of the file system, taken as hints that it is time to look: they may be late, lost or about nothing."""

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

# Not that a file was opened or read: a build reads them all.
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
_MOST_WATCHES = 24
"""Each costs a thread; folders beyond are still looked at once a second."""

_SETTLE_SECONDS = 0.05
_SETTLE_AFTER_CLOSE_SECONDS = 0.005
"""A file that was closed after writing, or put in place of another, is complete."""
_SINGLE_SAVE = 3
"""A save may touch the file, a new one and a backup; more are the work of a program that has not ended yet."""
_LONGEST_SETTLE_SECONDS = 0.5


class Debouncer:
    """Rung when something may have changed; one thread waits for it."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._paths: set[str] = set()
        self._stopped = False
        self._quiet_from = 0.0

    def ring(self, path: str, *, complete: bool) -> None:
        """Something happened to `path`; `complete` tells that it was finished, not just begun."""
        with self._condition:
            self._paths.add(path)
            is_saved = complete and len(self._paths) <= _SINGLE_SAVE
            settle = _SETTLE_AFTER_CLOSE_SECONDS if is_saved else _SETTLE_SECONDS
            self._quiet_from = time.monotonic() + settle
            self._condition.notify_all()

    def stop(self) -> None:
        """Wake the waiting thread for the last time."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()

    def wait(self, seconds: float) -> frozenset[str] | None:
        """Wait for a ring, at most `seconds`, then until it has been quiet for a moment.

        The paths for which it was rung; None at the end.
        """
        with self._condition:
            self._condition.wait_for(lambda: self._paths or self._stopped, seconds)
            limit = time.monotonic() + _LONGEST_SETTLE_SECONDS
            while self._paths and not self._stopped:
                left = min(self._quiet_from, limit) - time.monotonic()
                if left <= 0:
                    break
                self._condition.wait(left)
            paths, self._paths = frozenset(self._paths), set()
            return None if self._stopped else paths


class EventSource:
    """Rings the bell on events in the folders it follows."""

    def __init__(self, bell: Debouncer, on_trouble: Callable[[str], None]) -> None:
        self._bell = bell
        self._on_trouble = on_trouble
        self._lock = threading.Lock()
        self._observer: BaseObserver | None = None
        self._watches: dict[Folder, ObservedWatch] = {}
        self._told: set[str] = set()

    def start(self) -> None:
        """Begin to listen; a system without events leaves it at looking once a second."""
        # Watchdog warns of folders that come and go faster than it can follow; the next look sees them anyway.
        warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.")
        logging.getLogger("watchdog").addHandler(logging.NullHandler())
        observer = Observer()
        try:
            observer.start()
        except OSError as error:
            self._tell(error)
        else:
            self._observer = observer

    def follow(self, folders: Iterable[Folder]) -> None:
        """Ask for events in exactly these folders, and again in any that was replaced."""
        with self._lock:
            if self._observer is None:
                return
            wanted = sorted(folders, key=lambda each: (not each.recursive, each.path))[:_MOST_WATCHES]
            deaf = self._deaf_watches(self._observer)
            for folder, watch in list(self._watches.items()):
                if folder not in wanted or watch in deaf:
                    del self._watches[folder]
                    with contextlib.suppress(KeyError):
                        self._observer.unschedule(watch)
            for folder in wanted:
                if folder not in self._watches:
                    self._schedule(self._observer, folder)

    @staticmethod
    def _deaf_watches(observer: BaseObserver) -> set[ObservedWatch]:
        """Those whose folder was deleted; they hear nothing of another one that takes its place."""
        return {emitter.watch for emitter in observer.emitters if not emitter.is_alive()}

    def _schedule(self, observer: BaseObserver, folder: Folder) -> None:
        handler = _Handler(folder.path, self._bell)
        try:
            self._watches[folder] = observer.schedule(
                handler, folder.path, recursive=folder.recursive, event_filter=_EVENTS
            )
        except FileNotFoundError:
            pass
        except OSError as error:
            self._tell(error)

    def _tell(self, error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        if reason in self._told:  # it is tried again at every look
            return
        self._told.add(reason)
        self._on_trouble(f"warning: no file events ({reason}); looking at the files once a second instead")

    def stop(self) -> None:
        """End every thread."""
        with self._lock:
            observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join(1.0)


class _Handler(FileSystemEventHandler):
    def __init__(self, base: str, bell: Debouncer) -> None:
        self._base = base
        self._bell = bell

    def on_any_event(self, event: FileSystemEvent) -> None:
        # Where a file was moved away, another one is about to take its place.
        is_closed = isinstance(event, FileClosedEvent)
        self._ring(os.fsdecode(event.src_path), complete=is_closed)
        self._ring(os.fsdecode(event.dest_path), complete=isinstance(event, FileMovedEvent))

    def _ring(self, path: str, *, complete: bool) -> None:
        names = Path(path.removeprefix(self._base)).parts
        if path and not any(map(is_noise, names)):
            self._bell.ring(path, complete=complete)
