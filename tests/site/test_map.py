"""The map: where everything lies on it, how it is moved about, and the neighbourhood on the pages of concepts."""

from __future__ import annotations

import gzip
import json
import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, expect

from dlmap import build
from dlmap.javascript import run
from dlmap.site.map.labels import extent, pieces, segment, shapes, width
from dlmap.site.map.layout import LAYOUT
from dlmap.site.map.sizes import NEVER, SIZES, plates_for, readable_from
from support.static_host import hosted
from support.web_page import attributes, read_html

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
OUTLINE = """# Map

# 1. Part

## (1) Area

### Family

Divided by size:
- Small: such as **Ant**, **Bee**.
- Large: such as **Cow**, **Dog**, **Elk**.
"""


READ = """Object.fromEntries([...document.querySelectorAll('.map text')].filter(text => {
    const style = getComputedStyle(text), box = text.getBoundingClientRect();
    return box.width && style.opacity !== '0';
}).map(text => [text.textContent, parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a]))"""
"""The names that show, each with its size in pixels."""


def node(weight: float, *children: dict[str, Any], room: float = 0) -> dict[str, Any]:
    return {
        "weight": weight,
        "room": room,
        "sizes": [0, 1],
        "overview": None,
        "shapes": [[[4, 1]]],
        "children": list(children),
    }


def lay(tree: dict[str, Any], gaps: tuple[int, ...] = (0,)) -> list[Any]:
    question = {
        "width": 3000,
        "height": 2000,
        "radius": 100,
        "gaps": gaps,
        "sizes": [100, 50],
        "tree": tree,
    }
    return list(json.loads(run(LAYOUT, json.dumps(question))))


def area(corners: list[float]) -> float:
    points = list(zip(corners[::2], corners[1::2], strict=True))
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*points, points[0]])) / 2


# Where everything lies


@pytest.mark.parametrize("weights", [[1], [1, 1], [1, 2, 3, 4, 10], [1] * 40, [30, *[1] * 20]])
def test_land_is_as_large_as_it_weighs(weights: list[int]) -> None:
    _, *cells = lay(node(0, *(node(0, node(weight)) for weight in weights)))
    areas = [area(corners) for corners, _ in cells[::2]]
    for weight, found in zip(weights, areas, strict=True):
        assert found / sum(areas) == pytest.approx(weight / sum(weights), rel=0.5)
    assert sum(areas) == pytest.approx(3000 * 2000, rel=0.01), "nothing overlaps, nothing is left"


def test_what_stands_under_something_lies_in_it() -> None:
    inner = node(2, node(1), node(3), room=200_000)
    whole, part, *children, other = lay(node(0, inner, node(2)), (0, 40, 10))
    assert area(part[0]) + area(other[0]) < area(whole[0]), "water between"
    xs, ys = part[0][::2], part[0][1::2]
    for corners, _ in children:
        assert min(xs) <= min(corners[::2])
        assert max(corners[::2]) <= max(xs)
        assert min(ys) <= min(corners[1::2])
        assert max(corners[1::2]) <= max(ys)
    room = area(part[0]) - sum(area(corners) for corners, _ in children)
    assert room > 150_000, "its name has a place of its own"


def test_the_same_tree_gives_the_same_map() -> None:
    tree = node(0, *(node(1 + index % 5, node(1), node(2)) for index in range(12)))
    assert lay(tree) == lay(tree)


def test_a_crowd_keeps_its_land() -> None:
    _, *cells = lay(node(0, *(node(1) for _ in range(400))))
    assert all(area(corners) > 0 for corners, _ in cells)


def test_names_take_as_many_lines_as_make_them_narrower() -> None:
    assert shapes("Generative Adversarial Networks", 3) == (
        ("Generative Adversarial Networks",),
        ("Generative", "Adversarial Networks"),
        ("Generative", "Adversarial", "Networks"),
    )
    assert shapes("变分自编码器", 2)[1] == ("变分自", "编码器")
    assert shapes("VAE", 4) == (("VAE",),)
    assert all("".join(lines) == "Transformer的位置编码" for lines in shapes("Transformer的位置编码", 4))
    for lines in shapes("卷积神经网络（CNN）中的注意力机制", 4):
        assert not any(line.startswith("）") or line.endswith("（") for line in lines)
    assert extent(("ab", "abcd"))[0] > width("abcd") > width("ab")


def test_chinese_labels_break_between_words() -> None:
    labels = [
        "卷积神经网络",
        "变分自编码器",
        "轻量级卷积神经网络",
        "Transformer的位置编码",
        "计算机视觉",
        "图像超分辨率",
    ]
    words = segment(labels, run)
    assert words["卷积神经网络"] == ("卷积", "神经", "网络")
    assert words["变分自编码器"] == ("变分", "自编码器")
    assert words["计算机视觉"] == ("计算机", "视觉")
    assert all("".join(split) == label for label, split in words.items())
    assert shapes("卷积神经网络", 2, words["卷积神经网络"])[1] in (("卷积神经", "网络"), ("卷积", "神经网络"))
    assert shapes("变分自编码器", 3, words["变分自编码器"]) == (("变分自编码器",), ("变分", "自编码器"))
    assert pieces("稀疏、局部与Deep Learning", ("稀疏", "、", "局部与", "Deep Learning")) == (
        "稀疏、",
        "局部与",
        "Deep ",
        "Learning",
    )


def test_labels_in_no_chinese_need_no_words() -> None:
    assert segment(["VAE", "Deep Learning"], run) == {}


def test_the_style_sheet_knows_from_which_width_labels_are_readable() -> None:
    css = (ROOT / "static" / "map.css").read_text("utf-8")
    steps = {readable_from(plate, size) for plate in plates_for(82) for size in SIZES} - {NEVER}
    assert steps == set(map(int, re.findall(r"\.from-(\d+)rem", css)))


# The pages


def picture(file: Path, plate: str = "wide") -> ElementTree.Element:
    text = file.read_text("utf-8")
    found = re.search(rf'<svg class="map {plate}.*?</g>\s*</svg>', text, re.DOTALL)
    assert found
    return ElementTree.fromstring(  # noqa: S314 - our own page
        found[0].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_concept_is_a_link_on_the_map(default_site: Path, lang: str) -> None:
    taxonomy = json.loads((default_site / "taxonomy.json").read_text("utf-8"))
    svg = picture(default_site / lang / "map" / "index.html")
    links = {link.get("id", "").removeprefix("_"): link for link in svg.iter(f"{SVG}a") if link.get("id")}
    assert links.keys() == {concept["id"] for concept in taxonomy["concepts"]}
    for concept in taxonomy["concepts"]:
        link = links[concept["id"]]
        assert "../" + concept["url"][lang].removeprefix(f"/{lang}/") == link.get("href")
        name = " ".join("".join(link.findall(f"{SVG}text")[-1].itertext()).split())
        label = concept["label"].get(lang) or next(iter(concept["label"].values()))
        assert name.replace(" ", "") == label.replace(" ", "")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_two_names_that_show_together_overlap(default_site: Path, lang: str) -> None:
    svg = picture(default_site / lang / "index.html")
    boxes = []
    for text in svg.iter(f"{SVG}text"):
        if text.get("class") == "too-small":
            continue
        size = int(text.get("font-size") or 0)
        spans = text.findall(f"{SVG}tspan") or [text]
        for span in spans:
            half = width((span.text or "").strip()) * size / 2
            x, y = int(span.get("x") or 0), int(span.get("y") or 0)
            boxes.append((x - half, x + half, y - 0.75 * size, y, span.text))
    assert len(boxes) > 80
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = (
                one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] + 1 or other[3] <= one[2] + 1
            )
            assert apart, (one[4], other[4])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_are_light(default_site: Path, lang: str) -> None:
    def weight(path: str) -> int:
        return len(gzip.compress((default_site / path).read_bytes(), 9))

    concepts = len(json.loads((default_site / "taxonomy.json").read_text("utf-8"))["concepts"])
    assert weight(f"{lang}/map/index.html") < 70 * concepts
    assert weight(f"{lang}/index.html") < 24 * concepts
    assert sum(weight(f"assets/{name}.js") for name in ("map", "map-view", "map-labels")) < 11_500


def test_the_lineages_of_the_home_page_are_true(default_site: Path) -> None:
    concepts = json.loads((default_site / "taxonomy.json").read_text("utf-8"))["concepts"]
    based_on = {concept["id"]: concept["based_on"] for concept in concepts}
    home = read_html(default_site / "en" / "index.html")
    lines = [
        [link.rstrip("/") for link in attributes(line, "a", "href")] for line in home.css(".lineages ol")
    ]
    assert [len(line) for line in lines] == [5, 5, 5]
    for line in lines:
        for earlier, later in pairwise(line):
            assert earlier in based_on[later]


def test_a_small_post_has_a_map_too(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text(OUTLINE, "utf-8")
    assert build(tmp_path / "post.md", tmp_path / "site").published
    svg = picture(tmp_path / "site" / "en" / "map" / "index.html")
    assert {link.get("id") for link in svg.iter(f"{SVG}a")} >= {"part", "area", "family", "ant", "elk"}


def test_the_names_of_a_few_families_can_be_read_on_a_phone_too(tmp_path: Path, browser: Browser) -> None:
    families = "".join(
        f"\n### Family of things {number}\n\n- Such as **Ant{number}**.\n" for number in range(9)
    )
    (tmp_path / "map.md").write_text(OUTLINE + families, "utf-8")
    assert build(tmp_path / "map.md", tmp_path / "site").published
    with hosted(tmp_path / "site") as address:
        page = browser.new_page()
        for width in (360, 768, 1100, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{address}en/")
            seen = page.evaluate(READ)
            assert {name for name in seen if "Family" in name} >= {f"Family of things {n}" for n in range(9)}
            assert min(seen.values()) >= 10.4, "what shows can be read"
        page.close()


def neighbourhood(site: Path, path: str) -> str:
    [*sections] = read_html(site / path / "index.html").css("section.neighbourhood")
    return sections[0].html or "" if sections else ""


def test_a_method_shows_what_it_is_based_on_and_what_it_led_to(default_site: Path) -> None:
    shown = neighbourhood(default_site, "en/resnet")
    before, after = shown.split('class="self"')
    assert "../vggnet/" in before
    assert "../densenet/" in after
    assert "more" in after, "there are more than fit"
    assert len(gzip.compress(shown.encode())) < 2_000


def test_a_family_shows_the_families_that_its_methods_come_from_and_lead_to(default_site: Path) -> None:
    shown = neighbourhood(default_site, "en/diffusion-model")
    before, after = shown.split('class="self"')
    assert "../transformer/" in before
    assert "../layout-to-image-generation/" in after
    assert "×" in after, "by how many methods"


def test_where_there_is_nothing_to_show_nothing_is_shown(default_site: Path) -> None:
    assert not neighbourhood(default_site, "en/generative-model")


# In a browser


def scale(page: Page) -> float:
    return float(
        page.evaluate("new DOMMatrix(getComputedStyle(document.querySelector('.map-sheet')).transform).a")
    )


def place(page: Page) -> tuple[float, float]:
    x, y = page.evaluate(
        "(() => { const m = new DOMMatrix(document.querySelector('.map-sheet').style.transform); return [m.e, m.f] })()"
    )
    return x, y


def test_names_appear_as_one_comes_closer(page: Page, address: str) -> None:
    page.goto(f"{address}en/map/")
    expect(page.locator("#generative-model")).to_be_visible()
    methods = page.locator(".map .method a.shown")
    expect(methods).to_have_count(0)
    expect(page.locator("#vq-vae")).to_be_hidden()
    page.locator(".map-stage").focus()
    before = scale(page)
    for _ in range(4):
        page.keyboard.press("+")
    page.wait_for_function(
        "before => new DOMMatrix(getComputedStyle(document.querySelector('.map-sheet')).transform).a > 6 * before",
        arg=before,
    )
    expect(methods.first).to_be_visible()
    page.keyboard.press("0")
    expect(methods).to_have_count(0)


def test_a_click_enters_a_region_and_another_opens_its_page(page: Page, address: str) -> None:
    page.goto(f"{address}en/map/")
    link = page.locator("#diffusion-model")
    link.locator("path").click()
    page.wait_for_url("**/en/map/#diffusion-model")
    expect(page.locator(".map-here")).to_contain_text("Generative Models")
    page.wait_for_timeout(250)  # the flight ends
    link.locator("path").click()
    page.wait_for_url(f"{address}en/diffusion-model/")


def test_the_keyboard_opens_what_it_reaches(page: Page, address: str) -> None:
    page.goto(f"{address}zh/map/")
    page.locator("#variational-autoencoder").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/zh/map/#variational-autoencoder")
    page.wait_for_timeout(250)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}zh/variational-autoencoder/")


def test_an_address_leads_to_a_method(page: Page, address: str) -> None:
    page.goto(f"{address}en/map/#vq-vae")
    expect(page.locator("#vq-vae text")).to_be_in_viewport()
    assert page.locator("#vq-vae text").bounding_box()["height"] > 10  # type: ignore[index]
    expect(page.locator(".map-here a")).to_have_text("VQ-VAE")
    page.wait_for_function("() => scrollY === 0")


def test_dragging_moves_the_map_and_opens_nothing(page: Page, address: str) -> None:
    page.goto(f"{address}en/map/#generative-model")
    before = place(page)
    page.mouse.move(700, 500)
    page.mouse.down()
    page.mouse.move(640, 470, steps=5)
    page.mouse.up()
    x, y = place(page)
    assert math.hypot(x - before[0], y - before[1]) > 40
    expect(page).to_have_url(f"{address}en/map/#generative-model")


def test_the_wheel_scrolls_the_page_and_with_ctrl_zooms_the_map(page: Page, address: str) -> None:
    page.goto(f"{address}en/map/")
    before = scale(page)
    hint = page.locator(".map-hint")
    page.mouse.move(300, 400)
    page.mouse.wheel(0, 300)
    page.wait_for_function("() => scrollY > 100")
    expect(hint).to_have_text("Hold Ctrl while scrolling to zoom the map")
    expect(hint).to_be_visible()
    assert scale(page) == before
    expect(hint).to_be_hidden()
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -400)
    page.keyboard.up("Control")
    page.wait_for_function(
        "before => new DOMMatrix(document.querySelector('.map-sheet').style.transform).a > 1.5 * before",
        arg=before,
    )
    assert page.evaluate("scrollY") == 0
    page.mouse.wheel(0, 100)
    page.wait_for_timeout(200)
    expect(hint).to_be_hidden()


def rest(page: Page) -> None:
    """Wait until the map no longer moves."""
    page.wait_for_function("""() => new Promise(done => {
        const sheet = document.querySelector('.map-sheet');
        let last;
        const look = () => last === sheet.style.transform ? done(true) : (last = sheet.style.transform, setTimeout(look, 200));
        look();
    })""")


def test_going_back_zooms_out(page: Page, address: str) -> None:
    page.goto(f"{address}en/map/")
    whole = scale(page)
    at_scale = "wanted => Math.abs(new DOMMatrix(document.querySelector('.map-sheet').style.transform).a - wanted) < 1e-3"
    page.locator("#generative-model").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/map/#generative-model")
    rest(page)
    entered = scale(page)
    assert entered > 1.5 * whole
    page.locator("#diffusion-model path").click()
    page.wait_for_url("**/en/map/#diffusion-model")
    page.go_back()
    page.wait_for_function(at_scale, arg=entered)
    page.go_back()
    page.wait_for_function(at_scale, arg=whole)
    page.locator("[data-zoom=in]").click()
    rest(page)
    assert scale(page) > 1.3 * whole
    page.go_back()
    page.wait_for_function(at_scale, arg=whole)
    expect(page).to_have_url(f"{address}en/map/")


def test_two_fingers_move_the_map_and_one_scrolls_the_page(browser: Browser, address: str) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, service_workers="block"
    )
    page = context.new_page()
    page.goto(f"{address}en/map/")
    fingers = context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(points)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    stage = page.locator(".map-stage").bounding_box()
    assert stage
    x, y = 180, stage["y"] + 250

    def under() -> tuple[float, float]:
        """The point of the sheet under the middle."""
        left, top = place(page)
        return (x - stage["x"] - left) / scale(page), (y - stage["y"] - top) / scale(page)

    before, point, address_before = scale(page), under(), page.url
    touch("touchStart", (x - 30, y))
    touch("touchStart", (x - 30, y), (x + 30, y))
    for step in range(1, 10):
        touch("touchMove", (x - 30 - 6 * step, y), (x + 30 + 6 * step, y))
    # Moves arrive once a frame.
    page.wait_for_function(
        "wanted => new DOMMatrix(document.querySelector('.map-sheet').style.transform).a > 0.95 * wanted",
        arg=before * 84 / 30,
    )
    assert scale(page) == pytest.approx(before * 84 / 30, rel=0.05)
    assert under() == pytest.approx(point, abs=3)
    touch("touchEnd")
    assert page.evaluate("[scrollY, visualViewport.scale]") == [0, 1], "the page itself stays"
    zoomed, at = scale(page), place(page)
    touch("touchStart", (x, y))
    for step in range(1, 9):
        touch("touchMove", (x, y - 20 * step))
    touch("touchEnd")
    page.wait_for_function("() => scrollY > 50")
    assert scale(page) == zoomed
    assert place(page) == at
    expect(page.locator(".map-hint")).to_have_text("Use two fingers to move the map")
    assert page.url == address_before, "and nothing is opened"
    context.close()


LABELS = """() => [...document.querySelectorAll('.map a.shown')].map(link => {
    const text = link.querySelector('text'), style = getComputedStyle(text), box = text.getBoundingClientRect();
    const kind = link.querySelector('path') ? link.classList[0] : link.parentNode.classList[1];
    const size = parseFloat(style.fontSize) * text.getScreenCTM().a;
    const land = link.querySelector('path')?.getBoundingClientRect();
    return {name: text.textContent, kind, size, box: [box.left, box.top, box.right, box.bottom]};
})"""
"""The labels that show, each with its kind, its size in pixels and its box."""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_view_names_every_area_at_every_size(page: Page, address: str, lang: str) -> None:
    families = {
        (1440, 900): 40,
        (1366, 650): 15,
        (1280, 720): 20,
        (820, 1180): 20,
        (390, 844): 3,
        (360, 640): 1,
    }
    for (wide, high), least in families.items():
        page.set_viewport_size({"width": wide, "height": high})
        page.goto(f"{address}{lang}/map/")
        expect(page.locator(".map.live")).to_be_visible()
        areas = page.locator(".map a:is(.part, .type)").count()
        labels = page.evaluate(LABELS)
        shown = len([label for label in labels if label["kind"] in ("part", "type")])
        assert shown == areas > 40, (wide, high)
        assert len([label for label in labels if label["kind"] == "family"]) >= least, (wide, high)
        assert all(11.9 <= label["size"] <= 22.1 for label in labels)
        stage = page.locator(".map-stage").bounding_box()
        assert stage
        for label in labels:
            left, top, right, bottom = label["box"]
            assert left >= stage["x"] - 2, label
            assert right <= stage["x"] + stage["width"] + 2, label
            assert top >= stage["y"] - 2, label
            assert bottom <= stage["y"] + stage["height"] - 40, label
        assert_apart(labels)


def test_a_small_map_names_its_methods_at_once(tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "post.md").write_text(OUTLINE, "utf-8")
    assert build(tmp_path / "post.md", tmp_path / "site").published
    with hosted(tmp_path / "site") as address:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"{address}en/map/")
        expect(page.locator(".map .method a.shown")).to_have_count(5)
        assert {"Ant", "Bee", "Cow", "Dog", "Elk"} <= {label["name"] for label in page.evaluate(LABELS)}
        page.close()


def assert_apart(labels: list[dict[str, Any]]) -> None:
    for number, one in enumerate(labels):
        for other in labels[number + 1 :]:
            a, b = one["box"], other["box"]
            overlap = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
            assert min(overlap) <= 3, (one["name"], other["name"])


def test_labels_keep_their_size_and_stay_apart_at_every_zoom(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 650})
    page.goto(f"{address}zh/map/")
    kinds = set()
    for _ in range(5):
        labels = page.evaluate(LABELS)
        kinds |= {label["kind"] for label in labels}
        assert all(11.9 <= label["size"] <= 22.1 for label in labels)
        assert_apart(labels)
        page.locator("[data-zoom=in]").click()
        rest(page)
    assert kinds >= {"part", "type", "family", "approach", "method"}


def test_printing_shows_the_whole_map(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 650}, service_workers="block")
    page = context.new_page()
    page.goto(f"{address}en/map/#diffusion-model")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1000, "height": 700})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    labels = page.evaluate(LABELS)
    areas = page.locator(".map a:is(.part, .type)").count()
    assert len([label for label in labels if label["kind"] in ("part", "type")]) == areas > 40
    box = page.locator("svg.map").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.locator(".map-stage").evaluate("stage => stage.scrollHeight <= stage.clientHeight + 1")
    for label in labels:
        assert box["x"] - 2 <= label["box"][0] <= label["box"][2] <= box["x"] + box["width"] + 2, label
    expect(page.locator(".map-bar")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".map-bar")).to_be_visible()
    context.close()


def test_all_places_of_a_concept_light_up_together(page: Page, address: str) -> None:
    page.goto(f"{address}en/map/")
    places = page.locator(".map a.family[href='../transformer/']")
    count = places.count()
    assert count > 1
    places.first.locator("path").hover()
    for index in range(count):
        expect(places.nth(index)).to_have_class(re.compile("same-concept"))


def test_without_scripts_the_map_is_a_picture_of_links_and_a_list(
    browser: Browser,
    address: str,
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{address}en/map/")
    expect(page.locator(".map-tools")).to_be_hidden()
    page.locator("#diffusion-model path").click()
    page.wait_for_url(f"{address}en/diffusion-model/")
    page.goto(f"{address}en/map/")
    page.locator(".map-list").get_by_label("Variational Autoencoders: ").click()
    page.locator(".map-list").get_by_role("link", name="VQ-VAE", exact=True).first.click()
    page.wait_for_url(f"{address}en/vq-vae/")
    context.close()


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_map_fits_the_screen(page: Page, address: str, lang: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("", "map/"):
        page.goto(f"{address}{lang}/{path}")
        expect(page.locator(".map:visible")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert min(page.evaluate(READ).values()) >= 10.4, "what shows can be read"
