"""Glyphs of the fonts that come with dlmap, at any size, each drawn once."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFont

from dlmap.math import katex_assets

_NOTO = Path(__file__).resolve().parent.parent / "_vendor" / "@fontsource-variable" / "noto-serif-sc"
_WEIGHT = 600
# A glyph is drawn once, in a cell whose sides are multiples of 32, and scaled: at sizes that are multiples of 3 the
# scaled cell has whole pixels, so that the letters of a line stand on one baseline.
_DRAWN_SIZE, _CELL_HEIGHT, _BASELINE, _STEP = 96, 128, 96, 32
# Edges in five shades look as smooth as in 256, and the picture takes a seventh less.
_SHADES = [round(value * 4 / 255) * 255 // 4 for value in range(256)]
_FACE = re.compile(r"url\(\./(files/[^)]+)\)[^}]*?unicode-range: ([^;]+);")
# What stands above a method stands above its neighbours too.
_KEPT_LINES = 256

Scaled: TypeAlias = tuple[Image.Image, float]
"""A glyph as a mask, with its left edge and the top of its cell at 0, and how far it moves the pen."""


class GlyphCache:
    """The lookup of fonts by character, and what was drawn with them."""

    def __init__(self) -> None:
        self._starts, self._ranges = _ranges()
        self._fonts: dict[Path, ImageFont.FreeTypeFont] = {}
        self._drawn: dict[str, tuple[Image.Image, float]] = {}
        self._glyphs: dict[tuple[str, int], Scaled] = {}
        self._lines: dict[tuple[str, int], Image.Image] = {}

    def covers(self, text: str) -> bool:
        """Whether there is a glyph for every character."""
        return all(self._file(char) for char in text)

    def width(self, text: str, size: int) -> float:
        """How wide a line is."""
        return sum(self._glyph(char)[1] for char in text) * size / _DRAWN_SIZE

    def line(self, text: str, size: int) -> Image.Image:
        """A line as a mask, its baseline `size` pixels below its top; `size` is a multiple of 3."""
        found = self._lines.get((text, size))
        if found is None:
            found = Image.new("L", (int(self.width(text, size)) + size, _CELL_HEIGHT * size // _DRAWN_SIZE))
            pen = 0.0
            for char in text:
                glyph, advance = self._scaled(char, size)
                found.paste(255, (round(pen), 0), glyph)
                pen += advance
            if len(self._lines) >= _KEPT_LINES:
                self._lines.pop(next(iter(self._lines)))
            self._lines[text, size] = found
        return found

    def _scaled(self, char: str, size: int) -> Scaled:
        """The glyph at a size."""
        found = self._glyphs.get((char, size))
        if found is None:
            cell, advance = self._glyph(char)
            to = cell.width * size // _DRAWN_SIZE, cell.height * size // _DRAWN_SIZE
            found = self._glyphs[char, size] = cell.resize(to).point(_SHADES), advance * size / _DRAWN_SIZE
        return found

    def _glyph(self, char: str) -> tuple[Image.Image, float]:
        found = self._drawn.get(char)
        if found is None:
            font = self._font(self._file(char) or self._file("?"))
            advance = font.getlength(char)
            width = max(int(advance), int(font.getbbox(char, anchor="ls")[2]), 1)
            cell = Image.new("L", (-(-width // _STEP) * _STEP, _CELL_HEIGHT))
            ImageDraw.Draw(cell).text((0, _BASELINE), char, 255, font, anchor="ls")
            found = self._drawn[char] = cell, advance
        return found

    def _font(self, file: Path | None) -> ImageFont.FreeTypeFont:
        assert file is not None
        font = self._fonts.get(file)
        if font is None:
            font = ImageFont.truetype(str(file), _DRAWN_SIZE, layout_engine=ImageFont.Layout.BASIC)
            if file.is_relative_to(_NOTO):
                font.set_variation_by_axes([_WEIGHT])
            self._fonts[file] = font
        return font

    def _file(self, char: str) -> Path | None:
        place = bisect_right(self._starts, ord(char)) - 1
        _, end, file = self._ranges[place]
        return file if place >= 0 and ord(char) <= end else None


@cache
def lettering() -> GlyphCache:
    """The one of this process: opening the fonts takes longer than drawing a card."""
    return GlyphCache()


def _ranges() -> tuple[list[int], list[tuple[int, int, Path]]]:
    """Which file has which characters, by their first one."""
    files: dict[int, Path] = {}
    for name, ranges in _FACE.findall((_NOTO / "wght.css").read_text("utf-8")):
        for each in ranges.split(","):
            first, _, last = each.strip().removeprefix("U+").partition("-")
            files |= dict.fromkeys(range(int(first, 16), int(last or first, 16) + 1), _NOTO / name)
    files |= _greek()
    made: list[tuple[int, int, Path]] = []
    for code, file in sorted(files.items()):
        if made and made[-1][1] == code - 1 and made[-1][2] == file:
            made[-1] = made[-1][0], code, file
        else:
            made.append((code, code, file))
    return [start for start, _, _ in made], made


def _greek() -> Mapping[int, Path]:
    """The letters of β-VAE and Π-Model as formulas have them; the Chinese font knows no Greek."""
    fonts = katex_assets() / "fonts"
    return {
        **dict.fromkeys(map(ord, "ΓΔΘΛΞΠΣΥΦΨΩ"), fonts / "KaTeX_Main-Regular.woff2"),
        **dict.fromkeys(map(ord, "αβγδεζηθικλμνξοπρςστυφχψω"), fonts / "KaTeX_Math-Italic.woff2"),
    }
