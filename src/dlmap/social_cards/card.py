"""What a picture of a page says, how large it is, and the name it is published under."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

_DRAWING = b"1"
"""To be raised with every change of how cards are drawn: caches of other hosts know a picture by its address alone."""
UNITS = (400, 210)
"""The shape of every card."""


@dataclass(frozen=True, slots=True)
class Card:
    """The words and the figure on a picture."""

    labels: tuple[str, ...]
    """The first one large, the others beneath it."""
    trail: str
    """What stands above it in the map."""
    site: str
    """The name of the site."""
    hue: int
    year: str = ""
    branches: tuple[int, ...] = ()
    """For each branch of what is shown, how many things are on it; drawn as a fan of dots."""

    @property
    def width(self) -> int:
        """In pixels.  What has no figure, as most cards have none, is smaller: there are many of them."""
        return UNITS[0] * (3 if self.branches else 2)

    @property
    def height(self) -> int:
        """In pixels."""
        return self.width * UNITS[1] // UNITS[0]

    @property
    def digest(self) -> str:
        """Names the picture: another card has another one."""
        return blake2b(_DRAWING + repr(self).encode("utf-8", "replace"), digest_size=6).hexdigest()
