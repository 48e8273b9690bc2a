"""What helps to read: timeline, glossary, formulas, facts for scripts, as a reader and other programs find them."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dlmap import build
from dlmap.site.concept_data import SHARDS, shard_of
from dlmap.site.symbols import symbols_in
from dlmap.taxonomy import NAMED
from support.blog import write
from support.checkout import ROOT, require
from support.web_page import attributes, one, read_html, texts

MOST_GZIP = 150_000
POST = """---
title: 一篇
---
# 视觉 (Vision)

## 主干 (Backbones)

### 卷积网络 (Convolutional Networks)

**感受野**(receptive field)随深度增大。

$$ \\mathcal{L} = D_{KL}(q\\|p) $$

- 深 (Deep)：如**VGG**, **ResNet**
"""


def read(site: Path, path: str) -> str:
    return (site / path / "index.html").read_text("utf-8")


def fact(site: Path, concept_id: str, lang: str = "zh") -> dict[str, object]:
    file = site / f"data/facts/{lang}/{shard_of(concept_id)}.json"
    found: dict[str, object] = json.loads(file.read_text("utf-8"))[concept_id]
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_timeline_has_every_dated_method_in_its_year(default_site: Path, lang: str) -> None:
    page = read_html(read(default_site, f"{lang}/timeline"))
    concepts = json.loads((default_site / "taxonomy.json").read_text("utf-8"))["concepts"]
    dated = {c["id"]: c["year"] for c in concepts if c["year"] and c["kind"] in NAMED}
    found = {
        link.removeprefix("../").rstrip("/"): int((section.id or "").removeprefix("y"))
        for section in page.css("section.in-year")
        for link in attributes(section, "li > a:first-child", "href")
    }
    assert found == dated
    years = [int(anchor.removeprefix("y")) for anchor in attributes(page, "section.in-year", "id")]
    assert years == sorted(years)


def test_a_method_on_the_timeline_knows_what_it_is_based_on(default_site: Path) -> None:
    page = read_html(read(default_site, "en/timeline"))
    [based_on] = attributes(page, 'li:has(> a[href="../densenet/"])', "data-based")
    assert "resnet" in based_on.split()


def test_the_glossary_pairs_terms_of_labels_and_of_text_in_both_orders(default_site: Path) -> None:
    def terms(path: str) -> list[tuple[str, str]]:
        rows = read_html(read(default_site, path)).css("tbody tr")
        return [(one(row, "th").text(), row.css("td")[0].text()) for row in rows]

    by_pinyin, by_english = terms("zh/glossary"), terms("zh/glossary/reversed")
    assert ("感受野", "receptive field") in by_pinyin, "from the text"
    assert ("变分自编码器", "variational autoencoder") in by_pinyin, "from labels and text, once"
    assert sorted(by_pinyin) == sorted((zh, en) for en, zh in by_english)
    assert len(set(by_pinyin)) == len(by_pinyin)
    initials = [en[0].lower() for en, _ in by_english if en[0].isalpha()]
    assert initials == sorted(initials)
    order = [zh for zh, _ in by_pinyin]
    assert order.index("变分自编码器") < order.index("感受野") < order.index("注意力机制")


def test_the_glossary_download_is_a_table_of_pairs(default_site: Path) -> None:
    lines = (default_site / "glossary.tsv").read_text("utf-8").splitlines()
    assert lines[0].split("\t") == ["zh", "en", "concepts"]
    rows = [line.split("\t") for line in lines[1:]]
    assert all(len(row) == 3 and all(row) for row in rows)
    assert len({(zh, en) for zh, en, _ in rows}) == len(rows) > 100


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_formula_index_shows_every_display_formula_of_the_concept_pages(
    default_site: Path, lang: str
) -> None:
    def displayed(html: str) -> set[str]:
        return set(texts(read_html(html), "div.formula annotation"))

    index = set()
    for page in (default_site / lang / "formulas").glob("*/index.html"):
        index |= displayed(page.read_text("utf-8"))
    concepts = json.loads((default_site / "taxonomy.json").read_text("utf-8"))["concepts"]
    shown = set()
    for concept in concepts:
        if concept["kind"] != "approach":
            shown |= displayed(read(default_site, f"{lang}/{concept['id']}"))
    assert len(shown) > 300
    assert index == shown


def test_a_symbol_leads_to_the_concepts_that_use_it(default_site: Path) -> None:
    links = attributes(read_html(read(default_site, "en/formulas")), "#symbol-KL a", "href")
    assert {"../variational-autoencoder/", "../beta-vae/"} <= set(links)


def test_every_spelling_of_a_symbol_is_one() -> None:
    def names(tex: str) -> set[str]:
        return {symbol.text for symbol in symbols_in(tex)}

    for tex in (r"D_{KL}(q)", r"D_{\mathrm{KL}}", r"\mathrm{KL}(q\|p)", r"KL\left[q\right]", r"\text{KL}"):
        assert "KL" in names(tex), tex
    assert names(r"\varepsilon\epsilon") == {"ε"}
    assert names(r"\mathcal{L}\mathcal L\mathscr{L}") == {"ℒ"}
    assert names(r"\mathbb{E}_{x}") == {"𝔼"}
    assert names(r"\operatorname{softmax}(QK^T)") == {"softmax"}
    assert names(r"x_{\text{if}} + W_{ij} Q K") == set()


def test_no_page_of_an_index_is_heavy(default_site: Path) -> None:
    pages = [
        file
        for lang in ("zh", "en")
        for name in ("timeline", "glossary", "formulas", "cards", "compare")
        for file in (default_site / lang / name).rglob("index.html")
    ]
    assert len(pages) > 20
    assert {file: size for file in pages if (size := len(gzip.compress(file.read_bytes()))) > MOST_GZIP} == {}


def test_facts_say_what_a_preview_shows(default_site: Path) -> None:
    facts = fact(default_site, "beta-vae", "en")
    assert facts["label"] == "β-VAE"
    assert facts["year"] == 2017
    assert facts["basedOn"] == ["VAE"]
    assert str(facts["places"][0]).startswith("Generative Models › Likelihood-based Generative Models")  # type: ignore[index]
    assert "KL" in str(facts["text"])
    section = fact(default_site, "variational-autoencoder-prior")
    assert section["path"] == "zh/variational-autoencoder/#prior"


def test_members_are_counted_as_the_pages_count_them(default_site: Path) -> None:
    members = json.loads((default_site / "data/members.json").read_text("utf-8"))
    found = [members["methods"][index] for index in members["under"]["variational-autoencoder"]]
    assert {"vae", "beta-vae"} <= set(found)
    assert f"{len(found)} methods" in read(default_site, "en/variational-autoencoder")


def test_scripts_look_for_facts_where_the_build_puts_them() -> None:
    script = (ROOT / "static" / "concept-data.js").read_text("utf-8")
    node = shutil.which("node")
    require(node is not None, "node")
    function = re.search(r"function shardOf.*?\n}", script, re.DOTALL)
    assert function
    ids = ["vae", "beta-vae", "variational-autoencoder-prior", "x" * 100]
    code = f"{function[0]} console.log(JSON.stringify({ids}.map((id) => shardOf(id, {SHARDS}))))"
    done = subprocess.run([str(node), "-e", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [shard_of(concept_id) for concept_id in ids]


def test_a_single_post_gets_them_too(tmp_path: Path) -> None:
    post = tmp_path / "post.md"
    post.write_text(POST, "utf-8")
    site = tmp_path / "site"
    assert build(post, site).published
    assert "ℒ" in read(site, "zh/formulas")
    assert "mathcal" in read(site, "en/formulas/backbones")
    assert '感受野</th><td lang="en">receptive field</td>' in read(site, "zh/glossary")
    assert "in-year" not in read(site, "zh/timeline"), "no method has a year"


def test_a_site_without_formulas_has_no_index_of_them(tmp_path: Path) -> None:
    post = tmp_path / "post.md"
    post.write_text(POST.replace("$$", "`"), "utf-8")
    site = tmp_path / "site"
    assert build(post, site).published
    assert not (site / "zh/formulas").exists()
    assert "formulas/" not in read(site, "zh")


def test_a_note_on_an_approach_stands_in_its_section(tmp_path: Path) -> None:
    outline = "# Map\n\n# 1. Part\n\n## (1) Area\n\n### Family\n\nDivided:\n- Small: such as **Ant**.\n- Large: such as **Cow**.\n"
    note = "What only the note says, $x^2$.\n"
    source = write(
        tmp_path / "source", {"content/outline.en.md": outline, "content/notes/family-small.en.md": note}
    )
    assert build(source, tmp_path / "site", keep_going=True).published
    text = (tmp_path / "site" / "en" / "family" / "index.html").read_text("utf-8")
    section = text.partition('id="small"')[2].partition("</section>")[0]
    assert (
        section.index("Ant") < section.index("What only the note says") < section.index('class="run members"')
    )
    assert "katex" in section


def test_a_method_of_unknown_origin_says_so(default_site: Path) -> None:
    for lang, words in (("zh", "出处待考"), ("en", "origin unconfirmed")):
        assert words in (default_site / lang / "sigmoid" / "index.html").read_text("utf-8")
        assert words not in (default_site / lang / "gelu" / "index.html").read_text("utf-8")
