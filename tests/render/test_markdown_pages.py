"""The Markdown beside the pages, and what leads programs to it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from dlmap import build
from dlmap.render import RenderedSite
from dlmap.site import Prose, TocSection
from dlmap.site.page_types import ConceptPage
from support.markdown_pages import OTHER, formulas, words
from support.site_project import edit, write, write_site, written_after

LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)")
FORMULA = re.compile(r"\$\$[^$]*\$\$|\$[^$]*\$")
POST = """---
layout: post
title: 关于残差
---

* TOC
{:toc}

<font color="red">红色</font>与$$a_1$$，见[另一篇](/2022/02/02/two.html)和[外面](https://a.example/x_(y))。
{: .wide}

$$
b^2
$$

![图](/no.png)

<div><a href="/2022/02/02/two.html">块</a></div>
"""


def prose_of(pieces: tuple[Prose | TocSection, ...]) -> Iterator[Prose]:
    for piece in pieces:
        if isinstance(piece, Prose):
            yield piece
        else:
            yield from prose_of(piece.body)


def test_a_twin_says_all_that_its_page_says(rendered: RenderedSite) -> None:
    shown = [
        page for page in rendered.site.pages if page.template in ("family.html", "type.html", "part.html")
    ]
    methods = [page for page in rendered.site.pages if page.template == "method.html"][::20]
    assert len(shown) > 150
    for page in (*shown, *methods):
        content = page.content()
        assert isinstance(content, ConceptPage)
        view = content.view
        again = OTHER.parse(bytes(rendered.content(page.markdown_path)).decode())  # type: ignore[arg-type]
        found, found_formulas = words(again), formulas(again)
        for prose in (*prose_of(view.body), *([view.note] if view.note else [])):
            for block in prose.blocks:
                assert words(block.tokens) in found, page.path
                assert set(formulas(block.tokens)) <= set(found_formulas), page.path
        for row in view.members:
            assert "".join(row.ref.label.split()) in found, page.path


def test_every_page_that_is_text_has_its_twin(default_site: Path) -> None:
    for lang in ("zh", "en"):
        for place in ("", "vae/", "generative-model/", "methods/"):
            page = (default_site / lang / place / "index.html").read_text("utf-8")
            assert '<link rel="alternate" type="text/markdown" href="index.md">' in page
            assert (default_site / lang / place / "index.md").is_file()
    assert "text/markdown" not in (default_site / "zh/timeline/index.html").read_text("utf-8")
    assert ".md" not in (default_site / "sw.js").read_text("utf-8")


def test_links_between_twins_lead_to_twins(default_site: Path) -> None:
    twins = sorted(default_site.rglob("index.md"))
    assert len(twins) > 2000
    existing = {
        file.relative_to(default_site).as_posix() for file in default_site.rglob("*") if file.is_file()
    }
    for twin in twins:
        folder = twin.parent.relative_to(default_site).as_posix()
        for href in set(LINK.findall(FORMULA.sub("", twin.read_text("utf-8")))):
            if "://" not in href:
                target = posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))
                assert target in existing or f"{target}/index.html" in existing, (twin, href)


def test_a_twin_reads_as_plain_markdown(default_site: Path) -> None:
    text = (default_site / "en/vae/index.md").read_text("utf-8")
    assert text.startswith("# VAE\n\n- Method · 2013\n- Place in the map: [Map](../index.md) › ")
    assert "[HTML](./), [中文](../../zh/vae/index.md)" in text
    assert "\n$$\n\\mathcal{L}" in text
    assert "\n## Neighbourhood\n\n- Led to: " in text


@pytest.mark.parametrize("folder", ["", "en/"])
def test_llms_txt_has_the_form_that_programs_expect(default_site: Path, folder: str) -> None:
    text = (default_site / folder / "llms.txt").read_text("utf-8")
    title, quotation, about, *rest = text.split("\n\n")
    assert title.startswith("# ")
    assert quotation.startswith("> ")
    assert "index.md" in about
    assert [block for block in rest if block.startswith("## ")][-1] == "## Optional"
    links = LINK.findall(text)
    assert f"{'' if folder else 'zh/'}variational-autoencoder/index.md" in links
    for href in links:
        assert (default_site / folder / href).is_file(), href
    whole = (default_site / folder / "llms-full.txt").read_text("utf-8")
    assert whole.count("\n---\n\n# ") > 1200
    assert len(text) < 100_000 < len(whole)


def test_with_an_address_of_its_own_a_site_names_whole_addresses(site: Path) -> None:
    base = "https://map.example/a/"
    build(site, site.parent / "out", base_url=base, keep_going=True, durable=False)
    index, whole, twin = (
        (site.parent / "out" / path).read_text("utf-8")
        for path in ("llms.txt", "llms-full.txt", "zh/rnn/index.md")
    )
    assert f"]({base}zh/rnn/index.md)" in index
    assert f"[**LSTM**]({base}zh/lstm/index.md)" in whole
    assert all(href.startswith("https://") for href in LINK.findall(whole))
    assert f"[HTML]({base}zh/rnn/)" in twin
    assert "](../lstm/index.md)" in twin


def test_an_article_is_written_without_the_quirks_of_its_flavour(site: Path) -> None:
    write(site / "content/articles/2022-01-01-one.md", POST)
    build(site, site.parent / "out", keep_going=True, durable=False)
    text = (site.parent / "out/zh/articles/one/index.md").read_text("utf-8")
    assert text == (
        "# 关于残差\n\n"
        "- 2022-01-01\n"
        "- [HTML](./)\n\n"
        "红色与$a_1$，见[另一篇](../two/index.md)和[外面](https://a.example/x_%28y%29)。\n\n"
        "$$\nb^2\n$$\n\n"
        "图\n\n"
        '<div><a href="../two/index.md">块</a></div>\n\n'
        "- 下一篇: [第二篇](../two/index.md) (2022-02-02)\n"
    )
    assert not (site.parent / "out/en/articles/one").exists()
    listed = (site.parent / "out/en/articles/index.md").read_text("utf-8")
    assert "- [关于残差](../../zh/articles/one/index.md) (2022-01-01) (中文)\n" in listed


def test_a_twin_changes_with_its_page_and_with_no_other(site: Path) -> None:
    changed = written_after(
        site, lambda: edit(site / "content/outline.zh.md", "只看一个窗口", "只看小小一个窗口")
    )
    twins = {path for path in changed if path.endswith(("index.md", "llms.txt", "llms-full.txt"))}
    assert {"zh/attention/index.md", "zh/swin/index.md", "llms-full.txt"} <= twins
    assert not twins & {"zh/resnet/index.md", "zh/rnn/index.md", "zh/articles/one/index.md", "llms.txt"}


def test_a_preview_makes_the_same_twins_when_they_are_asked_for(
    rendered: RenderedSite, default_site: Path
) -> None:
    for path in ("zh/vae/index.md", "en/index.md", "llms.txt", "en/llms-full.txt"):
        assert path in rendered.paths()
        assert rendered.content(path) == (default_site / path).read_bytes()


def test_a_site_of_articles_alone_has_an_index_and_no_whole_text(tmp_path: Path) -> None:
    write_site(tmp_path / "map")
    for file in (tmp_path / "map/content").glob("*.*"):
        file.unlink()
    build(tmp_path / "map", tmp_path / "out", keep_going=True, durable=False)
    assert "](zh/articles/index.md): 2" in (tmp_path / "out/llms.txt").read_text("utf-8")
    assert not (tmp_path / "out/llms-full.txt").exists()
