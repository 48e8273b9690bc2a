"""Everybody can use every page: axe finds nothing, the keyboard reaches everything, and large or plain looks hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from support.axe import failures
from support.npm import npm_file
from support.static_host import hosted
from support.web_page import attributes, read_html

PHONE, DESKTOP = (360, 740), (1440, 900)


def one_of_each(site: Path) -> dict[str, list[str]]:
    """For each language a page of middle length of each look; what a template is called is in the class of its body.

    How long axe takes grows with the page, what it may find does not.
    """
    looks: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for file in site.rglob("*.html"):
        path, size = file.relative_to(site).as_posix(), file.stat().st_size
        for look in attributes(read_html(file), "body", "class"):
            looks[look, "en" if path.startswith("en/") else "zh"].append((size, path))
    return {
        lang: sorted(sorted(pages)[len(pages) // 2][1] for (_, of), pages in looks.items() if of == lang)
        for lang in ("zh", "en")
    }


@pytest.fixture(scope="module")
def pages(default_site: Path, address: str, blog_site: Path) -> Iterator[dict[str, list[str]]]:
    """The addresses of one page of each look, by language: of the default site and of one with articles."""
    first, second = one_of_each(default_site), one_of_each(blog_site)
    with hosted(blog_site) as other:
        yield {
            lang: [address + path for path in first[lang]]
            + [other + path for path in second[lang] if "articles" in path]
            for lang in ("zh", "en")
        }


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    yield page
    context.close()


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("lang", "size"),
    [
        pytest.param("zh", PHONE, id="zh-phone"),
        pytest.param("en", DESKTOP, id="en-desktop"),
        pytest.param("zh", DESKTOP, id="zh-desktop", marks=pytest.mark.nightly),
        pytest.param("en", PHONE, id="en-phone", marks=pytest.mark.nightly),
    ],
)
def test_axe_finds_nothing(page: Page, pages: dict[str, list[str]], lang: str, size: tuple[int, int]) -> None:
    axe = npm_file("axe-core/axe.min.js").read_text("utf-8")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    found: list[str] = []
    for address in pages[lang]:
        page.emulate_media(color_scheme="light")
        page.goto(address)
        page.evaluate(axe)
        found += failures(page)
        page.emulate_media(color_scheme="dark")  # changes colours alone
        found += failures(page, ["cat.color"])
    assert found == []


def states(page: Page, address: str, lang: str) -> Iterator[str]:
    """Brings pages into every state that only a script makes, one after the other; what each is called."""
    home = f"{address}{lang}/"
    page.goto(f"{home}timeline/?in=variational-autoencoder")
    expect(page.get_by_role("status")).not_to_be_empty()
    yield "a timeline of one place"
    page.locator(".years a:visible").first.focus()
    yield "a lineage on the timeline"
    page.goto(f"{home}glossary/reversed/")
    yield "a glossary by the other language"
    page.goto(f"{home}compare/?ids=vae,resnet,bert")
    expect(page.locator(".comparison thead th a")).to_have_count(3)
    yield "a comparison"
    page.goto(f"{home}flashcards/")
    page.select_option("[name='from']", "flow-based-model")
    page.locator(".deck [type='submit']").click()
    expect(page.locator(".question")).to_be_focused()
    yield "a card with its question"
    page.keyboard.press("Space")
    expect(page.locator(".answer")).not_to_be_empty()
    yield "a card with its answer"
    page.goto(f"{home}vq-vae/")
    page.locator(".tools [data-tool='learned']").click()
    page.locator(".tools [data-tool='compare']").click()
    expect(page.locator(".tools .to-compare")).to_be_visible()
    yield "a method that is learned and to be compared"
    page.goto(f"{home}flow-based-model/")
    page.keyboard.press("Tab")
    page.locator("main .prose a").first.focus()
    expect(page.locator("[id='page.preview']")).to_be_visible()
    yield "a preview"
    page.keyboard.press("Escape")
    page.locator("[data-tool='side-by-side']").click()
    expect(page.locator(".pair").first).to_be_visible()
    yield "both languages side by side"
    page.keyboard.press("/")
    box = page.get_by_role("combobox")
    box.fill("vae")
    expect(page.get_by_role("option").nth(3)).to_be_visible()
    yield "results of a search"
    box.fill("variatonl autoencodr")
    expect(page.get_by_role("option").first).to_be_visible()
    yield "suggestions of a search"
    box.fill("qqqxxxzzz")
    expect(page.locator(".search-note")).to_be_visible()
    yield "a search without results"


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("lang", "scheme", "size"),
    [
        pytest.param("zh", "dark", PHONE, id="zh-dark-phone"),
        pytest.param("en", "light", DESKTOP, id="en-light-desktop"),
        pytest.param("zh", "light", DESKTOP, id="zh-light-desktop", marks=pytest.mark.nightly),
        pytest.param("en", "dark", PHONE, id="en-dark-phone", marks=pytest.mark.nightly),
    ],
)
def test_axe_finds_nothing_in_any_state(
    page: Page, address: str, lang: str, scheme: str, size: tuple[int, int]
) -> None:
    axe = npm_file("axe-core/axe.min.js").read_text("utf-8")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found: list[str] = []
    for state in states(page, address, lang):
        page.evaluate(axe)
        found += [f"{state}: {failure}" for failure in failures(page)]
    assert found == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("path", ["", "zh/", "zh/vq-vae/", "en/variational-autoencoder/", "404.html"])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    page: Page, address: str, path: str, size: tuple[int, int]
) -> None:
    """Tab goes through all that can be used, in its order, with a visible mark, and never behind the bar."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(address + path)
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, summary, input, select, [tabindex="0"]')]
            .filter(e => e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0 && !e.matches('.skip'))
            .map((e, index) => e.dataset.stop = index).length"""
    )
    page.keyboard.press("Tab")  # the way past the bar
    for stop in range(min(wanted, 150)):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => {
                const e = document.activeElement, box = e.getBoundingClientRect();
                const bar = document.querySelector('.bar')?.getBoundingClientRect().bottom ?? 0;
                // On the map the border of the land is marked, or a line is drawn under the label.
                const land = e.querySelector(':scope > path'), name = e.querySelector(':scope > text:last-child');
                const drawn = land ? getComputedStyle(land).opacity === '1' : name &&
                    getComputedStyle(name).textDecorationLine === 'underline';
                return {
                    stop: Number(e.dataset.stop),
                    mark: e.closest('.map') ? (drawn ? 'drawn' : 'none') : getComputedStyle(e).outlineStyle,
                    hidden: !e.closest('.bar, .tree, .rail') && (box.bottom <= bar || box.top >= innerHeight),
                };
            }"""
        )
        assert at == {"stop": stop, "mark": at["mark"], "hidden": False}
        assert at["mark"] != "none"


def test_the_sheet_with_the_tree_opens_and_closes_by_keyboard(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{address}en/vq-vae/")
    page.locator(".to-tree").focus()
    page.keyboard.press("Enter")
    assert page.locator("[id='page.tree']").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("[id='page.tree']").is_hidden()
    assert page.evaluate("document.activeElement.className") == "to-tree"


def test_nothing_moves_for_those_who_ask_for_that(page: Page, pages: dict[str, list[str]]) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 360, "height": 740})
    for address in pages["zh"]:
        page.goto(f"{address}#page.tree")
        assert page.evaluate("document.getAnimations().length") == 0, address


@pytest.mark.parametrize(("width", "text"), [(640, "100%"), (1280, "200%")])
def test_pages_hold_at_twice_the_size(page: Page, pages: dict[str, list[str]], width: int, text: str) -> None:
    """A window of 1280 at 200 % is one of 640; and text alone can be enlarged as well."""
    page.set_viewport_size({"width": width, "height": 800})
    for address in pages["zh"] + pages["en"]:
        page.goto(address)
        page.evaluate("size => document.documentElement.style.fontSize = size", text)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_bar_of_a_phone_has_room_for_all_it_shows(
    page: Page, pages: dict[str, list[str]], lang: str
) -> None:
    """Nothing in it lies over another, is cut off or has to be scrolled to, and a finger can hit each."""
    for address in pages[lang]:
        page.goto(address)
        if not page.locator(".bar").count():
            continue  # where the reader chooses a language
        for width in (320, 360, 390):
            page.set_viewport_size({"width": width, "height": 740})
            bar = page.evaluate(
                """() => {
                    const shown = [...document.querySelectorAll('.bar :is(a, button)')].filter(e => e.checkVisibility());
                    const boxes = shown.map(e => e.getBoundingClientRect());
                    const nav = document.querySelector('.bar nav');
                    return {
                        apart: boxes.every((box, i) => !i || box.left >= boxes[i - 1].right - 0.5),
                        whole: shown.every(e => e.scrollWidth <= e.clientWidth) && nav.scrollWidth <= nav.clientWidth,
                        inside: boxes[0].left >= 0 && boxes.at(-1).right <= innerWidth,
                        large: boxes.every(box => box.width >= 44 && box.height >= 44),
                        still: document.documentElement.scrollWidth <= innerWidth,
                    };
                }"""
            )
            assert all(bar.values()), (address, width, bar)


def test_forced_colours_keep_the_marks_of_the_map(page: Page, address: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(f"{address}zh/vq-vae/")
    dot = page.evaluate("getComputedStyle(document.querySelector('.kind'), '::before').backgroundColor")
    assert dot not in ("rgba(0, 0, 0, 0)", page.evaluate("getComputedStyle(document.body).backgroundColor"))
    page.locator(".breadcrumbs a").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
