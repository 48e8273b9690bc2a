"""The plates that the map is drawn on: how large each is, and how it shows which kinds of concepts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from dlmap.taxonomy import NAMED, Kind

# All lengths are tenths of a pixel at the size that the picture is made for.  So they are whole numbers, and no name
# is smaller than what browsers set by themselves as the smallest size of a font.
SIZES = (340, 280, 240, 205, 175, 150, 130, 112, 96, 82, 70, 60, 51, 43, 36, 30, 25, 21, 18, 15)
"""Of labels in pictures without scripts; with scripts they have one size for each kind (map.css)."""

LAND_MARGIN = 12
"""Land is drawn with a line around it, which makes its corners round; this is what the line adds on each side."""


@dataclass(frozen=True, slots=True)
class KindStyle:
    """How concepts of a kind are drawn."""

    weight: float
    """What one weighs beside what stands under it: room for its name."""
    sizes: tuple[int, int]
    """The largest and the smallest size of its name."""
    lines: int
    """How many its name may take."""
    slack: float = 1
    """How much larger than its name the cell of its name is meant to be: cells are no boxes."""
    overview: tuple[int, int] | None = None
    """The sizes of a label that lies over what is in its land, while that is too small to read; None: it never does."""


@dataclass(frozen=True, slots=True)
class MapLayoutSpec:
    """A picture of the map: its size, and what it shows."""

    name: str
    width: int
    height: int
    radius: int
    """Of its corners."""
    gaps: tuple[int, ...]
    """The water around the whole, a part, a type, a family, and what is smaller."""
    looks: Mapping[Kind, KindStyle]
    """The kinds that it shows."""
    unnamed: Kind
    """The kind that shows by its borders alone; its names are places, or nowhere."""


# For so many families the sizes below are made: the default map has 82.
_MANY = 80
_MOST_LARGER = 1.6
_ROOM_OF_FAMILY = 800_000
"""A family with less land than this, in square lengths, could not be read on a small plate."""
_SMALLEST = 112
"""Of the smaller plates' labels."""
_WIDE = MapLayoutSpec(
    name="wide",
    width=12800,
    height=6800,
    radius=300,
    gaps=(0, 50, 32, 22, 5),
    looks={
        Kind.PART: KindStyle(4, (1, 12), 4, 1.0),
        Kind.TYPE: KindStyle(6, (3, 12), 4, 1.3),
        Kind.FAMILY: KindStyle(14, (6, 13), 4, 1.5, overview=(6, 7)),
        Kind.APPROACH: KindStyle(1.5, (12, 18), 4, 1.4),
        **dict.fromkeys(NAMED, KindStyle(1, (15, 19), 2)),
    },
    unnamed=Kind.APPROACH,
)
_WITH_FAMILIES = {
    Kind.PART: KindStyle(4, (4, 12), 4, 1.0),
    Kind.TYPE: KindStyle(6, (5, 12), 4, 1.3),
    Kind.FAMILY: KindStyle(14, (6, 12), 4, 1.5),
}
_WITHOUT_FAMILIES = {
    Kind.PART: KindStyle(4, (4, 12), 4, 1.0),
    Kind.TYPE: KindStyle(40, (5, 12), 4, 2.0),
    Kind.FAMILY: KindStyle(2, (19, 19), 1),
}
_MIDDLE = MapLayoutSpec("middle", 6800, 4400, 200, (0, 40, 24, 10), _WITHOUT_FAMILIES, Kind.FAMILY)
_NARROW = MapLayoutSpec("narrow", 3280, 5000, 120, (0, 36, 18, 8), _WITHOUT_FAMILIES, Kind.FAMILY)
"""For tablets and phones, where the names of many families would be too small to read."""


_READABLE = 10.5
"""The smallest label that is shown, in pixels."""
_STEPS = (47, 55, 64, 74, 85)
"""Widths of the screen in rem at which map.css shows more labels of the widest plate."""
NEVER = 0


def readable_from(plate: MapLayoutSpec, font_size: int) -> int:
    """The width of the screen in rem from which labels of this size are readable; `NEVER` if they never are."""
    if plate.name != "wide":
        return _STEPS[0] if font_size >= _SMALLEST else NEVER
    margins = 96
    needed = (_READABLE * plate.width / font_size + margins) / 16
    return next((step for step in _STEPS if step >= needed), NEVER)


def plates_for(families: int) -> tuple[MapLayoutSpec, MapLayoutSpec, MapLayoutSpec]:
    """The plates of a map with so many families, the widest first: the fewer there are, the larger their names."""
    factor = min(math.sqrt(_MANY / max(families, 1)), _MOST_LARGER)
    looks = {kind: _larger(look, factor) if kind.is_section else look for kind, look in _WIDE.looks.items()}
    return replace(_WIDE, looks=looks), _small(_MIDDLE, families), _small(_NARROW, families)


def _larger(look: KindStyle, factor: float) -> KindStyle:
    largest, smallest = look.sizes
    largest = next(i for i, size in enumerate(SIZES) if size <= max(factor, 1) * SIZES[largest])
    return replace(look, sizes=(largest, smallest), overview=look.overview and (largest, largest + 1))


def _small(plate: MapLayoutSpec, families: int) -> MapLayoutSpec:
    if plate.width * plate.height < families * _ROOM_OF_FAMILY:
        return plate
    return replace(plate, looks=_WITH_FAMILIES, unnamed=Kind.APPROACH)
