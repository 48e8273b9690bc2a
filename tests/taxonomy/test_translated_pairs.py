"""Translations of any shape: permuted, with gaps, repetitions, other nesting and moved sections, and what readers get."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from dlmap.cache import Cache
from dlmap.load.discover import discover
from dlmap.load.site import Loader
from dlmap.render import RenderedSite, Templates
from dlmap.site import plan_site
from dlmap.site.page_types import reserved_ids
from dlmap.theme import Theme

some = settings(max_examples=12, deadline=None, derandomize=True, database=None)
many = settings(some, max_examples=800)
LABELS = ("甲", "乙", "丙")
"""Few, so that labels repeat at all levels."""
ENGLISH = {"甲": "Kind A", "乙": "Kind B", "丙": "Kind C"}


@dataclass(frozen=True)
class Approach:
    """A bullet of an outline, by its Chinese label."""

    label: str
    number: int
    below: tuple[Approach, ...] = ()

    def walk(self) -> Iterator[Approach]:
        yield self
        for approach in self.below:
            yield from approach.walk()


Family = tuple[Approach, ...]


@st.composite
def bullets(draw: st.DrawFn, counter: list[int], depth: int = 0) -> Family:
    labels = draw(st.lists(st.sampled_from(LABELS), max_size=3, unique=depth == 0))
    approaches = []
    for label in dict.fromkeys(labels):
        counter[0] += 1
        number = counter[0]
        below = draw(bullets(counter, depth + 1)) if depth < 2 and draw(st.booleans()) else ()
        approaches.append(Approach(label, number, below))
    return tuple(approaches)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[Family], list[Family]]:
    """Families of a first outline, and what a translation makes of them."""
    counter = [0]
    families = [draw(bullets(counter)) for _ in range(2)]
    return families, [draw(reshaped(family, families)) for family in families]


@st.composite
def reshaped(draw: st.DrawFn, family: Family, families: list[Family]) -> Family:
    approaches = list(draw(st.permutations(family)))
    match draw(st.sampled_from(["same", "gap", "repeated", "moved", "flat", "deeper"])):
        case "gap":
            approaches = approaches[1:]
        case "repeated":
            approaches += approaches[:1]
        case "moved":
            approaches += [approach for other in families for approach in other][:1]
        case "flat":
            approaches = [inner for approach in approaches for inner in approach.walk()]
        case "deeper" if approaches:
            approaches = [Approach(approaches[0].label, approaches[0].number, tuple(approaches))]
    return tuple(approaches)


def written(families: list[Family], lang: str) -> str:
    lines = ["# 部分 (Part)", "", "## 类型 (Type)", ""] if lang == "zh" else ["# Part", "", "## Type", ""]
    for index, family in enumerate(families):
        name = ("一族", "二族")[index] if lang == "zh" else ("First family", "Second family")[index]
        words = "一族方法。" if lang == "zh" else "A family of methods."
        lines += [f"### {name} {{#family-{index}}}", "", words, ""]
        lines += [line for approach in family for line in bullet(approach, 0, lang)]
        lines.append("")
    return "\n".join(lines) + "\n"


def bullet(approach: Approach, depth: int, lang: str) -> Iterator[str]:
    if lang == "zh":
        label = f"**{approach.label}**({ENGLISH[approach.label]})：第{approach.number}条说明。例如 "
    else:
        label = f"**{ENGLISH[approach.label]}**: Words number {approach.number}. For example "
    yield f"{'  ' * depth}- {label}**Net-{approach.number}**"
    for below in approach.below:
        yield from bullet(below, depth + 1, lang)


def assert_both_languages_are_whole(
    families: list[Family], translated: list[Family], folder: Path, loader: Loader
) -> None:
    content = folder / "content"
    content.mkdir(exist_ok=True)
    (folder / "dlmap.toml").write_text('languages = ["zh", "en"]\n', "utf-8")
    (content / "outline.zh.md").write_text(written(families, "zh"), "utf-8")
    (content / "outline.en.md").write_text(written(translated, "en"), "utf-8")
    site_content = loader.load(discover(folder))
    site = plan_site(site_content.taxonomy, site_content.config, site_content.articles)
    rendered = RenderedSite(site, Templates(Theme.for_site(folder)), site_content.formulas.results)
    pages = {
        page.path: LexborHTMLParser(rendered.content(f"{page.path}index.html"))
        for page in site.pages
        if page.template in ("type.html", "family.html", "method.html")
    }
    for path, page in pages.items():
        ids = [node.attributes["id"] for node in page.css("[id]")]
        assert len(ids) == len(set(ids)), f"{path}: an id occurs twice"
        for link in page.css("main a[href^='#']"):
            anchor = (link.attributes["href"] or "#")[1:]
            assert not anchor or anchor in ids, f"{path}: #{anchor} leads nowhere"
    for index, family in enumerate(families):
        for lang in ("zh", "en"):
            page = pages[f"{lang}/family-{index}/"]
            shown = [section.id for section in page.css("section.approach")]
            chinese = pages[f"zh/family-{index}/"]
            assert sorted(shown) == sorted(section.id for section in chinese.css("section.approach"))
            text = page.css_first("main").text()
            for approach in family:
                for inner in approach.walk():
                    assert f"Net-{inner.number}" in text, f"{lang}: {inner}"
        chinese_text = pages[f"zh/family-{index}/"].css_first("main").text()
        for approach in family:
            for inner in approach.walk():
                assert f"第{inner.number}条说明" in chinese_text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pairs")


def test_every_approach_is_on_both_pages(folder: Path) -> None:
    with Cache.open(None) as cache, Loader(cache, reserved_ids=reserved_ids()) as loader:
        some(given(pairs())(lambda pair: assert_both_languages_are_whole(*pair, folder, loader)))()


@pytest.mark.nightly
@pytest.mark.timeout(3000)
def test_every_approach_is_on_both_pages_hundreds_of_times(folder: Path) -> None:
    with Cache.open(None) as cache, Loader(cache, reserved_ids=reserved_ids()) as loader:
        many(given(pairs())(lambda pair: assert_both_languages_are_whole(*pair, folder, loader)))()
