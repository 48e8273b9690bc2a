"""The plates that the map is drawn on: how large each is, and how it shows which kinds of concepts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dlmap.taxonomy import Kind

# All lengths are tenths of a pixel at the size that the picture is made for.  So they are whole numbers, and no name
# is smaller than what browsers set by themselves as the smallest size of a font.
SIZES = (340, 280, 240, 205, 175, 150, 130, 112, 96, 82, 70, 60, 51, 43, 36, 30, 25, 21, 18, 15)
"""Of names; map.css knows them as `.f0`, `.f1` …"""

SHORE = 12
"""Land is drawn with a line around it, which makes its corners round; this is what the line adds on each side."""

LANDS = (Kind.PART, Kind.TYPE, Kind.FAMILY)
"""What has land of its own; the rest are places in it."""
NAMED = (Kind.METHOD, Kind.METRIC)


@dataclass(frozen=True, slots=True)
class Look:
    """How concepts of a kind are drawn."""

    weight: float
    """What one weighs beside what stands under it: room for its name."""
    sizes: tuple[int, int]
    """The largest and the smallest size of its name."""
    lines: int
    """How many its name may take."""
    slack: float = 1
    """How much larger than its name the cell of its name is meant to be: cells are no boxes."""
    far: tuple[int, int] | None = None
    """The sizes of its name where one is too far away to read what it lies over; none if it never lies over anything."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A picture of the map: its size, and what it shows."""

    name: str
    width: int
    height: int
    radius: int
    """Of its corners."""
    gaps: tuple[int, ...]
    """The water around the whole, a part, a type, a family, and what is smaller."""
    looks: Mapping[Kind, Look]
    """The kinds that it shows."""
    unnamed: Kind
    """The kind that shows by its borders alone; its names are places, or nowhere."""


WIDE = Plate(
    name="wide",
    width=12800,
    height=6800,
    radius=300,
    gaps=(0, 50, 32, 22, 5),
    looks={
        Kind.PART: Look(4, (1, 12), 4, 1.0),
        Kind.TYPE: Look(6, (3, 12), 4, 1.3),
        Kind.FAMILY: Look(14, (6, 13), 4, 1.5, far=(6, 7)),
        Kind.APPROACH: Look(1.5, (12, 18), 4, 1.4),
        Kind.METHOD: Look(1, (15, 19), 2),
        Kind.METRIC: Look(1, (15, 19), 2),
    },
    unnamed=Kind.APPROACH,
)
_WITHOUT_FAMILIES = {
    Kind.PART: Look(4, (4, 12), 4, 1.0),
    Kind.TYPE: Look(10, (5, 12), 4, 1.7),
    Kind.FAMILY: Look(2, (19, 19), 1),
}
MIDDLE = Plate("middle", 6800, 4400, 200, (0, 40, 24, 10), _WITHOUT_FAMILIES, Kind.FAMILY)
NARROW = Plate("narrow", 3280, 4300, 120, (0, 36, 18, 8), _WITHOUT_FAMILIES, Kind.FAMILY)
"""For tablets and phones, where the names of families would be too small to read."""
