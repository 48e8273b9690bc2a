"""The keys of rows: everything that a value depends on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

import dlmap

Key: TypeAlias = tuple[bytes, ...]
"""What one value depends on: the options first, then the content or its digest."""

DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class CacheNamespace:
    """The rows of one task: its name, and what all of its values depend on beside their own keys.

    The version of dlmap is among that in any case.
    """

    name: str
    depends_on: tuple[str, ...] = ()

    def digests(self, keys: Sequence[Key]) -> list[bytes]:
        """For each key the digest that its row is stored under."""
        shared = _framed((dlmap.__version__.encode(), self.name.encode(), *map(str.encode, self.depends_on)))
        return [blake2b(shared + _framed(key), digest_size=DIGEST_BYTES).digest() for key in keys]


def _framed(parts: Sequence[bytes]) -> bytes:
    """All parts in one, each with its length before it: no two lists of parts give the same bytes."""
    framed = [len(parts).to_bytes(8, "big")]
    for part in parts:
        framed += (len(part).to_bytes(8, "big"), part)
    return b"".join(framed)
