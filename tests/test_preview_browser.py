"""The preview in a real browser: a save shows up, a fault is shown over the page, and neither breaks its policy."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from test_preview_harness import ERROR, Running, Site, serving


@pytest.fixture
def complaints() -> list[str]:
    """What the browser wrote to its console: broken policies, failed scripts."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1000, "height": 600})
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_default_timeout(10_000)
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


def overlay(page: Page) -> Locator:
    return page.locator("dlmap-overlay dialog")


def test_an_edit_shows_up_where_one_was_reading(
    page: Page, preview: Running, site: Site, complaints: list[str]
) -> None:
    open_page(page, preview)
    text_is(page, "第一版")
    page.evaluate("scrollTo(0, 4321)")
    for text in ("第二版", "第三版"):
        site.edit(text)
        text_is(page, text)
        page.wait_for_function("scrollY === 4321")
    assert "_dlmap" not in (site.output / "zh" / "index.html").read_text(encoding="utf-8")
    assert complaints == []


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
    page.wait_for_function("scrollY === 1234")
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
            text_is(page, "新的")
            assert page.evaluate("window.same") is None


def test_a_deleted_page_comes_back(page: Page, preview: Running, site: Site) -> None:
    open_page(page, preview)
    (site.output / "zh" / "index.html").unlink()
    page.reload()
    text_is(page, "没有这一页")
    site.edit("又有了\n")
    text_is(page, "又有了")


def test_a_hidden_page_holds_no_connection(page: Page, preview: Running, site: Site) -> None:
    # Six open pages are all the connections that a browser makes to one server.
    board = preview._preview._board
    open_page(page, preview)
    page.wait_for_function("document.readyState === 'complete'")

    def hide(hidden: str) -> None:
        page.evaluate(f"Object.defineProperty(document, 'hidden', {{ value: {hidden}, configurable: true }})")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    hide("true")
    while board._waiting:
        page.wait_for_timeout(10)
    site.edit("第二版\n")
    preview.wait_for("changed")
    text_is(page, "第一版")
    hide("false")
    text_is(page, "第二版")


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
const ask = (name, options) => fetch(target + "/zh/", options)
  .then((answer) => answer.text()).then((text) => settle(name, text), () => settle(name, "refused"));
window.attack = async () => {
  await ask("fetch", {});
  await ask("no-cors", { mode: "no-cors" });
  await ask("post", { method: "POST", body: "x" });
  await ask("no-cors post", { method: "POST", mode: "no-cors", body: "x" });
  await load("script", "script", (it) => { it.src = target + "/_dlmap/preview.js"; });
  await load("page as script", "script", (it) => { it.src = target + "/zh/"; });
  await load("image", "img", (it) => { it.src = target + "/picture.svg"; });
  await load("style", "link", (it) => { it.rel = "stylesheet"; it.href = target + "/_dlmap/overlay.css"; });
  await load("frame", "iframe", (it) => { it.src = target + "/zh/"; });
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
def test_a_page_of_another_site_reads_nothing(
    page: Page, preview: Running, site: Site, elsewhere: str
) -> None:
    (site.output / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')

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
    # A frame shows the page to the user, but tells the other site nothing of it.
    assert seen.pop("frame") == "loaded"
    assert seen.pop("no-cors") in ("", "refused")
    assert seen.pop("no-cors post") in ("", "refused")
    assert len(seen) == 9
    assert set(seen.values()) == {"refused"}, seen
    assert site.builds == ["第一版"]
