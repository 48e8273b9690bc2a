"""The map: the whole taxonomy as one picture, every concept a piece of land as large as what stands under it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from dlmap.javascript import VENDOR, Run, Script
from dlmap.site.map.labels import LINE_HEIGHT, Lines, extent, shapes
from dlmap.site.map.sizes import SHORE, SIZES, MapLayoutSpec
from dlmap.site.model import ConceptLink, TreeItem
from dlmap.site.urls import ConceptLinks, label_in
from dlmap.taxonomy import Concept, Kind, Taxonomy

LAYOUT = Script(
    name="layout engine",
    scripts=(
        VENDOR / "d3-hierarchy" / "d3-hierarchy.min.js",
        Path(__file__).with_name("layout.js"),
    ),
    function="layMap",
    probe='{"width":90,"height":90,"radius":9,"gaps":[0],"sizes":[1],"tree":'
    '{"weight":1,"room":0,"sizes":[0,0],"shapes":[[[1,1]]]}}',
    proof="[[45,45,0,0]]",
)

_DOT = 0.9
"""What the dot of a method takes above its name, in em."""
_CAPITAL = 0.72
"""The height of capitals and digits, in em."""
_ABOVE = 1.25
"""Where the dot is: so many em above the line that the name stands on."""

_Spot: TypeAlias = tuple[int, int, int, int]
"""Where a name stands: x, y, the indices of its size and its shape."""
_Cell: TypeAlias = tuple[list[int], list[list[_Spot]]]
"""The corners of a piece of land, and for each language where its name stands: near and, for some, from afar."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name where it stands."""

    x: int
    size: int
    """The index of its size."""
    lines: tuple[tuple[int, str], ...]
    """Each with the y that it stands on."""


@dataclass(frozen=True, slots=True)
class MapLabel:
    """A concept in one of its places on the map."""

    ref: ConceptLink
    is_first: bool
    """Whether it is the first of the concept's places."""
    land: str
    """Its land as the data of an SVG path; approaches and methods have none."""
    name: Name
    far: Name | None
    """What stands there instead where one is too far away to read what it lies over."""


@dataclass(frozen=True, slots=True)
class LabelGroup:
    """Neighbours whose names are of one size: they show and hide together, which is one change and not hundreds."""

    kind: str
    size: int
    marks: tuple[MapLabel, ...]


@dataclass(frozen=True, slots=True)
class MapRegion:
    """A part with all that lies in it."""

    ref: ConceptLink
    lands: tuple[MapLabel, ...]
    """The part, its types and its families, those that others lie on first."""
    borders: str
    """Of what is not named, or only when one comes near, as the data of an SVG path."""
    dots: str
    """One for each method."""
    clusters: tuple[LabelGroup, ...]
    """Approaches and methods, family by family."""


@dataclass(frozen=True, slots=True)
class MapView:
    """The map as it is drawn on one plate."""

    plate: str
    box: tuple[int, int, int, int]
    """What of the plate is shown: x, y, width, height."""
    regions: tuple[MapRegion, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """A concept in one of its places."""

    concept: Concept
    children: tuple[_Place, ...]
    is_nested: bool
    """Whether it stands in a family."""

    @property
    def holds_land(self) -> bool:
        """Whether another family stands in it."""
        return any(child.concept.kind.is_section or child.holds_land for child in self.children)

    def walk(self) -> Iterator[_Place]:
        """Itself and all below, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


class MapRenderer:
    """The map on one plate; it is laid out when first asked for, once for all languages."""

    def __init__(self, plate: MapLayoutSpec, taxonomy: Taxonomy, refs: ConceptLinks, run: Run) -> None:
        self.plate = plate
        self.taxonomy = taxonomy
        self.refs = refs
        self.run = run

    def drawing(self, lang: str) -> MapView:
        """The map with the names of one language."""
        plate = self.plate
        coast = sum(plate.gaps[:3]) - SHORE
        cells = iter(self._cells)
        seen: set[str] = set()
        return MapView(
            plate.name,
            (coast, coast, plate.width - 2 * coast, plate.height - 2 * coast),
            tuple(self._region(part, lang, cells, seen) for part in self._parts),
        )

    def tree(self, lang: str) -> tuple[TreeItem, ...]:
        """All that the picture shows, as a list."""

        def item(place: _Place) -> TreeItem:
            ref = self.refs.ref(place.concept.id, lang)
            return TreeItem(ref, False, True, tuple(map(item, place.children)))

        return tuple(map(item, self._parts))

    @cached_property
    def _parts(self) -> tuple[_Place, ...]:
        def place(concept_id: str, *, nested: bool) -> _Place:
            concept = self.taxonomy.concepts[concept_id]
            shown = (
                child for child in concept.narrower if self.taxonomy.concepts[child].kind in self.plate.looks
            )
            below = nested or concept.kind is Kind.FAMILY
            return _Place(concept, tuple(place(child, nested=below) for child in shown), nested)

        return tuple(place(part, nested=False) for part in self.taxonomy.parts)

    @cached_property
    def _cells(self) -> tuple[_Cell, ...]:
        """For each place, parents first."""
        plate = self.plate
        question = {
            "width": plate.width,
            "height": plate.height,
            "radius": plate.radius,
            "gaps": plate.gaps,
            "sizes": SIZES,
            "tree": {
                "weight": 0,
                "room": 0,
                "sizes": [0, 0],
                "shapes": [],
                "children": list(map(self._node, self._parts)),
            },
        }
        return tuple(json.loads(self.run(LAYOUT, json.dumps(question)))[1:])

    def _node(self, place: _Place) -> Mapping[str, object]:
        look = self.plate.looks[place.concept.kind]
        boxes = [
            [_box(place.concept, lines) for lines in self._shapes(place.concept, lang)]
            for lang in self.taxonomy.languages
        ]
        need = max(min(width * height for width, height in of_one) for of_one in boxes)
        hidden = 0
        if Kind.METHOD not in self.plate.looks and not place.children:
            hidden = len(self.refs.members(place.concept.id))
        # The name of a family that others stand in cannot lie over them: it gets the more room of its own.
        slack = look.slack * (2 if look.far and place.holds_land else 1)
        return {
            "weight": look.weight + hidden,
            "room": round(slack * need * SIZES[look.sizes[0]] ** 2),
            "sizes": look.sizes,
            "far": None if place.holds_land else look.far,
            "shapes": boxes,
            "children": list(map(self._node, place.children)),
        }

    def _shapes(self, concept: Concept, lang: str) -> tuple[Lines, ...]:
        return shapes(label_in(concept, lang)[0], self.plate.looks[concept.kind].lines)

    def _region(self, part: _Place, lang: str, cells: Iterator[_Cell], seen: set[str]) -> MapRegion:
        lands: list[MapLabel] = []
        clusters: dict[tuple[int, str, int], list[MapLabel]] = {}
        borders: list[str] = []
        dots: list[str] = []
        column = self.taxonomy.languages.index(lang)
        for place in part.walk():
            corners, spots = next(cells)
            concept = place.concept
            kind = concept.kind
            land = _outline(corners)
            near, *far = (self._name(concept, lang, spot) for spot in spots[column])
            if kind.is_named:
                dots.append(f"M{near.x} {near.lines[0][0] - round(_ABOVE * SIZES[near.size])}h0")
            if kind is self.plate.unnamed or (kind.is_section and place.is_nested):
                borders.append(land)
            if kind is self.plate.unnamed and kind.is_section:
                continue
            is_first = concept.id not in seen
            seen.add(concept.id)
            ref = self.refs.ref(concept.id, lang)
            if kind.is_section:
                lands.append(MapLabel(ref, is_first, land, near, far[0] if far else None))
            else:
                mark = MapLabel(ref, is_first, "", near, None)
                clusters.setdefault((len(lands), kind.value, near.size), []).append(mark)
        return MapRegion(
            self.refs.ref(part.concept.id, lang),
            tuple(lands),
            "".join(borders),
            "".join(dots),
            tuple(LabelGroup(kind, size, tuple(marks)) for (_, kind, size), marks in clusters.items()),
        )

    def _name(self, concept: Concept, lang: str, spot: _Spot) -> Name:
        x, middle, size, shape = spot
        lines = self._shapes(concept, lang)[shape]
        em = SIZES[size]
        tall = LINE_HEIGHT * (len(lines) - 1) - _CAPITAL - (_DOT if concept.kind.is_named else 0)
        first = middle - em * tall / 2
        return Name(
            x,
            size,
            tuple((round(first + em * LINE_HEIGHT * index), line) for index, line in enumerate(lines)),
        )


def _box(concept: Concept, lines: Lines) -> tuple[float, float]:
    width, height = extent(lines)
    return round(width, 2), round(height + (_DOT if concept.kind.is_named else 0), 2)


def _outline(corners: list[int]) -> str:
    """A polygon as the data of a path; steps are relative, which is shorter."""
    x, y = corners[:2]
    data = [f"M{x} {y}l"]
    for next_x, next_y in zip(corners[2::2], corners[3::2], strict=True):
        data.append(f"{next_x - x} {next_y - y} ")
        x, y = next_x, next_y
    return "".join(data).rstrip().replace(" -", "-") + "z"
