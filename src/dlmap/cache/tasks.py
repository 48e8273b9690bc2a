"""The one incremental mechanism: `Cache.map` computes only what neither the memory nor the file of the cache holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

from dlmap.cache.codec import Codec
from dlmap.cache.files import FileValues
from dlmap.cache.keys import CacheNamespace, Key
from dlmap.cache.memory import MemoryCache
from dlmap.cache.store import Store
from dlmap.cache.version import code_version

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")

_BATCH = 256
"""So many rows are held at a time; a row is a few kB long."""


def _computes_nothing(_: Sequence[Any]) -> Iterable[Any]:
    raise NotImplementedError("a task without `compute` is only stored and fetched")


@dataclass(frozen=True, slots=True)
class Task(Generic[K, V]):
    """A computation whose values can be cached: each depends on its item's key and on the code of `module` alone."""

    name: str
    module: str
    """Its code, that of everything it imports, and the JavaScript beside all of these make up the version of rows."""
    key: Callable[[K], Key]
    """Everything the value depends on: digests and options."""
    codec: Codec[K, V]
    compute: Callable[[Sequence[K]], Iterable[V]] = _computes_nothing
    """The value of each item, in order.  It gets many items at a time: V8, processes and Git want batches."""
    is_lasting: Callable[[K, V], bool] = lambda _item, _value: True
    """Whether a value may be stored; one that may be different next time is not."""
    in_memory: bool = False
    """Whether the next call in this process gets the very same objects for the same keys."""

    @property
    def namespace(self) -> CacheNamespace:
        """The rows of this task, of this version of the code."""
        return CacheNamespace(self.name, (code_version(self.module),))


class Cache:
    """Values of tasks: one generation in memory over an SQLite file.  A context manager.

    Whatever is wrong with the file, only time is lost: values are computed again.
    """

    def __init__(self, store: Store) -> None:
        self.memory = MemoryCache()
        self.files = FileValues()
        self._store = store

    @classmethod
    def open(cls, folder: Path | None) -> Self:
        """The cache of a site's folder; without a folder nothing is written to disk."""
        return cls(Store.open(folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def get(self, task: Task[K, V], item: K) -> V:
        """The value of one item."""
        return self.map(task, (item,))[0]

    def map(self, task: Task[K, V], items: Sequence[K], *, scope: str = "") -> list[V]:
        """The value of each item, in order.

        Memory keeps the values of the last call with the same task and scope, if the task asks for it.
        """
        keys = [task.key(item) for item in items]
        by_key = dict(zip(keys, items, strict=True))
        if not task.in_memory:
            values = self._values(task, by_key)
            return [values[key] for key in keys]
        with self.memory.generation(task.name, scope) as generation:
            absent = {key: item for key, item in by_key.items() if key not in generation}
            for key, value in self._values(task, absent).items():
                generation.put(key, value)
            return [generation.get(key) for key in keys]

    def fetch(self, task: Task[K, V], items: Iterable[K]) -> Iterator[tuple[K, V]]:
        """The stored values, each with its item, in no order; nothing is computed."""
        by_key = {task.key(item): item for item in items}
        return ((by_key[key], value) for key, value in self._fetch(task, by_key))

    def missing(self, task: Task[K, V], items: Iterable[K]) -> list[K]:
        """The items without a row; the rows of the others are in use, and stay when room has to be made."""
        by_key = {task.key(item): item for item in items}
        stored = self._store.has_many(task.namespace, by_key)
        return [item for key, item in by_key.items() if key not in stored]

    def put(self, task: Task[K, V], values: Iterable[tuple[K, V]]) -> None:
        """Store values that were computed elsewhere."""
        self.put_rows(task, ((item, task.codec.encode(value)) for item, value in values))

    def put_rows(self, task: Task[K, V], rows: Iterable[tuple[K, bytes]]) -> None:
        """Store values that another process has encoded."""
        self._put(task, ((task.key(item), row) for item, row in rows))

    def _put(self, task: Task[K, V], rows: Iterable[tuple[Key, bytes]]) -> None:
        remaining = iter(rows)
        while batch := dict(islice(remaining, _BATCH)):
            self._store.put_many(task.namespace, batch)

    def _fetch(self, task: Task[K, V], by_key: Mapping[Key, K]) -> Iterator[tuple[Key, V]]:
        keys = iter(by_key)
        while batch := tuple(islice(keys, _BATCH)):
            for key, row in self._store.get_many(task.namespace, batch).items():
                try:
                    value = task.codec.decode(row, by_key[key])
                except Exception:  # noqa: BLE001, S112 - bytes from anywhere fail in any way; they are as good as absent
                    continue
                yield key, value

    def _values(self, task: Task[K, V], by_key: Mapping[Key, K]) -> dict[Key, V]:
        """The value for each key: stored, or computed and then stored."""
        values = dict(self._fetch(task, by_key))
        if absent := {key: item for key, item in by_key.items() if key not in values}:
            self._put(task, self._computed(task, absent, values))
        return values

    @staticmethod
    def _computed(
        task: Task[K, V], absent: Mapping[Key, K], values: dict[Key, V]
    ) -> Iterator[tuple[Key, bytes]]:
        """Compute what is absent into `values`; the rows of what may be stored."""
        computed = task.compute(list(absent.values()))
        for (key, item), value in zip(absent.items(), computed, strict=True):
            values[key] = value
            if task.is_lasting(item, value):
                yield key, task.codec.encode(value)
