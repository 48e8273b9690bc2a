"""What the scripts for reading do in a real browser, each by keyboard alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from support.static_host import hosted


def press(page: Page, selector: str, key: str = "Enter") -> None:
    """Focus what a keyboard can reach, and press a key on it."""
    element = page.locator(selector).first
    expect(element).to_be_visible()
    element.focus()
    assert element.evaluate("element => element.matches(':focus')"), f"{selector} takes no focus"
    page.keyboard.press(key)


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_formula_is_copied_as_tex(page: Page, address: str) -> None:
    page.goto(f"{address}zh/beta-vae/")
    press(page, ".formula + [data-copy='tex']")
    expect(page.locator(".formula + [data-copy='tex']").first).to_have_text("已复制")
    expect(page.get_by_role("status")).to_have_text("已复制")
    assert clipboard(page).startswith(r"\mathcal{L} = \mathbb{E}_{q_\phi(z|x)}")


def test_a_selection_takes_its_formulas_along_as_tex(page: Page, address: str) -> None:
    page.goto(f"{address}en/beta-vae/")
    page.wait_for_selector(".formula + [data-copy]")
    with page.expect_response("**/copy.js"):
        page.evaluate("getSelection().selectAllChildren(document.querySelector('.text .prose'))")
    page.wait_for_function(
        "performance.getEntriesByName(new URL('../../assets/copy.js', location).href).length > 0"
    )
    page.keyboard.press("Control+c")
    copied = clipboard(page)
    assert r"$\beta" in copied
    assert r"$$\mathcal{L} = " in copied
    assert "Copy TeX" not in copied


def test_a_citation_is_copied_as_bibtex(page: Page, address: str) -> None:
    page.goto(f"{address}en/vae/")
    press(page, ".citation summary")
    press(page, "[data-copy='bibtex']")
    expect(page.locator("[data-copy='bibtex']")).to_have_text("Copied")
    assert clipboard(page).startswith("@inproceedings{kingma2013auto,\n  author = ")


def test_a_link_to_a_section_is_copied(page: Page, address: str) -> None:
    page.goto(f"{address}en/variational-autoencoder/")
    press(page, "#prior > h2 [data-copy='link']")
    expect(page.locator("#prior > h2 [data-copy='link']")).to_have_text("Copied")
    assert clipboard(page) == f"{address}en/variational-autoencoder/#prior"


def test_a_preview_opens_on_focus_and_closes_with_escape(page: Page, address: str) -> None:
    page.goto(f"{address}en/variational-autoencoder/")
    link = page.locator(".text a[href$='/vae/']").first
    page.keyboard.press("Tab")
    link.focus()
    preview = page.get_by_role("tooltip")
    expect(preview).to_be_visible()
    expect(preview).to_contain_text("An encoder outputs an approximate posterior")
    expect(preview).to_contain_text("2013")
    expect(preview).to_contain_text("Generative Models")
    assert link.get_attribute("aria-describedby") == preview.get_attribute("id")
    page.keyboard.press("Escape")
    expect(preview).to_be_hidden()
    expect(link).to_be_focused()


def test_a_preview_stays_while_the_pointer_is_on_it(page: Page, address: str) -> None:
    page.goto(f"{address}en/variational-autoencoder/")
    page.locator(".text a[href$='/vae/']").first.hover()
    preview = page.get_by_role("tooltip")
    expect(preview).to_be_visible()
    preview.hover()
    with pytest.raises(AssertionError):
        expect(preview).to_be_hidden(timeout=600)
    page.mouse.move(2, 2)
    expect(preview).to_be_hidden()


def test_a_finger_opens_no_preview(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{address}en/variational-autoencoder/")
    page.locator(".text a[href$='/vae/']").first.tap()
    page.wait_for_url(f"{address}en/vae/")
    expect(page.get_by_role("tooltip")).to_have_count(0)
    context.close()


def test_both_languages_stand_side_by_side_block_by_block(page: Page, address: str) -> None:
    page.goto(f"{address}zh/variational-autoencoder/")
    press(page, "[data-tool='side-by-side'][role='button']", " ")
    pairs = page.locator(".pair")
    expect(pairs.first).to_contain_text("变分自编码器")
    expect(pairs.first.locator("> div[lang='en']")).to_contain_text("A variational autoencoder is")
    left, right = (pairs.first.locator("> div").nth(index).bounding_box() for index in (0, 1))
    assert left is not None
    assert right is not None
    assert left["y"] == right["y"]
    assert left["x"] < right["x"]
    heading = page.locator(".pair", has=page.locator("h2")).first
    assert heading.locator("h2").count() == 2
    assert page.locator(".pair > .formula").count() > 0, "a formula that is the same stands once"
    ids = page.locator("[id]").evaluate_all("all => all.map(element => element.id)")
    assert len(ids) == len(set(ids))
    press(page, "[data-tool='side-by-side']")
    expect(pairs).to_have_count(0)
    expect(page.locator("article > .text")).not_to_contain_text("A variational autoencoder is")


def test_every_family_pairs_all_its_blocks(page: Page, address: str) -> None:
    for family in ("generative-adversarial-network", "object-detection", "optimization"):
        page.goto(f"{address}en/{family}/")
        if page.locator("h1").count() == 0:
            continue
        press(page, "[data-tool='side-by-side'][role='button']")
        expect(page.locator(".pair").first).to_be_visible()
        alone = page.locator(".pair > div:empty").count()
        assert alone * 10 <= page.locator(".pair").count(), family


TEXTS = """text => {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT), texts = [];
    while (walker.nextNode()) {
        const node = walker.currentNode, words = node.data.replace(/\\s+/g, ' ').trim();
        if (words && !node.parentElement.closest('.katex, button')) texts.push(words);
    }
    return texts;
}"""


@pytest.mark.parametrize("path", ["variational-autoencoder", "optimization", "object-detection", "vae"])
def test_side_by_side_drops_no_text_of_either_language(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}en/{path}/")
    english = page.locator("article > .text").evaluate(TEXTS)
    page.goto(f"{address}zh/{path}/")
    chinese = page.locator("article > .text").evaluate(TEXTS)
    press(page, "[data-tool='side-by-side'][role='button']")
    expect(page.locator(".pair").first).to_be_visible()
    shown = page.locator("article > .text").evaluate(TEXTS)
    assert set(english) <= set(shown)
    assert set(chinese) <= set(shown)
    assert len(english) > 3


def test_methods_are_chosen_and_compared(page: Page, address: str) -> None:
    for method in ("vae", "resnet"):
        page.goto(f"{address}en/{method}/")
        press(page, "[data-tool='compare']")
        expect(page.locator("[data-tool='compare']")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".tools .to-compare")).to_have_text("See comparison (2)")
    press(page, ".tools .to-compare")
    page.wait_for_url(f"{address}en/compare/?ids=vae%2Cresnet")
    table = page.locator(".comparison")
    expect(table.locator("thead th a")).to_have_text(["VAE", "ResNet"])
    expect(table.locator("[data-fact='year'] td")).to_have_text(["2013", "2015"])
    expect(table.locator("[data-fact='paper'] a").last).to_have_attribute(
        "href", "https://arxiv.org/abs/1512.03385"
    )
    press(page, "thead th:last-child button")
    expect(table.locator("thead th a")).to_have_text(["VAE"])
    page.goto(f"{address}en/resnet/")
    expect(page.locator(".tools .to-compare")).to_have_text("See comparison (1)")
    expect(page.locator("[data-tool='compare']")).to_have_attribute("aria-pressed", "false")


def test_methods_are_chosen_in_a_table(page: Page, address: str) -> None:
    page.goto(f"{address}en/variational-autoencoder/")
    press(page, "tr[data-concept='beta-vae'] [data-tool='compare']")
    link = page.locator("tr[data-concept='beta-vae'] .to-compare")
    expect(link).to_have_text("See comparison (1)")
    press(page, "tr[data-concept='beta-vae'] .to-compare")
    expect(page.locator(".comparison thead th a")).to_have_text(["β-VAE"])


@pytest.mark.parametrize("size", [(360, 740), (820, 1180)], ids=["phone", "tablet"])
def test_methods_are_chosen_in_a_table_with_a_finger(
    browser: Browser, address: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        has_touch=True,
        is_mobile=True,
        service_workers="block",
    )
    page = context.new_page()
    page.goto(f"{address}zh/variational-autoencoder/")
    row = page.locator("tr[data-concept='beta-vae']")
    button = row.locator("[data-tool='compare']")
    box, name = button.bounding_box(), row.locator("th > a").first.bounding_box()
    assert box
    assert name
    assert box["height"] >= 24
    assert box["x"] >= name["x"] + name["width"] or box["y"] >= name["y"] + name["height"] - 4
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    row.locator(".to-compare").tap()
    expect(page.locator(".comparison thead th a")).to_have_text(["β-VAE"])
    context.close()


def test_a_fifth_method_is_refused(page: Page, address: str) -> None:
    page.goto(f"{address}en/compare/?ids=vae,resnet,gan,bert,beta-vae")
    expect(page.locator(".comparison thead th a")).to_have_count(4)
    for method in ("vae", "resnet", "gan", "bert"):
        page.goto(f"{address}en/{method}/")
        press(page, "[data-tool='compare']")
        expect(page.locator(".tools [data-tool='compare']")).to_have_attribute("aria-pressed", "true")
    page.goto(f"{address}en/beta-vae/")
    press(page, "[data-tool='compare']")
    expect(page.locator(".tools .to-compare")).to_have_text("Four at most")
    expect(page.locator(".tools [data-tool='compare']")).to_have_attribute("aria-pressed", "false")


def test_what_is_learned_is_counted_exported_and_erased(page: Page, address: str) -> None:
    page.goto(f"{address}en/vae/")
    press(page, "[data-tool='learned']")
    expect(page.locator("[data-tool='learned']")).to_have_attribute("aria-pressed", "true")
    page.goto(f"{address}en/variational-autoencoder/")
    expect(page.locator(".tools .learned-count")).to_contain_text("1/")
    expect(page.locator(".tree [aria-current] + .learned-count")).to_contain_text("1/")
    page.goto(f"{address}en/flashcards/")
    expect(page.locator(".progress .learned")).to_contain_text("learned: 1.")
    with page.expect_download() as download:
        press(page, "[data-do='export']")
    assert json.loads(download.value.path().read_text("utf-8"))["learned"] == ["vae"]
    press(page, "[data-do='erase']")
    expect(page.locator("[data-do='erase']")).to_have_text("Really erase?")
    expect(page.locator(".progress .learned")).to_contain_text("learned: 1.")
    press(page, "[data-do='erase']")
    expect(page.locator(".progress .learned")).to_contain_text("learned: 0.")
    page.locator(".progress [type='file']").set_input_files(download.value.path())
    expect(page.locator(".progress .learned")).to_contain_text("learned: 1.")


def test_a_file_that_is_no_progress_is_refused(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}en/flashcards/")
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"learned": 3}', "utf-8")
    page.locator(".progress [type='file']").set_input_files(wrong)
    expect(page.locator(".progress [role='status']")).to_have_text("There is no progress in that file.")


@pytest.mark.parametrize("ask", ["name-text", "text-name", "name-place", "place-name"])
def test_cards_are_turned_and_judged(page: Page, address: str, ask: str) -> None:
    page.goto(f"{address}zh/flashcards/")
    page.select_option("[name='from']", "flow-based-model")
    page.select_option("[name='ask']", ask)
    press(page, ".deck [type='submit']")
    question, answer = page.locator(".question"), page.locator(".answer")
    expect(question).to_be_focused()
    expect(question).not_to_be_empty()
    expect(answer).to_be_empty()
    left = page.locator(".card .count")
    before = left.inner_text()
    page.keyboard.press("Space")
    expect(answer).not_to_be_empty()
    page.keyboard.press("1")
    expect(answer).to_be_empty()
    expect(left).to_have_text(before)
    page.keyboard.press("Space")
    expect(answer).not_to_be_empty()
    page.keyboard.press("2")
    expect(left).not_to_have_text(before)


def test_a_deck_ends_with_how_many_were_known(page: Page, address: str) -> None:
    page.goto(f"{address}en/flashcards/")
    page.select_option("[name='from']", "diffusion-model")
    press(page, ".deck [type='submit']")
    card = page.locator(".card")
    expect(card).to_be_visible()
    total = int(page.locator(".card .count").inner_text().split()[0])
    for left in range(total, 0, -1):
        expect(page.locator(".card .count")).to_have_text(f"{left} left")
        page.keyboard.press("Space")
        expect(page.locator(".answer")).not_to_be_empty()
        page.keyboard.press("2")
    expect(card).to_be_hidden()
    expect(page.locator(".result")).to_have_text(f"Done: {total} cards, {total} known at once.")


def test_the_timeline_shows_one_place_alone(page: Page, address: str) -> None:
    page.goto(f"{address}en/timeline/")
    everything = page.locator(".years li:visible").count()
    page.locator("[name='in']").focus()
    page.select_option("[name='in']", "variational-autoencoder")
    shown = page.locator(".years li:visible")
    expect(page.get_by_role("status")).to_contain_text("methods")
    assert 0 < shown.count() < everything
    assert "VAE" in shown.all_inner_texts()
    assert "ResNet" not in shown.all_inner_texts()
    expect(page).to_have_url(f"{address}en/timeline/?in=variational-autoencoder")
    page.reload()
    expect(shown).not_to_have_count(everything)


def test_the_timeline_draws_the_lineage_of_what_has_the_focus(page: Page, address: str) -> None:
    page.goto(f"{address}en/timeline/")
    page.locator(".years a", has_text="DenseNet").first.focus()
    traced = page.locator(".years .traced")
    expect(page.locator(".lineage path").first).to_be_attached()
    assert {"DenseNet", "ResNet"} <= set(traced.all_inner_texts())
    page.locator(".skyline a").first.focus()
    expect(traced).to_have_count(0)


@pytest.mark.parametrize(
    "path", ["timeline/", "glossary/", "formulas/generative-model/", "compare/", "flashcards/"]
)
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_the_screen(page: Page, address: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for lang in ("zh", "en"):
        page.goto(f"{address}{lang}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_nothing_is_offered_that_does_nothing(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}en/vae/")
    expect(page.locator("main button:visible")).to_have_count(0)
    page.get_by_role("link", name="Side by side").click()
    page.wait_for_url(f"{address}zh/vae/")
    page.goto(f"{address}en/timeline/")
    expect(page.locator("select:visible")).to_have_count(0)
    page.locator(".years a", has_text="ResNet").first.click()
    page.wait_for_url(f"{address}en/*/")
    for path in ("flashcards/", "compare/"):
        page.goto(f"{address}en/{path}")
        expect(page.locator("main :is(button, select):visible")).to_have_count(0)
        expect(page.get_by_text("This page needs JavaScript.")).to_be_visible()
    context.close()


def test_two_sites_on_one_host_do_not_share_what_the_browser_stores(
    browser: Browser, default_site: Path, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).symlink_to(default_site, target_is_directory=True)
    with hosted(tmp_path) as host:
        context = browser.new_context(color_scheme="light", service_workers="block")
        page = context.new_page()
        page.goto(f"{host}one/en/vae/")
        page.locator(".theme-switch").click()
        press(page, ".tools [data-tool='learned']")
        page.keyboard.press("/")
        page.locator("dialog input").fill("resnet")
        expect(page.locator("dialog [role=option]").first).to_be_visible()
        page.keyboard.press("Enter")
        page.wait_for_url(f"{host}one/en/resnet/")
        for name, is_used in (("one", True), ("two", False)):
            page.goto(f"{host}{name}/en/vae/")
            pressed = str(is_used).lower()
            expect(page.locator(".tools [data-tool='learned']")).to_have_attribute("aria-pressed", pressed)
            assert page.evaluate("document.documentElement.dataset.theme ?? ''") == (
                "dark" if is_used else ""
            )
            page.keyboard.press("/")
            expect(page.locator("dialog input")).to_be_focused()
            expect(page.locator("dialog [role=option]")).to_have_count(int(is_used))
            page.keyboard.press("Escape")
        context.close()


def test_breadcrumbs_are_not_cut(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    for path in ("lora", "vq-vae", "image-captioning"):
        page.goto(f"{address}en/{path}/")
        main = page.locator("main").bounding_box()
        assert main
        for link in page.locator(".breadcrumbs a").all():
            if link.is_visible():
                box = link.bounding_box()
                assert box
                assert box["x"] + box["width"] <= main["x"] + main["width"] + 1, path
        assert page.locator(".breadcrumbs ol").evaluate_all(
            "all => all.every(o => o.scrollWidth <= o.clientWidth)"
        )


def test_learned_counts_are_on_the_row_of_their_place(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{address}en/vae/")
    press(page, ".tools [data-tool='learned']")
    expect(page.locator(".tools [data-tool='learned']")).to_have_attribute("aria-pressed", "true")
    page.goto(f"{address}en/variational-autoencoder/")
    counts = page.locator(".tree .learned-count")
    expect(counts).to_have_count(3)
    for index in range(3):
        count = counts.nth(index)
        link = count.locator("xpath=preceding-sibling::a")
        own, of_link = count.bounding_box(), link.bounding_box()
        assert own
        assert of_link
        assert of_link["y"] <= own["y"] <= of_link["y"] + 12


def test_threads_of_the_neighbourhood_cross_no_text(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    for path in ("zh/ddpm", "en/resnet", "en/vae"):
        page.goto(f"{address}{path}/")
        threads = [svg.bounding_box() for svg in page.locator(".neighbourhood svg").all()]
        assert threads
        for text in page.locator(".neighbourhood .kin :is(a, small)").all():
            box = text.bounding_box()
            assert box
            for thread in threads:
                assert thread
                apart = (
                    box["x"] + box["width"] <= thread["x"] + 1
                    or thread["x"] + thread["width"] <= box["x"] + 1
                )
                assert apart, (path, text.text_content())


def test_on_phones_the_button_that_copies_covers_no_formula(browser: Browser, address: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, service_workers="block"
    )
    page = context.new_page()
    page.goto(f"{address}zh/ddpm/")
    button = page.locator(".formula + .copy").first
    expect(button).to_be_visible()
    formula = page.locator(".formula").first.bounding_box()
    copy = button.bounding_box()
    assert formula
    assert copy
    assert copy["y"] >= formula["y"] + formula["height"] - 1
    context.close()


def test_switching_the_language_keeps_the_place_in_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}en/variational-autoencoder/")
    page.evaluate("document.getElementById('discrete').scrollIntoView({behavior: 'instant'})")
    # Not click(), which scrolls the page to bring a sticky link into view.
    link = page.locator("header.bar a[hreflang]").first.bounding_box()
    assert link
    page.mouse.click(link["x"] + link["width"] / 2, link["y"] + link["height"] / 2)
    page.wait_for_url(f"{address}zh/variational-autoencoder/")
    page.wait_for_function("() => scrollY > 500")
    expect(page.locator("#discrete")).to_be_in_viewport()
    top = page.locator("#discrete").bounding_box()
    assert top
    assert 0 <= top["y"] <= 250
    page.reload()
    assert page.evaluate("sessionStorage.length") == 0, "once"


@pytest.mark.parametrize("path", ["zh/optimization", "en/diffusion-model", "en/vae"])
def test_printing_cuts_nothing_and_shrinks_nothing(browser: Browser, address: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
    page = context.new_page()
    page.goto(f"{address}{path}/")
    page.wait_for_load_state()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 643, "height": 900})  # A4 less its margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 643
    cut = page.evaluate("""[...document.querySelectorAll('.formula, .scroll, pre')]
        .filter(box => box.offsetParent && box.scrollWidth > box.clientWidth + 1).map(box => box.textContent)""")
    assert cut == []
    assert all(
        page.locator("main details:not(.fold)").evaluate_all(
            "all => all.map(one => one.querySelector('summary ~ *').checkVisibility({contentVisibilityAuto: true}))"
        )
    )
    context.close()
