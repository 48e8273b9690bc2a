"""Draws a card as a small palette picture.

There are more than a thousand of them: the picture has 16 colours, one row of pixels is one run of bytes, and both are
written without the detours of a general image format.
"""

from __future__ import annotations

import math
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

from PIL import Image, ImageDraw

from dlmap.social_cards.card import UNITS, Card
from dlmap.social_cards.glyphs import lettering

# All lengths are in units: a picture is 400 by 210 of them.  Sizes of letters are multiples of 3.
_MARGIN, _BAR = 28, 3
_TITLE_SIZES, _OTHER_SIZES, _SMALL_SIZES = (30, 24, 21, 15), (15, 12), (9,)
_MOST_BRANCHES, _MOST_DOTS = 11, 12
_FAN_WIDTH, _FAN_HEIGHT = 124, 140
_ROWS_IN_BAND = 15

_PAPER, _INK = (251, 250, 247), (28, 27, 25)
# The palette: from paper to ink in ten steps, then from paper to the hue of the part in five.
_INK_INDEX, _SOFT_INDEX, _HUE_INDEX, _HUE_STEPS = 10, 7, 15, 5
_HUE_SHADES = [(shade and _INK_INDEX + shade) for shade in (round(v * _HUE_STEPS / 255) for v in range(256))]
_LEADING = 4 / 3
# A word of letters stays whole; Chinese may break anywhere but before punctuation.
_PIECE = re.compile(r"[^\s\u2e80-\U0010ffff]+|.[，。、；：？！）》」』”’]*\s*|\s+", re.DOTALL)


def draw(card: Card) -> bytes:
    """The picture as PNG."""
    unit, (width, height) = card.width // UNITS[0], UNITS
    # The two pixels on the left of each row make the byte that tells how PNG filters the row: not at all.
    canvas = Image.new("P", (card.width + 2, card.height), 0)
    fan = _fan(card.branches, unit)
    room = width - 2 * _MARGIN
    if fan is not None:
        canvas.paste(fan, ((width - _MARGIN - _FAN_WIDTH) * unit + 2, (height - _FAN_HEIGHT) // 2 * unit))
        room -= _FAN_WIDTH + 12
    _write(_Page(canvas, unit), card, room)
    rows = canvas.tobytes("raw", "P;4")
    return _png(card.width, card.height, _deflated(rows, card.width, fan is not None), _palette(card.hue))


class _Page:
    """Writes lines on a picture, by units."""

    def __init__(self, canvas: Image.Image, unit: int) -> None:
        self.canvas = canvas
        self.unit = unit
        self.letters = lettering()

    def width(self, text: str, size: int) -> float:
        return self.letters.width(text, size)

    def write(self, text: str, size: int, ink: int, place: tuple[float, float]) -> None:
        """One line; `place` is where its baseline begins."""
        left, baseline = (round(value * self.unit) for value in place)
        pixels = size * self.unit
        self.canvas.paste(ink, (left + 2, baseline - pixels), self.letters.line(text, pixels))

    def bar(self, left: float, top: float, bottom: float) -> None:
        """An upright bar in the hue of the part."""
        edges = (round(value * self.unit) for value in (left, top, left + _BAR, bottom))
        x, y, right, end = edges
        self.canvas.paste(_HUE_INDEX, (x + 2, y, right + 2, end))


def _write(page: _Page, card: Card, room: float) -> None:
    width, height = UNITS
    title, *others = [label for label in card.labels if page.letters.covers(label)] or card.labels[:1]
    lines = [(line, size, _INK_INDEX) for line, size in _fitted(page, title, _TITLE_SIZES, room)]
    for other in others:
        lines += ((line, size, _SOFT_INDEX) for line, size in _fitted(page, other, _OTHER_SIZES, room))
    top = (height - sum(size * _LEADING for _, size, _ in lines)) / 2
    page.bar(_MARGIN - 10, top + 3, height - top - 1)
    for line, size, ink in lines:
        page.write(line, size, ink, (_MARGIN, top + size))
        top += size * _LEADING
    for text, baseline in ((card.trail, _MARGIN + 5), (card.site, height - _MARGIN + 5)):
        for line, size in _fitted(page, text, _SMALL_SIZES, width - 2 * _MARGIN - 36)[:1]:
            page.write(line, size, _SOFT_INDEX, (_MARGIN, baseline))
    size = _SMALL_SIZES[0]
    left = width - _MARGIN - page.width(card.year, size)
    page.write(card.year, size, _SOFT_INDEX, (left, height - _MARGIN + 5))


def _fitted(page: _Page, text: str, sizes: Sequence[int], room: float) -> list[tuple[str, int]]:
    """The lines of a text at the largest size at which it takes two at most; at the smallest, what two lines hold."""
    lines: list[str] = []
    for size in sizes:
        lines = list(_broken(page, text, size, room))
        if len(lines) <= 2:
            return [(line, size) for line in lines]
    return [(lines[0], sizes[-1]), (f"{lines[1][:-1]}…", sizes[-1])]


def _broken(page: _Page, text: str, size: int, room: float) -> Iterator[str]:
    line, taken = "", 0.0
    words = _PIECE.findall(text)
    # What is wider than the picture has to break anywhere.
    for piece in chain.from_iterable(word if page.width(word, size) > room else [word] for word in words):
        if line and taken + page.width(piece.rstrip(), size) > room:
            yield line.rstrip()
            line, taken = "", 0.0
        line += piece if line else piece.lstrip()
        taken += page.width(piece, size)
    if line.strip():
        yield line.rstrip()


def _fan(branches: Sequence[int], unit: int) -> Image.Image | None:
    """A root, a curve to each branch, a dot for each thing on it."""
    if len(branches) < 2:
        return None
    scale = 2 * unit  # drawn larger and then reduced, as that is how edges become smooth
    mask = Image.new("L", (_FAN_WIDTH * scale, _FAN_HEIGHT * scale))
    pen = ImageDraw.Draw(mask)
    shown = sorted(branches, reverse=True)[:_MOST_BRANCHES] if len(branches) > _MOST_BRANCHES else branches
    middle, step = _FAN_HEIGHT / 2, min(20.0, (_FAN_HEIGHT - 10) / (len(shown) - 1))
    for index, count in enumerate(shown):
        y = middle + (index - (len(shown) - 1) / 2) * step
        curve = [_bend(part / 24, (5, middle), (42, y)) for part in range(25)]
        pen.line([(x * scale, y * scale) for x, y in curve], 120, scale, joint="curve")
        for dot in range(min(max(count, 1), _MOST_DOTS)):
            _dot(pen, (44 + dot * 6.7) * scale, y * scale, 2.4 * scale)
    _dot(pen, 5 * scale, middle * scale, 4.4 * scale)
    return mask.reduce(2).point(_HUE_SHADES)


def _bend(part: float, start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """A point of the curve that leaves its start and reaches its end horizontally."""
    return start[0] + part * (end[0] - start[0]), start[1] + part**2 * (3 - 2 * part) * (end[1] - start[1])


def _dot(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), 255)


@cache
def _palette(hue: int) -> bytes:
    spine = _rgb(0.58, 0.11, hue)
    steps = [(_INK, step / _INK_INDEX) for step in range(_INK_INDEX + 1)]
    steps += [(spine, step / _HUE_STEPS) for step in range(1, _HUE_STEPS + 1)]
    return bytes(
        round(paper + (colour - paper) * part)
        for to, part in steps
        for paper, colour in zip(_PAPER, to, strict=True)
    )


def _rgb(lightness: float, chroma: float, hue: int) -> tuple[int, int, int]:
    """sRGB of a colour in OKLCH, as the style sheet has it."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red, green, blue = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return _encoded(red), _encoded(green), _encoded(blue)


def _encoded(linear: float) -> int:
    value = min(max(linear, 0), 1)
    return round(255 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055))


def _deflated(rows: bytes, width: int, has_fan: bool) -> bytes:
    """What `zlib.compress` would give, in half the time: most bands of rows are empty and were compressed before."""
    packer = _packer(4, zlib.Z_DEFAULT_STRATEGY) if has_fan else _packer(1, zlib.Z_RLE)
    empty, packed_empty = _empty_band(width)
    pieces, is_open = [b"\x78\x01"], False
    for start in range(0, len(rows), len(empty)):
        band = rows[start : start + len(empty)]
        if band != empty:
            pieces.append(packer.compress(band))
        elif is_open:
            pieces += (packer.flush(zlib.Z_FULL_FLUSH), packed_empty)
        else:
            pieces.append(packed_empty)
        is_open = band != empty
    return b"".join([*pieces, packer.flush(), struct.pack(">I", zlib.adler32(rows))])


@cache
def _empty_band(width: int) -> tuple[bytes, bytes]:
    """A few rows of paper, as they are and compressed."""
    packer, empty = _packer(9, zlib.Z_DEFAULT_STRATEGY), bytes((1 + width // 2) * _ROWS_IN_BAND)
    return empty, packer.compress(empty) + packer.flush(zlib.Z_FULL_FLUSH)


def _packer(level: int, strategy: int) -> zlib._Compress:
    return zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, strategy)


def _png(width: int, height: int, data: bytes, palette: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 4, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(content, zlib.crc32(kind)))
    )
