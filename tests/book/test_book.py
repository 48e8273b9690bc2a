"""The map as one file: HTML that opens from the disk, and the PDF that a browser prints of it."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from pathlib import Path

import pytest
from playwright import sync_api

from dlmap.book import (
    BrowserFailedError,
    NoBrowserError,
    as_html,
    as_markdown,
    as_pdf,
    find_browser,
    markdown_files,
)
from dlmap.cache import Cache
from dlmap.load.discover import discover
from dlmap.load.site import Loader
from dlmap.render import RenderedSite, Templates
from dlmap.site import plan_site
from dlmap.site.page_types import reserved_ids
from dlmap.theme import Theme
from support.checkout import require
from support.site_project import write, write_site


def book_of(folder: Path, lang: str = "zh", base_url: str = "") -> str:
    sources = discover(folder, base_url)
    with Cache.open(None) as cache, Loader(cache, reserved_ids=reserved_ids()) as loader:
        made = loader.load(sources)
        planned = plan_site(made.taxonomy, made.config, made.articles)
        templates = Templates(Theme.for_site(sources.folder))
        return as_html(RenderedSite(planned, templates, made.formulas.results), lang).decode()


def test_the_book_opens_from_the_disk_and_asks_for_nothing(
    rendered: RenderedSite, browser: sync_api.Browser, tmp_path: Path
) -> None:
    file = tmp_path / "map.html"
    file.write_bytes(as_html(rendered, "en"))
    assert file.stat().st_size < 12_000_000
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: complaints.append(request.url[:100]))
    page.goto(f"{file.as_uri()}#vae")
    assert [url for url in complaints if not url.startswith(("data:font/", file.as_uri()))] == []
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
    assert set(rendered.site.taxonomy.concepts) <= set(ids)
    hrefs = page.evaluate("[...document.links].map((a) => a.getAttribute('href'))")
    hrefs += page.evaluate("[...document.querySelectorAll('svg a')].map((a) => a.getAttribute('href'))")
    assert {href[1:] for href in hrefs if href.startswith("#")} <= set(ids)
    assert all(href.startswith(("#", "https://", "http://")) for href in hrefs)
    assert page.locator("#vae").bounding_box()["y"] < 200  # type: ignore[index]
    # The browser's own search reads what it has not laid out yet.
    assert page.evaluate("document.body.textContent.includes('Auto-Encoding Variational Bayes')")
    fonts = page.evaluate("document.fonts.ready.then((all) => [...all].map((face) => face.status))")
    assert "loaded" in fonts
    assert "error" not in fonts
    page.close()


def test_only_the_fonts_of_its_formulas_are_in_it(site: Path) -> None:
    book = book_of(site)
    assert "KaTeX_Main" in book
    faces = re.findall(r"@font-face\{[^}]*font-family:\"?(\w+)", book)
    assert {"KaTeX_Main", "KaTeX_Math"} <= set(faces)
    assert not {"KaTeX_Fraktur", "KaTeX_Typewriter", "KaTeX_AMS"} & set(faces)
    assert "url(fonts" not in book


def test_links_out_of_the_book_need_an_address(site: Path) -> None:
    post = "https://blog.example/2022/02/02/two.html"
    text = (site / "content/outline.zh.md").read_text("utf-8")
    write(
        site / "content/outline.zh.md",
        text.replace("一段没有公式的话。", f"一段[话]({post})，见[网络](#cnn)。"),
    )
    write(site / "dlmap.toml", 'title = "地图"\norigin = "blog.example"\n')
    assert f'href="{post}"' in book_of(site)
    whole = book_of(site, base_url="https://map.example/")
    assert 'href="https://map.example/zh/articles/two/"' in whole
    assert '<a href="#cnn">网络</a>' in whole


def test_a_book_is_printed_with_outline_and_language(tmp_path: Path) -> None:
    require(shutil.which("chromium") is not None, "chromium (apt-get install chromium)")
    write_site(tmp_path / "map")
    html = book_of(tmp_path / "map")
    made = as_pdf(html.encode(), find_browser(), timeout_s=90)
    for wanted in (b"/Lang (zh-Hans)", b"/Marked true", b"/Outlines ", b"/StructTreeRoot "):
        assert wanted in made


def test_a_browser_that_hangs_is_ended(tmp_path: Path) -> None:
    require(sys.platform != "win32", "a system with scripts as programs")
    fake, noted = tmp_path / "chromium", tmp_path / "pid"
    fake.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {noted}\nwait\n")
    fake.chmod(0o755)
    began = time.monotonic()
    with pytest.raises(BrowserFailedError, match="not ready after 1 seconds"):
        as_pdf(b"", fake, timeout_s=1)
    assert time.monotonic() - began < 30
    child = int(noted.read_text())
    deadline = time.monotonic() + 10
    while _is_running(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _is_running(child)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat")
        return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_a_browser_that_fails_is_told(tmp_path: Path) -> None:
    require(sys.platform != "win32", "a system with scripts as programs")
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\necho no display >&2\nexit 1\n")
    fake.chmod(0o755)
    with pytest.raises(BrowserFailedError, match="chromium printed nothing: no display"):
        as_pdf(b"", fake)


def test_without_a_browser_it_is_said_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(NoBrowserError, match="install one, or name it in DLMAP_BROWSER"):
        find_browser({"PATH": str(tmp_path)})
    with pytest.raises(NoBrowserError, match="DLMAP_BROWSER names nothing-there"):
        find_browser({"PATH": str(tmp_path), "DLMAP_BROWSER": "nothing-there"})
    own = tmp_path / "mine"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    assert find_browser({"PATH": "", "DLMAP_BROWSER": str(own)}) == own


def test_the_map_as_markdown_is_what_stands_in_the_site(rendered: RenderedSite, default_site: Path) -> None:
    assert as_markdown(rendered, "zh") == (default_site / "llms-full.txt").read_bytes()
    files = dict(markdown_files(rendered, "en"))
    assert files["en/vae/index.md"] == (default_site / "en/vae/index.md").read_bytes()
    assert all(path.startswith("en/") for path in files)
