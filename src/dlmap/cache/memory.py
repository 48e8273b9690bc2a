"""What a reading leaves for the next one, so that a long-lived process makes only what has changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

S = TypeVar("S")
T = TypeVar("T")


class MemoryCache:
    """Values by what they were made of, for one reading after the other.

    Each reading has a name (a file, a stage) and keeps what the last one of that name has asked for; the rest is
    forgotten.  Whoever wants no memory passes a fresh one.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, dict[Hashable, Any]] = {}

    @contextmanager
    def reading(self, *name: Hashable) -> Iterator[Recall]:
        """One reading; it leaves nothing when it ends with an exception."""
        recall = Recall(self._kept.get(name, {}))
        yield recall
        self._kept[name] = recall.asked


class Recall:
    """Gives the values of the last reading again, and makes those that it did not have."""

    def __init__(self, kept: dict[Hashable, Any]) -> None:
        self._kept = kept
        self.asked: dict[Hashable, Any] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._kept or key in self.asked

    def get(self, key: Hashable) -> Any:  # noqa: ANN401 - whatever was kept
        """The value of `key`, None where there is none."""
        if key not in self.asked and key in self._kept:
            self.asked[key] = self._kept[key]
        return self.asked.get(key)

    def keep(self, key: Hashable, value: object) -> None:
        """Take down what was made otherwise."""
        self.asked[key] = value

    def __call__(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of `key`.  What `make` reads must be told by the key, and nobody may change the value."""
        if key not in self.asked:
            self.asked[key] = self._kept[key] if key in self._kept else make()
        value: T = self.asked[key]
        return value

    def of(self, source: S, make: Callable[[S], T]) -> T:
        """What is made of that very value alone; for the many values of a long list, most of them those of last time.

        A reading that asks so has no other keys.
        """
        key = id(source)  # the value is held beside what was made of it, so that no other gets its id
        if (kept := self.asked.get(key)) is None:
            kept = self._kept.get(key)
            if kept is None or kept[0] is not source:
                kept = source, make(source)
            self.asked[key] = kept
        value: T = kept[1]
        return value


class Same(tuple[int, ...]):
    """A key that is equal for the very same values only: for those that are long, or equal in different places."""

    # A tuple of their ids, as those are hashed and compared without a call of Python's: a preview looks up thousands.
    _values: tuple[object, ...]

    def __new__(cls, *values: object) -> Self:
        made = super().__new__(cls, map(id, values))
        made._values = values  # held, so that no other value gets their ids
        return made
