"""Reading without a network: what was read stays, what is new is shown at once, and it can be switched off again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dlmap import build
from support.blog import write
from support.static_host import hosted

OUTLINE = "# 部分 {#part}\n\n## 类型 {#area}\n\n### 流模型 {#flow}\n\n流模型由可逆变换组成。\n\n### 扩散模型 {#diffusion}\n\n逐步去噪。\n"


def publish(folder: Path, text: str = OUTLINE, config: str = "") -> Path:
    """A site of two families."""
    write(folder / "in", {"content/outline.md": text, "dlmap.toml": config})
    assert build(folder / "in", folder / "site").published
    return folder / "site"


def until(page: Page, condition: str) -> None:
    """Wait in the page; Playwright's own way of waiting is against the policy of the pages."""
    page.evaluate(
        """async (condition) => {
            const deadline = Date.now() + 15000;
            while (!(await condition())) {
                if (Date.now() > deadline) throw new Error("timeout");
                await new Promise((resolve) => setTimeout(resolve, 20));
            }
        }""".replace("condition()", condition).replace("(condition)", "()", 1)
    )


def wait_for_worker(page: Page) -> None:
    """Until the worker answers for the page."""
    until(page, "navigator.serviceWorker.controller?.state === 'activated'")


def read(page: Page, address: str) -> None:
    """Open a page with the worker at work, and wait until it has a copy."""
    page.goto(address)
    wait_for_worker(page)
    page.reload()
    until(page, "caches.match(location.href).then(Boolean)")


def caches_of(page: Page) -> list[str]:
    names: list[str] = page.evaluate("caches.keys()")
    return names


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_context().new_page()


def test_what_was_read_is_there_without_a_network(page: Page, tmp_path: Path) -> None:
    site = publish(tmp_path)
    with hosted(site) as address:
        page.goto(f"{address}zh/")
        wait_for_worker(page)
        page.goto(f"{address}zh/flow/")
        until(page, "caches.match(location.href).then(Boolean)")
    page.goto(f"{address}zh/flow/")
    expect(page.locator("h1")).to_have_text("流模型")
    assert page.evaluate("getComputedStyle(document.querySelector('.bar')).position") == "sticky", "style too"
    page.goto(f"{address}en/")
    expect(page.locator("h1")).to_be_visible()
    page.goto(f"{address}zh/diffusion/")
    expect(page.locator("h1")).to_have_text("没有网络")
    page.get_by_role("link", name="回到首页").click()
    page.wait_for_url(f"{address}zh/")


def test_a_new_build_is_shown_at_once_and_what_was_read_is_kept_up_to_date(
    page: Page, tmp_path: Path
) -> None:
    with hosted(publish(tmp_path)) as address:
        read(page, f"{address}zh/flow/")
        first = caches_of(page)
    publish(tmp_path, OUTLINE.replace("可逆变换", "可逆网络"))
    with hosted(tmp_path / "site", int(address.rsplit(":", 1)[1].strip("/"))):
        page.goto(f"{address}zh/flow/")
        expect(page.locator(".text")).to_contain_text("可逆网络")
        until(page, f"caches.keys().then(n => n.length === 1 && n[0] !== {first[0]!r})")
        page.goto(f"{address}zh/")
    page.goto(f"{address}zh/flow/")
    expect(page.locator(".text")).to_contain_text("可逆网络")


def test_a_page_that_is_gone_is_gone(page: Page, tmp_path: Path) -> None:
    with hosted(publish(tmp_path)) as address:
        read(page, f"{address}zh/diffusion/")
    publish(tmp_path, OUTLINE.partition("### 扩散模型")[0])
    with hosted(tmp_path / "site", int(address.rsplit(":", 1)[1].strip("/"))):
        page.goto(f"{address}zh/diffusion/")
        expect(page.locator("h1")).to_have_text("404")


def test_switched_off_it_ends_itself(page: Page, tmp_path: Path) -> None:
    with hosted(publish(tmp_path)) as address:
        page.goto(f"{address}zh/")
        wait_for_worker(page)
    site = publish(tmp_path, config="offline = false\n")
    assert "offline.js" not in (site / "zh" / "index.html").read_text("utf-8")
    with hosted(site, int(address.rsplit(":", 1)[1].strip("/"))):
        page.goto(f"{address}zh/")
        until(page, "navigator.serviceWorker.getRegistrations().then(all => all.length === 0)")
        until(page, "caches.keys().then(names => names.length === 0)")


def test_the_version_is_that_of_the_content(tmp_path: Path) -> None:
    def version(folder: str, text: str = OUTLINE) -> str:
        worker = (publish(tmp_path / folder, text) / "sw.js").read_text("utf-8")
        return re.findall(r"const CACHE = `.*?}(\w+)`", worker)[0]

    first = version("one")
    assert version("two") == first
    assert version("three", OUTLINE.replace("去噪", "加噪")) != first
