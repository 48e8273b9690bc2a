"""Formulas do not move when KaTeX's fonts arrive: what stands in for them is as wide as they are.

python tests/math/test_formula_fonts.py --update    measures the letters of `static/formulas.css` anew
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from PIL import ImageFont
from playwright.sync_api import Browser

from dlmap.math import katex_assets
from support.checkout import ROOT, require

_FACE = re.compile(r"@font-face\{font-family:Standin_(\w+);([^}]*)size-adjust:(\d+)%;unicode-range:([^}]+)\}")
_TIMES = Path("/usr/share/fonts/truetype/liberation")
"""Liberation Serif has the widths of Times New Roman."""
_SIZE = 2000
STYLES = ROOT / "static" / "formulas.css"
UPDATE = "run python tests/math/test_formula_fonts.py --update"
_SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
"""Bytes a second: the slow 4G of Lighthouse."""
_WATCH = """window.moved = 0;
new PerformanceObserver(list => { for (const shift of list.getEntries()) moved += shift.value; })
    .observe({type: 'layout-shift', buffered: true});"""


def widths(family: str, more: str, letter: str) -> tuple[float, float]:
    """How wide a letter is in KaTeX's font and in Times, for a size of `_SIZE`."""
    look = "Italic" if family == "Math" else "Bold" if "700" in more else "Regular"
    times = "Italic" if family == "Caligraphic" else look
    real = ImageFont.truetype(str(katex_assets() / "fonts" / f"KaTeX_{family}-{look}.woff2"), _SIZE)
    standin = ImageFont.truetype(str(_TIMES / f"LiberationSerif-{times}.ttf"), _SIZE)
    return real.getlength(letter), standin.getlength(letter)


def letters(ranges: str) -> list[str]:
    return [chr(int(code.removeprefix("U+"), 16)) for code in ranges.split(",")]


def test_letters_that_stand_in_are_as_wide_as_those_of_katex() -> None:
    require(_TIMES.is_dir(), "Liberation Serif (apt-get install fonts-liberation)")
    faces = _FACE.findall(STYLES.read_text("utf-8"))
    assert len(faces) > 100
    for family, more, adjust, ranges in faces:
        for letter in letters(ranges):
            real, standin = widths(family, more, letter)
            assert abs(standin * int(adjust) / 100 - real) < 0.01 * _SIZE, (family, more, letter, UPDATE)


def updated(styles: str) -> str:
    """The style sheet with the letters it has, measured anew."""
    found: dict[tuple[str, str, int], list[str]] = {}
    for family, more, _, ranges in _FACE.findall(styles):
        for letter in letters(ranges):
            real, standin = widths(family, more, letter)
            found.setdefault((family, more, round(100 * real / standin)), []).append(letter)
    kinds = list(dict.fromkeys((family, more) for family, more, _ in found))
    faces = "".join(
        f"@font-face{{font-family:Standin_{family};{more}size-adjust:{adjust}%;"
        f"unicode-range:{','.join(f'U+{ord(letter):X}' for letter in sorted(found[family, more, adjust]))}}}\n"
        for family, more, adjust in sorted(found, key=lambda face: (kinds.index(face[:2]), face[2]))
    )
    return styles[: styles.index("@font-face")] + faces


@pytest.mark.parametrize(
    ("path", "width"),
    [("zh/generative-model/", 360), ("zh/variational-autoencoder/", 1280), ("en/diffusion-model/", 360)],
)
def test_nothing_moves_on_a_slow_line(browser: Browser, address: str, path: str, width: int) -> None:
    require(_TIMES.is_dir(), "Liberation Serif (apt-get install fonts-liberation)")
    context = browser.new_context(viewport={"width": width, "height": 800}, service_workers="block")
    page = context.new_page()
    page.add_init_script(_WATCH)
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", _SLOW)
    page.goto(address + path, wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    assert page.evaluate("document.fonts.check('16px KaTeX_Main')")
    assert page.evaluate("moved") < 0.01
    context.close()


def test_pages_without_formulas_load_nothing_of_them(browser: Browser, address: str) -> None:
    page = browser.new_page()
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(f"{address}zh/methods/", wait_until="networkidle")
    assert not [url for url in loaded if "katex" in url or "formulas.css" in url]
    page.close()


if __name__ == "__main__" and sys.argv[1:] == ["--update"]:
    STYLES.write_text(updated(STYLES.read_text("utf-8")), "utf-8")
