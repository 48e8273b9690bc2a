"""Forks of this process that share work which needs what this one holds."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, TypeVar

from dlmap.parallel.interrupts import interrupts_held

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Item = TypeVar("Item")
Result = TypeVar("Result")


def apply_in_forks(
    function: Callable[[Item], Result], items: Sequence[Item], *, jobs: int, chunk: int, least: int = 8
) -> Iterator[Result]:
    """The outcome for each item, in their order; so many processes take `chunk` items at a time.

    The function may use whatever this process holds, and what it changes is lost.  The share of one that fails or dies
    is done here.  Nothing is shared with one job, for fewer than `least` chunks, and where a fork is not safe: on other
    systems than Linux, and beside other threads.
    """
    if jobs < 2 or len(items) < least * chunk or sys.platform != "linux" or threading.active_count() > 1:
        yield from map(function, items)
        return
    chunks = [items[start : start + chunk] for start in range(0, len(items), chunk)]
    workers = [_Worker(function, chunks[number::jobs]) for number in range(jobs)]
    try:
        for number, share in enumerate(chunks):
            worker = workers[number % jobs]
            made = worker.results()
            yield from map(function, share) if made is None else made
    finally:
        for worker in workers:
            worker.end()


class _Worker(Generic[Item, Result]):
    """A process that works through its chunks, never further ahead than a pipe holds."""

    def __init__(self, function: Callable[[Item], Result], chunks: Sequence[Sequence[Item]]) -> None:
        import multiprocessing  # noqa: PLC0415 - who only checks a site has no use for it

        context = multiprocessing.get_context("fork")
        self._reading, writing = context.Pipe(duplex=False)
        self._process = context.Process(
            target=_work, args=(function, chunks, self._reading, writing), daemon=True
        )
        with interrupts_held():
            self._process.start()
        # With this end closed here, and none in another child that outlives it, a process that dies ends its pipe.
        writing.close()

    def results(self) -> list[Result] | None:
        """The results of its next chunk; None where the process has ended early."""
        try:
            made: list[Result] = self._reading.recv()
        except (EOFError, OSError):
            return None
        return made

    def end(self) -> None:
        self._reading.close()
        self._process.terminate()
        self._process.join()


def _work(
    function: Callable[[Item], Result],
    chunks: Sequence[Sequence[Item]],
    reading: Connection,
    writing: Connection,
) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Held open here, the other end would keep this process waiting for a reader that is gone.
    reading.close()
    with suppress(BrokenPipeError):
        for share in chunks:
            try:
                made = list(map(function, share))
            except Exception:  # noqa: BLE001 - the process above comes to the same, and can tell of it
                return
            writing.send(made)
