"""The map: the whole taxonomy as one picture, every concept a piece of land as large as what stands under it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TypeAlias

from dlmap.javascript import VENDOR, Run, Script
from dlmap.site.map.labels import LINE_HEIGHT, Lines, extent, pieces, segment, shapes
from dlmap.site.map.sizes import LAND_MARGIN, SIZES, MapLayoutSpec, readable_from
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
class LabelText:
    """A label as it is drawn: centred at `x`, each line on its baseline."""

    x: int
    font_size: int
    lines: tuple[tuple[int, str, str], ...]
    """Each line with the y of its baseline, and the space that separates it from the next line, if any."""


@dataclass(frozen=True, slots=True)
class MapLabel:
    """A concept in one of its places on the map."""

    ref: ConceptLink
    is_first: bool
    """Whether it is the first of the concept's places."""
    land: str
    """Its land as the data of an SVG path; approaches and methods have none."""
    text: LabelText
    readable_from: int
    """The width of the screen, in rem, from which the picture shows the label large enough to read."""
    close_up: tuple[int, int, int] | None
    """x, y and font size of its place among what lies in it, where `text` lies over that; scripts need it to zoom."""
    breaks: str
    """Where a Chinese label may break into lines, as offsets separated by spaces."""
    weight: int
    """How important its label is: the methods under it, or for a method the methods based on it."""


@dataclass(frozen=True, slots=True)
class LabelGroup:
    """Neighbouring labels of one kind."""

    kind: str
    labels: tuple[MapLabel, ...]


@dataclass(frozen=True, slots=True)
class MapRegion:
    """A part with all that lies in it."""

    ref: ConceptLink
    areas: tuple[MapLabel, ...]
    """The part, its types and its families, those that others lie on first."""
    borders: str
    """Of what is not named, or only when one comes near, as the data of an SVG path."""
    dots: str
    """One for each method."""
    groups: tuple[LabelGroup, ...]
    """Approaches and methods, family by family."""


@dataclass(frozen=True, slots=True)
class MapView:
    """The map as it is drawn on one plate."""

    plate: str
    box: tuple[int, int, int, int]
    """What of the plate is shown: x, y, width, height."""
    regions: tuple[MapRegion, ...]
    line_height: float = LINE_HEIGHT
    """Of labels, in em; this and the next two are what scripts need to move labels."""
    capital_height: float = _CAPITAL
    dot_height: float = _ABOVE
    """The dot of a method above the baseline of its label."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A concept in one of its places."""

    concept: Concept
    children: tuple[_Place, ...]
    is_nested: bool
    """Whether it stands in a family."""

    @property
    def contains_areas(self) -> bool:
        """Whether another family stands in it."""
        return any(child.concept.kind.is_section or child.contains_areas for child in self.children)

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
        outer_gap = sum(plate.gaps[:3]) - LAND_MARGIN
        cells = iter(self._cells)
        seen: set[str] = set()
        return MapView(
            plate.name,
            (outer_gap, outer_gap, plate.width - 2 * outer_gap, plate.height - 2 * outer_gap),
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
        slack = look.slack * (2 if look.overview and place.contains_areas else 1)
        return {
            "weight": look.weight + hidden,
            "room": round(slack * need * SIZES[look.sizes[0]] ** 2),
            "sizes": look.sizes,
            "overview": None if place.contains_areas else look.overview,
            "shapes": boxes,
            "children": list(map(self._node, place.children)),
        }

    def _shapes(self, concept: Concept, lang: str) -> tuple[Lines, ...]:
        label = label_in(concept, lang)[0]
        return shapes(label, self.plate.looks[concept.kind].lines, self._words.get(label, ()))

    @cached_property
    def _words(self) -> Mapping[str, tuple[str, ...]]:
        concepts = self.taxonomy.concepts.values()
        return segment(
            [label_in(concept, lang)[0] for concept in concepts for lang in self.taxonomy.languages], self.run
        )

    def _breaks(self, label: str) -> str:
        parts = pieces(label, self._words[label]) if label in self._words else ()
        return " ".join(map(str, accumulate(map(len, parts[:-1]))))

    @cached_property
    def _successors(self) -> Mapping[str, int]:
        return Counter(basis for concept in self.taxonomy.concepts.values() for basis in concept.based_on)

    def _region(self, part: _Place, lang: str, cells: Iterator[_Cell], seen: set[str]) -> MapRegion:
        areas: list[MapLabel] = []
        groups: dict[tuple[int, str], list[MapLabel]] = {}
        borders: list[str] = []
        dots: list[str] = []
        column = self.taxonomy.languages.index(lang)
        for place in part.walk():
            corners, spots = next(cells)
            concept = place.concept
            kind = concept.kind
            land = _outline(corners)
            # Where a label has little room among what lies in its land, it may lie over that as long as that is unreadable.
            close_up, *overview = spots[column]
            text = self._text(concept, lang, overview[0] if overview else close_up)
            if kind.is_named:
                dots.append(f"M{text.x} {text.lines[0][0] - round(_ABOVE * text.font_size)}h0")
            if kind is self.plate.unnamed or (kind.is_section and place.is_nested):
                borders.append(land)
            if kind is self.plate.unnamed and kind.is_section:
                continue
            is_first = concept.id not in seen
            seen.add(concept.id)
            ref = self.refs.ref(concept.id, lang)
            label = MapLabel(
                ref,
                is_first,
                land if kind.is_section else "",
                text,
                readable_from(self.plate, text.font_size),
                (close_up[0], close_up[1], SIZES[close_up[2]]) if overview else None,
                self._breaks(ref.label),
                self._successors.get(concept.id, 0) if kind.is_named else ref.count,
            )
            if kind.is_section:
                areas.append(label)
            else:
                groups.setdefault((len(areas), kind.value), []).append(label)
        return MapRegion(
            self.refs.ref(part.concept.id, lang),
            tuple(areas),
            "".join(borders),
            "".join(dots),
            tuple(LabelGroup(kind, tuple(labels)) for (_, kind), labels in groups.items()),
        )

    def _text(self, concept: Concept, lang: str, spot: _Spot) -> LabelText:
        x, middle, size, shape = spot
        lines = self._shapes(concept, lang)[shape]
        em = SIZES[size]
        tall = LINE_HEIGHT * (len(lines) - 1) - _CAPITAL - (_DOT if concept.kind.is_named else 0)
        first = middle - em * tall / 2
        rest = label_in(concept, lang)[0]
        drawn: list[tuple[int, str, str]] = []
        for index, line in enumerate(lines):
            rest = rest[len(line) :]
            drawn.append((round(first + em * LINE_HEIGHT * index), line, " " if rest[:1].isspace() else ""))
            rest = rest.lstrip()
        return LabelText(x, em, tuple(drawn))


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
