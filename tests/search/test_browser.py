"""The search as a reader uses it: by key, by click, on a phone, without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect


def look_for(page: Page, query: str) -> Locator:
    """Types a query into the open dialog; the first option once it is there."""
    page.get_by_role("combobox").fill(query)
    first = page.get_by_role("option").first
    expect(first).to_be_visible()
    return first


@pytest.mark.parametrize("key", ["/", "Control+k", "Meta+k"])
def test_a_key_opens_the_box_and_escape_closes_it(page: Page, address: str, key: str) -> None:
    page.goto(f"{address}zh/vae/")
    page.keyboard.press(key)
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("vae")
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.search")).to_be_hidden()


def test_everything_by_keyboard_and_back_where_one_was(page: Page, address: str) -> None:
    page.goto(f"{address}zh/resnet/")
    page.locator("[data-search]").focus()
    page.keyboard.press("Enter")
    first = look_for(page, "bfzbmq")
    expect(first).to_contain_text("变分自编码器")
    expect(first).to_have_attribute("aria-selected", "true")
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(first.get_attribute("id")))
    # Until the texts of both languages are there, options may come to stand between the others.
    expect(page.get_by_role("group", name="正文")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}zh/variational-autoencoder/")


def test_closing_gives_the_focus_back(page: Page, address: str) -> None:
    page.goto(f"{address}en/resnet/")
    page.locator("[data-search]").click()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("[data-search]")).to_be_focused()


def test_enter_opens_what_was_typed_even_before_the_answer_is_there(page: Page, address: str) -> None:
    page.goto(f"{address}zh/vae/")
    page.keyboard.press("/")
    page.keyboard.type("resnet")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}zh/resnet/")


def test_other_words_choose_the_first_result_again(page: Page, address: str) -> None:
    page.goto(f"{address}en/vae/")
    page.keyboard.press("/")
    look_for(page, "attention")
    page.keyboard.press("ArrowDown")
    second = page.locator("[aria-selected=true]").get_attribute("href")
    page.keyboard.type(" in cnns")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("option").first).to_have_attribute("href", str(second))
    page.keyboard.press("ArrowDown")
    for _ in " in cnns":
        page.keyboard.press("Backspace")
    expect(page.get_by_role("option").first).to_contain_text("Attention Mechanism")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")


def test_results_stand_in_groups_and_are_counted(page: Page, address: str) -> None:
    page.goto(f"{address}en/")
    page.keyboard.press("/")
    look_for(page, "attention")
    expect(page.get_by_role("group", name="Concepts")).to_be_visible()
    expect(page.get_by_role("group", name="Methods")).to_be_attached()
    expect(page.get_by_role("group", name="In the text")).to_be_attached()
    count = page.get_by_role("option").count()
    expect(page.locator("dialog [role=status]")).to_have_text(f"{count} results")
    expect(page.locator("dialog mark").first).to_have_text("Attention")


def test_what_is_typed_at_once_is_not_lost_and_a_slash_in_a_field_is_a_slash(
    page: Page, address: str
) -> None:
    page.goto(f"{address}en/")
    page.keyboard.press("/")
    page.keyboard.type("a/b")
    expect(page.get_by_role("combobox")).to_have_value("a/b")


@pytest.mark.parametrize(
    ("query", "kind"),
    [("MMLU", "Benchmark"), ("ImageNet", "Data set"), ("VQ-VAE", "Method"), ("BLEU", "Metric")],
)
def test_a_result_says_what_kind_it_is_of(page: Page, address: str, query: str, kind: str) -> None:
    page.goto(f"{address}en/")
    page.keyboard.press("/")
    look_for(page, query)
    option = page.get_by_role("option").filter(has=page.locator("b", has_text=query)).first
    expect(option.locator(".where span").first).to_have_text(kind)


def test_recent_searches_are_kept_and_cleared(page: Page, address: str) -> None:
    page.goto(f"{address}zh/")
    page.keyboard.press("/")
    look_for(page, "扩散模型").click()
    page.wait_for_url(f"{address}zh/diffusion-model/")
    page.keyboard.press("/")
    again = page.get_by_role("option", name="扩散模型")
    expect(again).to_be_visible()
    again.click()
    expect(page.get_by_role("combobox")).to_have_value("扩散模型")
    expect(page.get_by_role("option").first).to_contain_text("Diffusion Models")
    page.get_by_role("combobox").fill("")
    page.get_by_role("button", name="清除最近搜索").click()
    expect(page.get_by_role("option")).to_have_count(0)
    page.reload()
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_visible()
    expect(page.get_by_role("option")).to_have_count(0)


def test_a_result_that_is_pressed_stays_until_it_is_let_go(browser: Browser, address: str) -> None:
    context = browser.new_context(service_workers="block")  # what it fetches cannot be held back
    page = context.new_page()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/search/zh-1.json", hold)
    page.goto(f"{address}zh/")
    page.keyboard.press("/")
    first = look_for(page, "扩散模型")
    first.evaluate("option => { window.option = option; }")
    first.hover()
    page.mouse.down()
    for route in held:
        route.continue_()
    page.wait_for_timeout(500)
    assert page.evaluate("window.option.isConnected")
    page.mouse.up()
    page.wait_for_url(f"{address}zh/diffusion-model/")
    assert held
    context.close()


def test_a_hit_on_the_same_page_closes_the_box(page: Page, address: str) -> None:
    page.goto(f"{address}zh/variational-autoencoder/")
    page.keyboard.press("/")
    look_for(page, "离散隐变量").click()
    expect(page.locator("dialog.search")).to_be_hidden()
    expect(page.locator("#discrete")).to_be_in_viewport()


def test_without_hits_something_is_suggested(page: Page, address: str) -> None:
    page.goto(f"{address}en/")
    page.keyboard.press("/")
    look_for(page, "qzxqzxqz")
    expect(page.locator("dialog").get_by_text("Nothing found").first).to_be_visible()
    page.keyboard.press("Enter")  # a suggestion is opened by who chooses it
    expect(page.locator("dialog.search")).to_be_visible()
    expect(page.get_by_role("link", name="Methods A–Z")).to_be_visible()


def test_a_phone_shows_a_full_screen(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{address}zh/transformer/")
    page.locator("[data-search]").click()
    look_for(page, "transformer 位置编码")
    box = page.locator("dialog.search").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)
    assert page.evaluate("document.querySelector('.search-found').scrollWidth") <= 360


def test_nothing_is_loaded_before_it_is_wanted(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
    page.goto(f"{address}zh/vae/", wait_until="load")
    assert [path for path in asked if "search" in path] == ["assets/search.js"]


def test_without_scripts_the_button_leads_by_way_of_its_page_to_the_index_of_methods(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}zh/vae/")
    page.locator("[data-search]").click()
    expect(page).to_have_url(f"{address}zh/search/")
    page.get_by_role("main").get_by_role("link", name="方法索引").click()
    expect(page).to_have_url(f"{address}zh/methods/")
    context.close()


def test_a_search_that_cannot_be_loaded_says_so(browser: Browser, address: str) -> None:
    context = browser.new_context(service_workers="block")  # what it fetches cannot be intercepted
    page = context.new_page()
    page.route("**/search/names.json", lambda route: route.abort())
    page.goto(f"{address}en/vae/")
    page.keyboard.press("/")
    page.keyboard.type("vae")
    expect(page.get_by_text("could not be loaded")).to_be_visible()
    context.close()
