"""One process pool: applies a function to many items in several processes, where that is faster."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future
    from multiprocessing.context import BaseContext

T = TypeVar("T")
R = TypeVar("R")

WORTH_IT = 64
"""Fewer items are done before a second process has started."""

# Large enough for sending it to be nothing beside the work, small enough for all processes to end together.
_SHARE = 16
# So many shares of each process are under way or done and waiting to be taken: one more keeps it from being idle.
_AHEAD = 3
# Work makes values that live long and hardly any cycles: looking for cycles as often as Python does takes a third of
# the time.
_OBJECTS_BETWEEN_COLLECTIONS = 200_000

_inherited: Callable[[Any], Any] | None = None
"""The function of `apply_inherited`, which forks have as they begin."""


def apply_all(function: Callable[[T], R], items: Iterable[T], *, jobs: int) -> Iterator[R]:
    """The outcome for each item, in their order; few of them are held at a time.

    `function` must depend on nothing but its item, and both must survive pickling.  With one job, or few items, all is
    done here.  A process that fails or goes down (out of memory, killed) takes nothing along: its share is done here.
    """
    remaining = iter(items)
    first = list(islice(remaining, WORTH_IT))
    everything = chain(first, remaining)
    if jobs <= 1 or len(first) < WORTH_IT:
        return map(function, everything)
    return _apply_in_processes(function, function, everything, jobs)


def apply_inherited(function: Callable[[T], R], items: Sequence[T], *, jobs: int) -> Iterator[R]:
    """As `apply_all`, for a function that uses whatever this process holds; only outcomes must survive pickling.

    The processes are forks; what the function changes in them is lost.  Where a fork is not safe, on other systems
    than Linux and beside other threads, all is done here.
    """
    if jobs <= 1 or len(items) < WORTH_IT or not _can_fork():
        return map(function, items)
    return _apply_in_forks(function, items, jobs)


def _apply_in_forks(function: Callable[[T], R], items: Sequence[T], jobs: int) -> Iterator[R]:
    global _inherited  # noqa: PLW0603 - a fork inherits what a module holds, and nothing else reaches it unpickled
    _inherited = lambda index: function(items[index])  # noqa: E731
    try:
        yield from _apply_in_processes(_call_inherited, _inherited, iter(range(len(items))), jobs)
    finally:
        _inherited = None


def _call_inherited(index: int) -> Any:  # noqa: ANN401 - the outcome of any function
    assert _inherited is not None
    return _inherited(index)


def _apply_in_processes(
    there: Callable[[T], R], here: Callable[[T], R], items: Iterator[T], jobs: int
) -> Iterator[R]:
    """The outcome for each item, by `there` in another process; where that fails, by `here` in this one."""
    # Only here, as most builds do without: it takes longer to import than a small site to read.
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    pool = ProcessPoolExecutor(jobs, _context(), initializer=_prepare)
    waiting: deque[tuple[list[T], Future[list[R] | None] | None]] = deque()
    is_whole = True
    try:
        while True:
            while len(waiting) < jobs * _AHEAD and (share := list(islice(items, _SHARE))):
                future = None
                if is_whole:
                    try:
                        with interrupts_held():  # children inherit that: only the parent hears of Ctrl-C
                            future = pool.submit(_apply, there, share)
                    except BrokenProcessPool:
                        is_whole = False
                waiting.append((share, future))
            if not waiting:
                return
            share, future = waiting.popleft()
            try:
                outcomes = future.result() if future else None
            except BrokenProcessPool:
                is_whole, outcomes = False, None
            yield from map(here, share) if outcomes is None else outcomes
    finally:
        pool.shutdown(cancel_futures=True)


def _apply(function: Callable[[T], R], share: list[T]) -> list[R] | None:
    """The outcomes of a share; None where one fails: it fails in the parent as well, which can say where."""
    try:
        return [function(item) for item in share]
    except Exception:  # noqa: BLE001
        return None


def _can_fork() -> bool:
    """A fork starts at once, but copies the locks that other threads hold as well, and macOS does not support it."""
    return sys.platform == "linux" and threading.active_count() == 1


def _context() -> BaseContext:
    import multiprocessing  # noqa: PLC0415 - see above

    return multiprocessing.get_context("fork" if _can_fork() else "spawn")


def _prepare() -> None:
    """Make a new process ready for work, and see to it that it does not outlive its parent."""
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing  # noqa: PLC0415 - see above

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back from this process for a moment, and for ever from those that it starts meanwhile."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
