"""The processes: started for one task, gone when it is done, when it is interrupted, or when their parent is."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.context import BaseContext
from typing import TypeVar

from dlmap.parallel.interrupts import interrupts_held

T = TypeVar("T")
R = TypeVar("R")

# Large enough for sending it to be nothing beside the work, small enough for all processes to end together.
_SHARE = 16
# So many shares of each process are under way or done and waiting to be taken: one more keeps it from being idle.
_AHEAD = 3
# Work makes values that live long and hardly any cycles: looking for cycles as often as Python does takes a third of
# the time.
_OBJECTS_BETWEEN_COLLECTIONS = 200_000


def apply_in_processes(function: Callable[[T], R], items: Iterator[T], jobs: int) -> Iterator[R]:
    """The outcome for each item, in their order."""
    pool = ProcessPoolExecutor(jobs, _context(), initializer=_prepare)
    waiting: deque[tuple[list[T], Future[list[R]] | None]] = deque()
    is_whole = True
    try:
        while True:
            while len(waiting) < jobs * _AHEAD and (share := list(islice(items, _SHARE))):
                future = None
                if is_whole:
                    try:
                        with interrupts_held():  # children inherit that: only the parent hears of Ctrl-C
                            future = pool.submit(_apply, function, share)
                    except BrokenProcessPool:
                        is_whole = False
                waiting.append((share, future))
            if not waiting:
                return
            share, future = waiting.popleft()
            try:
                outcomes = future.result() if future else _apply(function, share)
            except BrokenProcessPool:
                is_whole = False
                outcomes = _apply(function, share)
            yield from outcomes
    finally:
        pool.shutdown(cancel_futures=True)


def _apply(function: Callable[[T], R], share: list[T]) -> list[R]:
    return [function(item) for item in share]


def _context() -> BaseContext:
    """A fork starts at once, but copies the locks that other threads hold as well, and macOS does not support it."""
    alone = threading.active_count() == 1
    return multiprocessing.get_context("fork" if sys.platform == "linux" and alone else "spawn")


def _prepare() -> None:
    """Make a new process ready for work, and see to it that it does not outlive its parent."""
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
