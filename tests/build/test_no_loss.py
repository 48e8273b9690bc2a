"""From the outline to the pages, in both languages: every heading, method, formula and word of it is on a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings

from dlmap.cache import Cache
from dlmap.load.discover import discover
from dlmap.load.site import Loader
from dlmap.render import RenderedSite, Templates
from dlmap.site import plan_site
from dlmap.site.page_types import reserved_ids
from dlmap.theme import Theme
from support.outlines import Written, outlines

some = settings(max_examples=15, deadline=None, derandomize=True, database=None)
many = settings(some, max_examples=1000)
ENGLISH = (
    *(("文字第", "Words "), ("段", " of text"), ("的话", " so far"), ("标签", "Label "), ("号", " mark")),
    *(
        ("一种思路是改进(如", "One idea is to improve it (such as "),
        (")。", "). "),
        ("常见的方法有", "Common methods include "),
    ),
    *(
        ("包括", "These include "),
        ("等。", " etc. "),
        ("如", "Such as "),
        ("：", ": "),
        ("，", ", "),
        ("、", ", "),
        ("。", ". "),
    ),
    *(("（", " ("), ("）", ")")),
)
"""The words of the generated outlines, translated."""


def in_english(text: str) -> str:
    for chinese, english in ENGLISH:
        text = text.replace(chinese, english)
    return text


class LangString(HTMLParser):
    """What a page says in `main`, without white space and without what KaTeX draws; formulas as their TeX."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.formulas = 0
        self._drawn = 0
        """How many elements of a drawing are open."""
        self.feed(page[page.index("<main") : page.index("</main>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.formulas += tag == "annotation"
        if tag == "span" and (self._drawn or ("class", "katex-html") in attrs):
            self._drawn += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._drawn:
            self._drawn -= 1

    def handle_data(self, data: str) -> None:
        if not self._drawn:
            self.said.append(re.sub(r"\s+", "", data))


def assert_all_on_pages(written: Written, lang: str, folder: Path, loader: Loader) -> None:
    translated = in_english if lang == "en" else str
    content = folder / "content"
    content.mkdir(exist_ok=True)
    (folder / "dlmap.toml").write_text(f'languages = ["{lang}"]\nflavor = "kramdown"\n', "utf-8")
    for old in content.iterdir():
        old.unlink()
    (content / f"outline.{lang}.md").write_text(translated(written.text), "utf-8")
    sources = discover(folder)
    made = loader.load(sources)
    site = plan_site(made.taxonomy, made.config, made.articles)
    rendered = RenderedSite(site, Templates(Theme.for_site(sources.folder)), made.formulas.results)
    pages = [page for page in site.pages if page.template in TEMPLATES]
    shown = {page.path: rendered.content(f"{page.path}index.html").decode() for page in pages}
    words = {path: LangString(page) for path, page in shown.items()}
    said = "\n".join("".join(page.said) for page in words.values())
    for part in written.parts:
        for wanted in part.walk():
            for piece in (wanted.label, *wanted.methods, *wanted.text.split("$")[::2]):
                assert re.sub(r"\s+", "", translated(piece)) in said, piece
    # The page of a method only quotes what names it.
    own = [words[page.path].formulas for page in pages if page.template != "method.html"]
    assert sum(own) >= written.formulas


TEMPLATES = ("part.html", "type.html", "family.html", "method.html")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_2a_all_is_on_pages(lang: str, folder: Path) -> None:
    with Cache.open(None) as cache, Loader(cache, reserved_ids=reserved_ids()) as loader:
        some(given(outlines())(lambda written: assert_all_on_pages(written, lang, folder, loader)))()


@pytest.mark.nightly
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_2a_all_is_on_pages_a_thousand_times(lang: str, folder: Path) -> None:
    with Cache.open(None) as cache, Loader(cache, reserved_ids=reserved_ids()) as loader:
        many(given(outlines())(lambda written: assert_all_on_pages(written, lang, folder, loader)))()
