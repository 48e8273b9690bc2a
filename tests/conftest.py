"""Fixtures that several test modules share: the sites that are built once a session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright import sync_api

from dlmap import build
from dlmap.text import Severity
from support.blog import OUTLINE, blog
from support.checkout import BASE_URL, CHROMIUM_ARGUMENTS, ROOT, SEED, require
from support.session import once
from support.static_host import hosted

pytest_plugins = ["support.markdown_pages", "support.shared_work", "support.site_project"]


def publish(source: Path, output: Path, base_url: str = "") -> None:
    """Build a site that has to be published."""
    result = build(source, output, base_url=base_url)
    assert result.published, [d.message for d in result.diagnostics if d.severity is Severity.ERROR]


@pytest.fixture(scope="session")
def default_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published folder of the default content: our own bilingual outline."""
    return once(tmp_path_factory, "default", lambda folder: publish(ROOT, folder / "site")) / "site"


@pytest.fixture(scope="session")
def addressed_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default site as it is published: it knows its address, under a path."""
    return (
        once(tmp_path_factory, "addressed", lambda folder: publish(ROOT, folder / "site", BASE_URL)) / "site"
    )


@pytest.fixture(scope="session")
def seed_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published folder of the real post that stands beside the repository; skips where it does not."""
    require(SEED.is_file(), f"the post {SEED}")
    return once(tmp_path_factory, "seed", lambda folder: publish(SEED, folder / "site")) / "site"


@pytest.fixture(scope="session")
def blog_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published folder of a small blog with an outline; some of its links lead nowhere."""

    def make(folder: Path) -> None:
        source = blog(folder / "blog", {"content/outline.md": OUTLINE})
        assert build(source, folder / "site", keep_going=True, base_url="https://example.org/").published

    return once(tmp_path_factory, "blog", make) / "site"


@pytest.fixture(scope="session")
def browser() -> Iterator[sync_api.Browser]:
    """One headless Chromium of the system for all tests that look at pages."""
    chromium = shutil.which("chromium")
    require(chromium is not None, "chromium (apt-get install chromium)")
    # Of its own it waits for five seconds, which a busy machine may need for a page.
    sync_api.expect.set_options(timeout=20_000)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(default_site: Path) -> Iterator[str]:
    """Where the default site is served."""
    with hosted(default_site) as address:
        yield address


@pytest.fixture
def page(browser: sync_api.Browser, address: str) -> Iterator[sync_api.Page]:
    """A page that fails the test when the browser complains or another host is asked for anything."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: complaints.append(request.url) if not request.url.startswith(address) else None,
    )
    yield page
    context.close()
    assert complaints == []
