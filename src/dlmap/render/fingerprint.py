"""What a page is made of, as one short digest: where it is the same, so is the page."""

from __future__ import annotations

import marshal
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeAlias

from dlmap.cache.files import FileStamp

Plain: TypeAlias = Any
"""Tuples, strings, numbers, bytes and None: what `marshal` writes the same way for equal values."""
Specials: TypeAlias = Mapping[type, Callable[[Any], object]]
"""What stands for values of a type."""

_PLAIN = frozenset({str, int, float, bool, bytes})
_DIGEST_BYTES = 16
_MARSHAL_VERSION = 2
"""The last one without references: in later ones equal values differ when they share parts differently."""


def digest(value: Plain) -> bytes:
    """The digest of values that are plain."""
    return blake2b(marshal.dumps(value, _MARSHAL_VERSION), digest_size=_DIGEST_BYTES).digest()


class Fingerprints:
    """Makes the digests of what pages show."""

    def __init__(self, shared: Collection[type]) -> None:
        """Values of the types `shared` stand on many pages: each of them is digested once."""
        self._shared = shared
        self._known: dict[int, tuple[object, bytes]] = {}
        """By identity; each value is kept, so that no other one can get its identity."""

    def of(self, values: Iterable[object], special: Specials) -> bytes:
        """The digest of values; `special` tells what stands for those that know more than a page shows of them.

        Raises TypeError for what has no order of its own or cannot be told from another: sets, functions.
        """

        def plain(value: object) -> Plain:
            kind = type(value)
            if value is None or kind in _PLAIN:
                return value
            if kind in self._shared:
                known = self._known.get(id(value))
                if known is None:
                    made = digest((kind.__name__, *map(plain, _parts(value))))
                    self._known[id(value)] = known = value, made
                return known[1]
            parts = (special[kind](value),) if kind in special else _parts(value)
            return (kind.__name__, *map(plain, parts))

        return digest(tuple(map(plain, values)))


def _parts(value: object) -> Iterable[object]:
    """What a value is made of, in its order."""
    if isinstance(value, tuple | list):
        return value
    if isinstance(value, Mapping):
        return value.items()
    if isinstance(value, Enum):
        return (value.name,)
    if is_dataclass(value):
        made: Iterable[object] = _reader(type(value))(value)  # type: ignore[arg-type]
        return made
    raise TypeError(f"{type(value).__name__} has no fingerprint: {value!r}"[:200])


@cache
def _reader(kind: type[Any]) -> Callable[[object], tuple[object, ...]]:
    names = [field.name for field in fields(kind)]
    return attrgetter(*names) if len(names) > 1 else lambda value: tuple(getattr(value, n) for n in names)


def file_fingerprint(file: Path) -> str:
    """What the file system says of a file; empty where that does not tell whether it has changed."""
    try:
        stamp = FileStamp.of(file.stat())
    except OSError:
        return ""
    return "" if stamp.is_young(time.time_ns()) else "-".join(map(str, stamp))
