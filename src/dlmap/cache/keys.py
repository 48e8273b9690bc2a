"""Names a stored piece by everything that it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

import dlmap

Key: TypeAlias = tuple[bytes, ...]
"""What one piece was made of: the options first, then the content."""

DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class CacheNamespace:
    """A sort of piece: its name, and what all pieces of that sort depend on beside their own key.

    The version of dlmap is among that in any case; name what else gives other pieces when it changes.
    """

    name: str
    depends_on: tuple[str, ...] = ()

    def digests(self, keys: Sequence[Key]) -> list[bytes]:
        """For each key the name that its piece is stored under."""
        shared = _framed((dlmap.__version__.encode(), self.name.encode(), *map(str.encode, self.depends_on)))
        return [blake2b(shared + _framed(key), digest_size=DIGEST_BYTES).digest() for key in keys]


def _framed(parts: Sequence[bytes]) -> bytes:
    """All parts in one, each with its length before it: no two lists of parts give the same bytes."""
    pieces = [len(parts).to_bytes(8, "big")]
    for part in parts:
        pieces += (len(part).to_bytes(8, "big"), part)
    return b"".join(pieces)
