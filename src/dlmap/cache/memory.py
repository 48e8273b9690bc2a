"""What one run leaves for the next in the same process, so that a preview computes only what has changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

S = TypeVar("S")
T = TypeVar("T")


class MemoryCache:
    """Values by key, for one generation: a run keeps what it has asked for, and drops the rest.

    Generations are named (a task, a file): each follows the last one of its name.
    """

    def __init__(self) -> None:
        self._last: dict[Hashable, dict[Hashable, Any]] = {}

    @contextmanager
    def generation(self, *name: Hashable) -> Iterator[Generation]:
        """The next generation of a name.  When it ends with an exception, the last one stays."""
        generation = Generation(self._last.get(name, {}))
        yield generation
        self._last[name] = generation.values


class Generation:
    """Gives the values of the last generation again, and takes those that it did not have."""

    def __init__(self, last: dict[Hashable, Any]) -> None:
        self._last = last
        self.values: dict[Hashable, Any] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._last or key in self.values

    def get(self, key: Hashable) -> Any:  # noqa: ANN401 - whatever was put there
        """The value of `key`, None where there is none."""
        if key not in self.values and key in self._last:
            self.values[key] = self._last[key]
        return self.values.get(key)

    def put(self, key: Hashable, value: object) -> None:
        """Keep a value that was computed elsewhere."""
        self.values[key] = value

    def __call__(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The value of `key`.  It must depend on the key alone, and nobody may change it."""
        if key not in self.values:
            self.values[key] = self._last[key] if key in self._last else compute()
        value: T = self.values[key]
        return value

    def of(self, source: S, compute: Callable[[S], T]) -> T:
        """The value computed from that very object; for long lists, most of whose objects are those of last time.

        A generation that is used so has no other keys.
        """
        key = id(source)  # the object is held beside the value, so that no other gets its id
        if (entry := self.values.get(key)) is None:
            entry = self._last.get(key)
            if entry is None or entry[0] is not source:
                entry = source, compute(source)
            self.values[key] = entry
        value: T = entry[1]
        return value


class IdentityKey(tuple[int, ...]):
    """A key that is equal for the very same objects only: for those that are long, or equal in different places."""

    # A tuple of ids, as those are hashed and compared without a call of Python's: a preview looks up thousands.
    _objects: tuple[object, ...]

    def __new__(cls, *objects: object) -> Self:
        key = super().__new__(cls, map(id, objects))
        key._objects = objects  # held, so that no other object gets their ids
        return key
