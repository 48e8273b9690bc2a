"""The default site in a real browser: languages, light and dark, phones, and nothing from other hosts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

PAGES = ["", "variational-autoencoder/", "resnet/", "methods/", "computer-vision/", "network-types/"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_and_its_twin_is_one_click_away(page: Page, address: str, lang: str, path: str) -> None:
    page.goto(f"{address}{lang}/{path}")
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("h1")).to_be_visible()
    other = {"zh": "en", "en": "zh"}[lang]
    page.locator("header.bar a[hreflang]").first.click()
    page.wait_for_url(f"{address}{other}/{path}")
    expected = {"zh": "zh-Hans", "en": "en"}[other]
    assert page.locator("html").get_attribute("lang") == expected


def _background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def test_the_theme_button_switches_and_remembers(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{address}zh/")
    light = _background(page)
    button = page.locator(".theme-switch")
    expect(button).to_be_visible()
    for _ in range(3):
        button.click()
        if _background(page) != light:
            break
    dark = _background(page)
    assert dark != light
    page.goto(f"{address}en/resnet/")
    assert _background(page) == dark, "remembered on another page"


def test_the_system_decides_until_the_reader_does(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{address}zh/")
    dark = _background(page)
    page.emulate_media(color_scheme="light")
    page.goto(f"{address}zh/")
    assert _background(page) != dark


@pytest.mark.parametrize("width", [320, 360, 768, 1280, 1600])
@pytest.mark.parametrize(
    "path", ["zh/", "zh/variational-autoencoder/", "en/object-detection/", "en/resnet/", "zh/methods/"]
)
def test_no_page_is_wider_than_the_screen(page: Page, address: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_everything_works_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.locator("main a[href='zh/']").first.click()
    page.wait_for_url(f"{address}zh/")
    page.goto(f"{address}zh/methods/")
    page.get_by_role("link", name="VQ-VAE", exact=True).first.click()
    page.wait_for_url(f"{address}zh/vq-vae/")
    expect(page.locator(".theme-switch")).to_be_hidden()
    context.close()


def test_the_keyboard_reaches_the_text_first(page: Page, address: str) -> None:
    page.goto(f"{address}zh/variational-autoencoder/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}zh/variational-autoencoder/#page.main")


def test_formulas_show_in_the_fonts_of_the_site(page: Page, address: str) -> None:
    page.goto(f"{address}zh/variational-autoencoder/")
    page.evaluate("document.fonts.ready")
    assert page.locator(".katex").count() > 5
    assert page.evaluate("document.fonts.check('16px KaTeX_Main')")


def test_a_section_can_be_linked_to(page: Page, address: str) -> None:
    page.goto(f"{address}zh/variational-autoencoder/#prior")
    expect(page.locator("#prior")).to_be_in_viewport()
