"""Applies a function to many items in several processes, where that is faster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TypeVar

from dlmap.parallel.forks import apply_in_forks
from dlmap.parallel.interrupts import interrupts_held

__all__ = ["apply_all", "apply_in_forks", "interrupts_held"]

T = TypeVar("T")
R = TypeVar("R")

WORTH_IT = 64
"""Fewer items are done before a second process has started."""


def apply_all(function: Callable[[T], R], items: Iterable[T], *, jobs: int) -> Iterator[R]:
    """The outcome for each item, in their order; few of them are held at a time.

    `function` must depend on nothing but its item, and both must survive pickling.  With one job, or few items, all is
    done here.  A process that goes down (out of memory, killed) takes nothing along: what is left is done here.
    """
    remaining = iter(items)
    first = list(islice(remaining, WORTH_IT))
    everything = chain(first, remaining)
    if jobs <= 1 or len(first) < WORTH_IT:
        return map(function, everything)
    # Only here, as most builds do without: it takes longer to import than a small site to read.
    from dlmap.parallel.pool import apply_in_processes  # noqa: PLC0415

    return apply_in_processes(function, everything, jobs)
