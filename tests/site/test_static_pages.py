"""The site's own pages: `content/pages/about.zh.md` becomes `/zh/about/`, linked, searched, and never in another's place."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dlmap import build
from dlmap.result import BuildResult
from dlmap.text import Severity
from support.site_check import Text, check_site, tree_hash

OUTLINE = """---
title: 小地图
---

# 视觉 (Vision) {#vision}

## 骨干网络 (Backbones) {#backbones}

### 卷积网络 (Convolutional networks) {#cnn}

见[关于](/about/)。包括**ResNet**。
"""
ABOUT = """---
title: 关于本站
description: 这张地图从何而来。
nav: bar
---

## 缘起

从[卷积网络](#cnn)讲起，公式$y = x$，见[说明](colophon.zh.md)与[缘起](#缘起)。

## 用法

很多字句。
"""
COLOPHON = """---
title: Colophon
---

Set in the reader's own typefaces; see [about](/zh/about/).
"""


def site(folder: Path, more: dict[str, str] | None = None) -> Path:
    files = {
        "content/outline.zh.md": OUTLINE,
        "content/pages/about.zh.md": ABOUT,
        "content/pages/colophon.en.md": COLOPHON,
        "content/pages/colophon.zh.md": "---\ntitle: 说明\n---\n用读者自己的字体。\n",
        **(more or {}),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def built(folder: Path, base_url: str = "") -> tuple[Path, BuildResult]:
    published = folder.parent / "published"
    result = build(folder, published, base_url=base_url)
    assert result.published, [(d.file, d.message) for d in result.diagnostics if d.severity is Severity.ERROR]
    return published, result


def test_a_page_stands_at_its_name_in_every_language(tmp_path: Path) -> None:
    published, result = built(site(tmp_path / "map"), base_url="https://example.org/repo/")
    assert [d.code for d in result.diagnostics if d.code.startswith("DL3")] == []
    check_site(published, "--base", "/repo/")
    page = Text(published / "zh" / "about" / "index.html")
    assert {"../cnn/", "../colophon/", "#缘起"} <= {*page.links}
    html = (published / "zh" / "about" / "index.html").read_text("utf-8")
    assert "<title>关于本站 · 小地图</title>" in html
    assert '<meta name="description" content="这张地图从何而来。">' in html
    assert 'class="katex"' in html
    assert '"@type":"WebPage"' in html
    sitemap = (published / "sitemap.xml").read_text("utf-8")
    for path in ("zh/about/", "en/about/", "zh/colophon/", "en/colophon/"):
        assert f"<loc>https://example.org/repo/{path}</loc>" in sitemap


def test_a_page_without_a_translation_shows_the_original_with_a_notice(tmp_path: Path) -> None:
    published, _ = built(site(tmp_path / "map"))
    html = (published / "en" / "about" / "index.html").read_text("utf-8")
    assert "Not yet translated; this is the original text." in html
    assert '<h1 lang="zh">关于本站</h1>' in html
    assert '<div class="prose long" lang="zh-Hans">' in html
    assert "Not yet translated" not in (published / "en/colophon/index.html").read_text("utf-8")


def test_every_page_links_the_own_ones_in_the_footer_and_some_in_the_bar(tmp_path: Path) -> None:
    published, _ = built(site(tmp_path / "map"))
    for path in ("zh/index.html", "zh/cnn/index.html", "zh/colophon/index.html"):
        html = (published / path).read_text("utf-8")
        bar, footer = html[: html.index("</header>")], html[html.index('<footer class="foot"') :]
        assert ">关于本站</a>" in bar
        assert ">说明</a>" not in bar
        assert ">关于本站</a>" in footer, "for a bar that has no room"
        assert ">说明</a>" in footer
    assert (
        '<a class="to-page" href="./" aria-current="page">关于本站</a>'
        in (published / "zh/about/index.html").read_text()
    )


def test_the_outline_links_a_page_in_the_language_of_its_reader(tmp_path: Path) -> None:
    published, _ = built(site(tmp_path / "map"))
    assert "../about/" in Text(published / "zh" / "cnn" / "index.html").links
    assert "../about/" in Text(published / "en" / "cnn" / "index.html").links


def test_the_search_knows_pages(tmp_path: Path) -> None:
    published, _ = built(site(tmp_path / "map"))
    texts = [json.loads(file.read_text("utf-8")) for file in (published / "search").glob("zh-*.json")]
    assert ["about/", "关于本站"] in [entry for each in texts for entry in each["articles"]]
    assert any("很多字句" in each["text"] for each in texts)


def test_what_is_wrong_in_a_page_is_told_with_its_place(tmp_path: Path) -> None:
    text = "---\ntitle: 页\nnav: top\n---\n\n见[没有](#nothing)。\n\n$$\\frac{x$$\n"
    result = build(site(tmp_path / "map", {"content/pages/wrong.zh.md": text}), tmp_path / "out")
    told = [
        (d.code, d.position and d.position.line) for d in result.diagnostics if d.file.endswith("wrong.zh.md")
    ]
    assert told == [("DL106", 3), ("DL311", 6), ("DL401", 8)]
    assert not result.published


@pytest.mark.parametrize(
    ("name", "holder"),
    [
        ("cnn.zh.md", "the concept at content/outline.zh.md:9"),
        ("resnet.zh.md", "the concept at content/outline.zh.md:11"),
        ("glossary.zh.md", "a page that dlmap makes"),
        ("other/about.zh.md", "content/pages/about.zh.md"),
    ],
)
def test_a_taken_address_is_refused_with_both_places(tmp_path: Path, name: str, holder: str) -> None:
    folder = site(tmp_path / "map", {f"content/pages/{name}": "---\ntitle: 页\n---\n字。\n"})
    result = build(folder, tmp_path / "out")
    refused = [d for d in result.diagnostics if d.code == "DL326"]
    assert [d.file for d in refused] == [f"content/pages/{name}"]
    assert refused[0].message.endswith(f"is taken by {holder}")
    assert not result.published


def test_a_page_and_an_article_may_have_one_name(tmp_path: Path) -> None:
    more = {"content/articles/2022-01-01-about.zh.md": "---\ntitle: 旧文\n---\n见[关于](/about/)。\n"}
    published, result = built(site(tmp_path / "map", more))
    assert result.articles == 1
    assert (published / "zh" / "about" / "index.html").is_file()
    assert "../../about/" in Text(published / "zh" / "articles" / "about" / "index.html").links
    feed = (published / "zh" / "articles" / "atom.xml").read_text("utf-8")
    assert "旧文" in feed
    assert "关于本站" not in feed, "a page is no article"


def test_an_edit_of_a_page_is_built_as_a_clean_build_would(tmp_path: Path) -> None:
    folder = site(tmp_path / "map")
    built(folder)
    file = folder / "content" / "pages" / "about.zh.md"
    for text in (
        ABOUT.replace("很多字句", "更多字句"),
        ABOUT.replace("关于本站", "关于"),
        "---\ndraft: true\n---\n",
    ):
        file.write_text(text, "utf-8")
        published, _ = built(folder)
        clean = tmp_path / "clean"
        assert build(folder, clean, cache=False).published
        assert tree_hash(published) == tree_hash(clean)
    assert not (published / "zh" / "about").exists()
    assert not re.search("关于", (published / "zh" / "index.html").read_text("utf-8"))


def test_a_domain_of_its_own_is_published(tmp_path: Path) -> None:
    published, _ = built(site(tmp_path / "map", {"dlmap.toml": 'domain = "map.example.org"\n'}))
    assert (published / "CNAME").read_text("ascii") == "map.example.org\n"
    assert "<loc>https://map.example.org/zh/</loc>" in (published / "sitemap.xml").read_text("utf-8")
