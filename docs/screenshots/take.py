"""Take the pictures of the README anew from the default site: make site, then .venv/bin/python docs/screenshots/take.py."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.static_host import hosted  # noqa: E402 - the tests' own host

_WIDE, _PHONE = (1280, 800), (390, 800)


@dataclass(frozen=True)
class Picture:
    """A page as it is shown in a window."""

    name: str
    path: str
    size: tuple[int, int] = _WIDE
    query: str = ""
    """What is typed into the search."""


PICTURES = (
    Picture("home", "zh/"),
    Picture("family", "en/variational-autoencoder/"),
    Picture("method", "zh/resnet/"),
    Picture("map", "en/map/"),
    Picture("search", "zh/", query="bianfenzbmq"),
    Picture("phone", "zh/variational-autoencoder/", _PHONE),
)


def pictures(site: Path) -> Iterator[tuple[str, bytes]]:
    """The pictures as PNG, by name."""
    with sync_playwright() as playwright, hosted(site) as address:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for picture in PICTURES:
            width, height = picture.size
            context = browser.new_context(
                viewport={"width": width, "height": height}, service_workers="block", reduced_motion="reduce"
            )
            page = context.new_page()
            page.goto(f"{address}{picture.path}", wait_until="networkidle")
            if picture.query:
                _search(page, picture.query)
            yield picture.name, page.screenshot()
            context.close()
        browser.close()


def _search(page: Page, query: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(query)
    page.locator("dialog [role=option]").first.wait_for()


def main() -> None:
    """Write each picture as WebP."""
    site = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "site"
    for name, png in pictures(site):
        Image.open(io.BytesIO(png)).save(Path(__file__).with_name(f"{name}.webp"), quality=82, method=6)


if __name__ == "__main__":
    main()
