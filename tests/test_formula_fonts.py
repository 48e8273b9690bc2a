"""Formulas do not move when KaTeX's fonts arrive: what stands in for them is as wide as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import ImageFont
from playwright.sync_api import Browser

from conftest import ROOT, require
from dlmap.math import katex_assets

_FACE = re.compile(r"@font-face\{font-family:Standin_(\w+);([^}]*)size-adjust:(\d+)%;unicode-range:([^}]+)\}")
_TIMES = Path("/usr/share/fonts/truetype/liberation")
"""Liberation Serif has the widths of Times New Roman."""
_SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
"""Bytes a second: the slow 4G of Lighthouse."""
_WATCH = """window.moved = 0;
new PerformanceObserver(list => { for (const shift of list.getEntries()) moved += shift.value; })
    .observe({type: 'layout-shift', buffered: true});"""


def test_letters_that_stand_in_are_as_wide_as_those_of_katex() -> None:
    require(_TIMES.is_dir(), "Liberation Serif (apt-get install fonts-liberation)")
    faces = _FACE.findall((ROOT / "static" / "formulas.css").read_text("utf-8"))
    assert len(faces) > 100
    for family, more, adjust, ranges in faces:
        look = "Italic" if family == "Math" else "Bold" if "700" in more else "Regular"
        times = "Italic" if family == "Caligraphic" else look
        size = 2000
        real = ImageFont.truetype(str(katex_assets() / "fonts" / f"KaTeX_{family}-{look}.woff2"), size)
        standin = ImageFont.truetype(str(_TIMES / f"LiberationSerif-{times}.ttf"), size)
        for code in ranges.split(","):
            letter = chr(int(code.removeprefix("U+"), 16))
            wide = standin.getlength(letter) * int(adjust) / 100
            assert abs(wide - real.getlength(letter)) < 0.01 * size, (family, look, letter)


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
