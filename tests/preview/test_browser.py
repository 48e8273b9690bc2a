"""The preview in a real browser: a save shows up, a fault is shown over the page, and neither breaks its policy."""

import contextlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, expect

from support.preview import ERROR, PATIENCE, Running, Site, serving, write


@pytest.fixture
def complaints() -> list[str]:
    """What the browser wrote to its console: broken policies, failed scripts."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1000, "height": 600})
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "work")


@pytest.fixture
def preview(site: Site) -> Iterator[Running]:
    with serving(site) as preview:
        yield preview


def open_page(page: Page, preview: Running, path: str = "/zh/") -> None:
    with page.expect_response(lambda response: "_dlmap/events" in response.url):
        page.goto(f"http://127.0.0.1:{preview.port}{path}")


def text_is(page: Page, text: str) -> None:
    expect(page.locator("#text")).to_have_text(text)


def until(page: Page, condition: str) -> None:
    """Wait for a condition in the page; the policy of the pages lets the browser's own way evaluate nothing."""
    deadline = time.monotonic() + PATIENCE
    while True:
        # A page that is being loaded anew has nothing to say.
        with contextlib.suppress(Error):
            if page.evaluate(condition):
                return
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(5)


def overlay(page: Page) -> Locator:
    return page.locator("dlmap-overlay dialog")


# A page with all that a reader and its own scripts can do to it; braces are doubled for `str.format`.
LIVELY = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<link rel="icon" href="data:,"><title>{text}</title>
<link rel="stylesheet" href="../assets/site.css">
<script src="../assets/theme.js"></script></head>
<body><nav><details id="tree"><summary>open</summary><p>branch</p></details>
<input type="search" placeholder="search"><output></output><button hidden>switch</button></nav>
<img src="../assets/figure.svg" alt="figure">
<h1 id="text">{text}</h1><p class="changing">{text}</p><div>{filler}</div></body></html>
"""
SCRIPT = """
document.documentElement.dataset.theme = "dark";
document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () => { document.title = "clicked"; });
  document.querySelector("input").addEventListener("input", (event) => {
    document.querySelector("output").innerHTML = "<ul><li>found " + event.target.value + "</li></ul>";
  });
  const note = document.createElement("aside");
  note.textContent = "put in by a script";
  document.body.append(note);
});
document.addEventListener("dlmap:morphed", () => { window.morphed = (window.morphed ?? 0) + 1; });
"""


@pytest.fixture
def lively(site: Site) -> Site:
    site.template = LIVELY
    static = site.folder / "static"
    write(static / "theme.js", SCRIPT)
    write(static / "site.css", "h1 { color: rgb(1, 2, 3) }")
    write(static / "figure.svg", figure(10))
    return site


def figure(width: int) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="9"/>'


def mark(page: Page) -> None:
    """Whatever is loaded anew loses this."""
    page.evaluate("window.same = true")


def is_marked(page: Page) -> bool:
    return bool(page.evaluate("window.same === true"))


def test_an_edit_shows_up_where_one_was_reading(
    page: Page, lively: Site, preview: Running, complaints: list[str]
) -> None:
    open_page(page, preview)
    text_is(page, "第一版")
    mark(page)
    search = page.get_by_placeholder("search")
    page.locator("summary").click()
    search.fill("变分")
    search.evaluate("input => input.setSelectionRange(1, 2)")
    page.evaluate("scrollTo(0, 4321)")
    page.evaluate("window.nodes = [...document.querySelectorAll('button, img, output li, nav, aside, div')]")
    for text in ("第二版", "第三版"):
        lively.edit(text)
        text_is(page, text)
        expect(page.locator(".changing")).to_have_text(text)
        expect(page).to_have_title(text)
    assert is_marked(page)
    assert page.evaluate("scrollY") == 4321
    assert page.locator("details").get_attribute("open") is not None
    expect(search).to_have_value("变分")
    expect(search).to_be_focused()
    assert search.evaluate("input => [input.selectionStart, input.selectionEnd]") == [1, 2]
    expect(page.locator("output li")).to_have_text("found 变分")
    expect(page.locator("aside")).to_have_text("put in by a script")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("window.nodes.every((node) => node.isConnected)")
    page.get_by_role("button", name="switch").click()
    expect(page).to_have_title("clicked")
    assert page.evaluate("window.morphed") == 2
    assert complaints == []


def test_only_what_differs_changes(page: Page, lively: Site, preview: Running) -> None:
    open_page(page, preview)
    page.evaluate(
        """() => {
          window.changes = [];
          new MutationObserver((records) => records.forEach((record) => {
            const element = record.target.nodeType === 1 ? record.target : record.target.parentElement;
            window.changes.push(element.localName + (element.id ? "#" + element.id : ""));
          })).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
        }"""
    )
    lively.edit("第二版")
    text_is(page, "第二版")
    assert set(page.evaluate("window.changes")) == {"h1#text", "p"}
    page.evaluate("window.changes = []")
    write(lively.folder / "content" / "nowhere.md", "shown on no page")
    preview.wait_for("nowhere.md changed")
    lively.edit("第三版")
    text_is(page, "第三版")
    assert len(page.evaluate("window.changes")) == 2


def test_structure_may_change(page: Page, lively: Site, preview: Running, complaints: list[str]) -> None:
    open_page(page, preview)
    mark(page)
    page.locator("summary").click()
    lively.template = LIVELY.replace("<nav>", "<nav><p>new</p>").replace('<p class="changing">{text}</p>', "")
    lively.template = lively.template.replace('lang="zh"', 'lang="zh-Hans"').replace(
        "<title>", '<meta name="description" content="新"><title>'
    )
    lively.edit("第二版")
    text_is(page, "第二版")
    expect(page.locator("nav > p")).to_have_text("new")
    expect(page.locator(".changing")).to_have_count(0)
    expect(page.locator("nav > details")).to_have_count(1)
    assert page.locator("details").get_attribute("open") is not None
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.locator("head > *").evaluate_all("all => all.map((each) => each.localName).join(' ')") == (
        "script meta meta link meta title link script"
    )
    page.get_by_role("button", name="switch").click()
    expect(page).to_have_title("clicked")
    assert is_marked(page)
    assert complaints == []


def color(page: Page) -> str:
    return str(page.locator("h1").evaluate("each => getComputedStyle(each).color"))


def test_a_style_sheet_is_swapped_without_a_flash(page: Page, lively: Site, preview: Running) -> None:
    open_page(page, preview)
    mark(page)
    page.evaluate(
        """() => {
          window.colors = new Set();
          const look = () => {
            window.colors.add(getComputedStyle(document.querySelector("h1")).color);
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    for number in range(2, 5):
        write(lively.folder / "static" / "site.css", f"h1 {{ color: rgb({number}, {number}, {number}) }}")
        until(
            page,
            f"getComputedStyle(document.querySelector('h1')).color === 'rgb({number}, {number}, {number})'",
        )
    # Never that of a page without style.
    assert set(page.evaluate("[...window.colors]")) <= {f"rgb({n}, {n}, {n})" for n in range(2, 5)} | {
        "rgb(1, 2, 3)"
    }
    # The newest one is used on, also when something else changes.
    lively.edit("第二版")
    text_is(page, "第二版")
    assert color(page) == "rgb(4, 4, 4)"
    expect(page.locator("link[rel=stylesheet]")).to_have_count(1)
    assert is_marked(page)


def test_style_sheets_come_and_go(page: Page, lively: Site, preview: Running) -> None:
    write(lively.folder / "static" / "more.css", "h1 { color: rgb(9, 9, 9) }")
    open_page(page, preview)
    mark(page)
    link = '<link rel="stylesheet" href="../assets/site.css">'
    lively.template = LIVELY.replace(link, link + link.replace("site", "more"))
    lively.edit("第二版")
    text_is(page, "第二版")
    assert color(page) == "rgb(9, 9, 9)"
    lively.template = LIVELY.replace(link, link.replace("site", "more") + link)
    lively.edit("第三版")
    text_is(page, "第三版")
    lively.template = LIVELY.replace(link, "")
    lively.edit("第四版")
    text_is(page, "第四版")
    assert color(page) == "rgb(0, 0, 0)"
    assert is_marked(page)


def test_a_style_sheet_that_another_one_imports(page: Page, lively: Site, preview: Running) -> None:
    write(lively.folder / "static" / "inner.css", "h1 { color: rgb(5, 5, 5) }")
    write(lively.folder / "static" / "site.css", '@import "inner.css";')
    preview.wait_for("site.css changed")
    open_page(page, preview)
    assert color(page) == "rgb(5, 5, 5)"
    write(lively.folder / "static" / "inner.css", "h1 { color: rgb(6, 6, 6) }")
    until(page, "getComputedStyle(document.querySelector('h1')).color === 'rgb(6, 6, 6)'")


def test_a_picture_is_shown_anew(page: Page, lively: Site, preview: Running) -> None:
    open_page(page, preview)
    mark(page)
    for width in (20, 30):
        write(lively.folder / "static" / "figure.svg", figure(width))
        until(page, f"document.images[0].naturalWidth === {width}")
    lively.edit("第二版")
    text_is(page, "第二版")
    assert page.evaluate("document.images[0].naturalWidth") == 30
    assert is_marked(page)


def test_a_picture_of_a_style_sheet_is_shown_anew(page: Page, lively: Site, preview: Running) -> None:
    write(lively.folder / "static" / "site.css", "h1 { background: url(figure.svg) }")
    preview.wait_for("site.css changed")
    open_page(page, preview)
    mark(page)
    write(lively.folder / "static" / "figure.svg", figure(20))
    until(page, "window.same === undefined && document.images[0]?.naturalWidth === 20")


def test_a_script_makes_the_page_load_anew(page: Page, lively: Site, preview: Running) -> None:
    open_page(page, preview)
    mark(page)
    page.evaluate("scrollTo(0, 1234)")
    write(lively.folder / "static" / "theme.js", SCRIPT.replace("dark", "light"))
    until(page, "document.documentElement.dataset.theme === 'light'")
    assert not is_marked(page)
    until(page, "scrollY === 1234")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<script src", '<script src="../assets/other.js"></script><script src'),
        ('content="{policy}"', "content=\"{policy}; manifest-src 'self'\""),
        ('<html lang="zh"', '<html lang="zh" class="wide"'),
    ],
)
def test_what_counts_only_at_loading(page: Page, lively: Site, preview: Running, old: str, new: str) -> None:
    write(lively.folder / "static" / "other.js", "")
    open_page(page, preview)
    mark(page)
    assert old in LIVELY
    lively.template = LIVELY.replace(old, new)
    lively.edit("第二版")
    text_is(page, "第二版")
    assert not is_marked(page)


def test_two_pages_and_a_burst_of_edits(browser: Browser, lively: Site, preview: Running) -> None:
    pages = [browser.new_page() for _ in range(3)]
    for page in pages:
        open_page(page, preview)
        mark(page)
    for number in range(20):
        lively.edit(f"第{number}版")
        pages[0].wait_for_timeout(5)
    for page in pages:
        text_is(page, "第19版")
        assert is_marked(page)
        page.close()


def test_a_page_that_cannot_be_made_stays_as_it_was(page: Page, lively: Site, preview: Running) -> None:
    open_page(page, preview)
    mark(page)
    lively.edit("碎\n")
    expect(overlay(page).locator("li.error")).to_contain_text("error[internal] ZeroDivisionError: no page")
    text_is(page, "第一版")
    lively.edit("好\n")
    text_is(page, "好")
    expect(overlay(page)).to_have_count(0)
    assert is_marked(page)
    lively.edit("碎\n")
    expect(overlay(page)).to_be_visible()
    page.reload()
    expect(page.locator("h1").first).to_have_text("This page cannot be rendered")
    lively.edit("又好\n")
    text_is(page, "又好")


def test_a_fault_is_shown_over_the_page_and_goes_with_its_fix(
    page: Page, preview: Running, site: Site, complaints: list[str]
) -> None:
    open_page(page, preview)
    page.evaluate("scrollTo(0, 1234)")
    site.edit("卷积神经网络<b onload=x>坏了\n")
    expect(overlay(page)).to_be_visible()
    error = overlay(page).locator("li.error")
    expect(error).to_have_count(1)
    expect(error.locator(".place")).to_have_text("content/outline.md:1:19")
    expect(error).to_contain_text(f"error[{ERROR}] 这里坏了")
    expect(error).to_contain_text("help: 把它修好")
    expect(error.locator("pre")).to_have_text("1 卷积神经网络<b onload=x>坏了")
    expect(error.locator("mark")).to_have_text("坏")
    expect(overlay(page).locator("details summary")).to_have_text("1 warning")
    # The caret stands below the mark, and the style sheet that puts it there was let in.
    caret = error.locator("mark").evaluate("mark => getComputedStyle(mark, '::after').content")
    assert set(caret.strip('"')) == {"^"}
    assert page.evaluate("document.body.textContent.includes('第一版')")

    site.edit("修好了\n")
    text_is(page, "修好了")
    expect(overlay(page)).to_have_count(0)
    until(page, "scrollY === 1234")
    assert complaints == []


def test_one_fault_follows_another(page: Page, preview: Running, site: Site) -> None:
    open_page(page, preview)
    site.edit("坏\n")
    expect(overlay(page).locator(".place").first).to_have_text("content/outline.md:1:1")
    site.edit("还是坏\n")
    expect(overlay(page).locator(".place").first).to_have_text("content/outline.md:1:3")
    expect(overlay(page)).to_have_count(1)
    overlay(page).get_by_role("button", name="Close").click()
    expect(overlay(page)).not_to_be_visible()
    site.edit("炸\n")
    expect(overlay(page).locator("li.error")).to_contain_text("error[internal] ValueError: it went off")


def test_a_page_opened_on_a_broken_site_says_so(page: Page, preview: Running, site: Site) -> None:
    site.edit("坏\n")
    preview.wait_for("build failed")
    open_page(page, preview)
    text_is(page, "第一版")
    expect(overlay(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(overlay(page)).not_to_be_visible()


def test_a_first_build_that_fails(page: Page, site: Site) -> None:
    site.edit("坏\n")
    with serving(site) as preview:
        open_page(page, preview)
        expect(page.locator("h1").first).to_have_text("The first build failed")
        expect(overlay(page).locator("li.error")).to_contain_text(ERROR)
        site.edit("好\n")
        text_is(page, "好")


def test_a_page_finds_the_server_again(page: Page, site: Site) -> None:
    with serving(site) as preview:
        open_page(page, preview)
        page.evaluate("window.same = true")
        preview.stop()
        site.edit("新的\n")
        with serving(site, port=preview.port):
            # What was before is not known to the new server.
            text_is(page, "新的")
            assert page.evaluate("window.same") is None


def test_a_page_goes_and_comes_back(page: Page, preview: Running, site: Site) -> None:
    site.more["new/index.html"] = b"<!doctype html><title>new</title><h1 id=text>new</h1>"
    site.edit("第二版\n")
    preview.wait_for("changed")
    open_page(page, preview, "/new/")
    text_is(page, "new")
    gone = site.more.pop("new/index.html")
    site.edit("第三版\n")
    text_is(page, "没有这一页")
    site.more["new/index.html"] = gone
    site.edit("第四版\n")
    text_is(page, "new")


def test_a_hidden_page_holds_no_connection(page: Page, preview: Running, site: Site) -> None:
    # Six open pages are all the connections that a browser makes to one server.
    state = preview._preview._state
    open_page(page, preview)
    until(page, "document.readyState === 'complete'")

    def hide(hidden: str) -> None:
        page.evaluate(f"Object.defineProperty(document, 'hidden', {{ value: {hidden}, configurable: true }})")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    hide("true")
    while state._subscribers:
        page.wait_for_timeout(10)
    site.edit("第二版\n")
    preview.wait_for("changed")
    text_is(page, "第一版")
    hide("false")
    text_is(page, "第二版")


def test_a_page_from_the_back_button_catches_up(page: Page, preview: Running, site: Site) -> None:
    state = preview._preview._state
    open_page(page, preview)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    while state._subscribers:
        page.wait_for_timeout(10)
    site.edit("第二版\n")
    preview.wait_for("changed")
    text_is(page, "第一版")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    text_is(page, "第二版")


def test_a_place_opens_in_the_editor(page: Page, site: Site) -> None:
    template = "x-editor://open?file={file}&line={line}&column={column}"
    file = site.folder / "content" / "outline.md"
    with serving(site, editor=lambda: template) as preview:
        open_page(page, preview)
        site.edit("卷积坏了\n")
        link = overlay(page).locator("li.error a.place")
        expect(link).to_have_text("content/outline.md:1:3")
        assert link.get_attribute("href") == f"x-editor://open?file={file}&line=1&column=3"


def test_without_an_editor_a_place_is_no_link(page: Page, preview: Running, site: Site) -> None:
    open_page(page, preview)
    site.edit("坏\n")
    expect(overlay(page).locator(".place").first).to_be_visible()
    expect(overlay(page).locator("a")).to_have_count(0)


def test_what_was_put_away_stays_away_until_there_is_something_new(
    page: Page, preview: Running, site: Site
) -> None:
    open_page(page, preview)
    site.edit("坏\n")
    expect(overlay(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(overlay(page)).not_to_be_visible()
    write(site.folder / "content" / "other.md", "")
    preview.wait_for("other.md changed")
    with page.expect_response(lambda response: "_dlmap/events" in response.url):
        page.evaluate("dispatchEvent(new Event('pagehide'))")
        page.evaluate("dispatchEvent(new Event('pageshow'))")
    page.wait_for_timeout(100)
    expect(overlay(page)).not_to_be_visible()
    site.edit("还是坏\n")
    expect(overlay(page)).to_be_visible()


ATTACK = """<!doctype html><meta charset="utf-8"><title>elsewhere</title>
<script>
const target = "TARGET";
const seen = {};
const settle = (name, value) => { seen[name] = value; };
const load = (name, tag, set) => new Promise((done) => {
  const element = document.createElement(tag);
  element.onload = () => { settle(name, "loaded"); done(); };
  element.onerror = () => { settle(name, "refused"); done(); };
  set(element);
  document.documentElement.append(element);
});
const ask = (name, options, path = "/zh/") => fetch(target + path, options)
  .then((answer) => answer.text()).then((text) => settle(name, text), () => settle(name, "refused"));
window.attack = async () => {
  await ask("fetch", {});
  await ask("no-cors", { mode: "no-cors" });
  await ask("post", { method: "POST", body: "x" });
  await ask("no-cors post", { method: "POST", mode: "no-cors", body: "x" });
  await ask("diagnostics", {}, "/_dlmap/diagnostics.json");
  await ask("changes", {}, "/_dlmap/changes.json?since=1");
  await load("module", "script", (it) => { it.type = "module"; it.src = target + "/_dlmap/preview.js"; });
  await load("script", "script", (it) => { it.src = target + "/_dlmap/preview.js"; });
  await load("page as script", "script", (it) => { it.src = target + "/zh/"; });
  await load("image", "img", (it) => { it.src = target + "/picture.svg"; });
  await load("style", "link", (it) => { it.rel = "stylesheet"; it.href = target + "/_dlmap/overlay.css"; });
  await load("frame", "iframe", (it) => { it.name = "frame"; it.src = target + "/zh/"; });
  const form = document.createElement("form");
  form.method = "post"; form.action = target + "/zh/"; form.target = "frame";
  document.documentElement.append(form);
  form.submit();
  try { settle("inside frame", frames[0].document.body.textContent); } catch { settle("inside frame", "refused"); }
  await new Promise((done) => {
    const source = new EventSource(target + "/_dlmap/events");
    source.onmessage = () => { settle("events", "told"); done(); };
    source.onerror = () => { settle("events", "refused"); source.close(); done(); };
  });
  await new Promise((done) => {
    const socket = new WebSocket(target.replace("http", "ws") + "/_dlmap/events");
    socket.onopen = () => { settle("socket", "open"); done(); };
    socket.onerror = () => { settle("socket", "refused"); done(); };
  });
  return seen;
};
</script>"""


@pytest.mark.parametrize("elsewhere", ["127.0.0.1", "localhost"])
def test_2b_a_page_of_another_site_reads_nothing(page: Page, site: Site, elsewhere: str) -> None:
    site.more["picture.svg"] = figure(9).encode()
    with serving(site) as preview:
        attack(page, preview, elsewhere)
    assert site.builds == ["第一版"]


def attack(page: Page, preview: Running, elsewhere: str) -> None:
    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(ATTACK.replace("TARGET", f"http://127.0.0.1:{preview.port}").encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page.goto(f"http://{elsewhere}:{server.server_address[1]}/")
        seen = page.evaluate("attack()")
        server.shutdown()
        # What the browser shows in the frame, before and after the form is sent there, is its own page that says so.
        deadline = time.monotonic() + PATIENCE
        while [frame.url for frame in page.frames[1:]] != ["chrome-error://chromewebdata/"]:
            page.wait_for_timeout(5)
            assert time.monotonic() < deadline, [frame.url for frame in page.frames]
        assert "第一版" not in page.frames[1].content()
    assert seen.pop("frame") == "loaded"
    assert seen.pop("no-cors") in ("", "refused")
    assert seen.pop("no-cors post") in ("", "refused")
    assert len(seen) == 12
    assert set(seen.values()) == {"refused"}, seen
