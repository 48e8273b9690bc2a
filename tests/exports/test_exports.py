"""`dlmap export` and the files of open data, each read by another program's parser."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import bibtexparser
import pytest
from click.testing import CliRunner, Result

from dlmap.cli import group
from dlmap.exports import Bibliography, anki
from dlmap.taxonomy import Concept, Kind, Paper, Taxonomy
from support.web_page import attributes, one, read_html

OUTLINE = """---
title: 图
---
# 视觉 (Vision)

## 主干 (Backbones)

### 卷积网络 (Convolutional Networks)

卷积网络(convolutional network)由核 $k<n$ 定义，见 <b>。

$$ y = k * x $$

- 深 (Deep)：如**VGG**, **ResNet**

### 注意力 (Attention)

- 混合 (Mixed)：如**ResNet**
"""


def export(*arguments: str | Path) -> Result:
    return CliRunner().invoke(group, ["export", *map(str, arguments)])


@pytest.fixture
def post(tmp_path: Path) -> Path:
    file = tmp_path / "post.md"
    file.write_text(OUTLINE, "utf-8")
    return file


def taxonomy_of(*concepts: Concept) -> Taxonomy:
    known = {concept.id: concept for concept in concepts}
    return Taxonomy(("zh", "en"), known, tuple(known), None, {}, (), {})


def rows(package: bytes, query: str) -> list[tuple[str, ...]]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        database = sqlite3.connect(":memory:")
        database.deserialize(archive.read("collection.anki2"))
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def test_json_is_that_of_the_site(post: Path, tmp_path: Path) -> None:
    assert CliRunner().invoke(group, ["build", str(post), "-o", str(tmp_path / "site")]).exit_code == 0
    done = export(post, "--format", "json")
    assert done.exit_code == 0
    assert done.stdout_bytes == (tmp_path / "site" / "taxonomy.json").read_bytes()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_opml_has_every_way_down(default_site: Path, lang: str) -> None:
    root = ET.parse(default_site / "data" / f"outline.{lang}.opml").getroot()  # noqa: S314 - our own
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    concepts = json.loads((default_site / "taxonomy.json").read_text("utf-8"))["concepts"]
    by_id = {concept["id"]: concept for concept in concepts}

    def ways(concept_id: str) -> list[tuple[str, ...]]:
        label = by_id[concept_id]["label"]
        own = label.get(lang) or next(iter(label.values()))
        below = [way for child in by_id[concept_id]["narrower"] for way in ways(child)]
        return [(own,), *((own, *way) for way in below)]

    def found(element: ET.Element) -> list[tuple[str, ...]]:
        own = element.attrib["text"]
        return [(own,), *((own, *way) for child in element for way in found(child))]

    body = root.find("body")
    assert body is not None
    wanted = [way for concept in concepts if not concept["broader"] for way in ways(concept["id"])]
    assert [way for element in body for way in found(element)] == wanted
    assert len(wanted) > len(concepts), "some stand under several"


def test_opml_links_where_the_site_will_stand(post: Path) -> None:
    done = export(post, "--format", "opml", "--lang", "en", "--base-url", "https://example.org/map/")
    links = {each.get("text"): each.get("url") for each in ET.fromstring(done.stdout).iter("outline")}  # noqa: S314
    assert links["ResNet"] == "https://example.org/map/en/resnet/"
    assert links["Deep"] == "https://example.org/map/en/convolutional-networks/#deep"


def test_bibtex_has_every_paper_once(default_site: Path) -> None:
    text = (default_site / "data" / "papers.bib").read_text("utf-8")
    library = bibtexparser.parse_string(text)
    assert library.failed_blocks == []
    concepts = json.loads((default_site / "taxonomy.json").read_text("utf-8"))["concepts"]
    papers = {(c["paper"]["title"], c["paper"]["url"]) for c in concepts if c["paper"]}
    assert len(library.entries) == len(papers) == len({entry.key for entry in library.entries})
    plain = bibtexparser.parse_string(
        text, append_middleware=[bibtexparser.middlewares.LatexDecodingMiddleware()]
    )
    titles = {entry["title"].strip("{}") for entry in plain.entries}
    assert {"Nyströmformer: A Nyström-Based Algorithm for Approximating Self-Attention"} <= titles
    assert "β-VAE: Learning Basic Visual Concepts with a Constrained Variational Framework" in titles
    assert any("&" in title for title in titles)
    assert sum("doi" in entry.fields_dict for entry in library.entries) > 10
    assert one(read_html(default_site / "en" / "resnet" / "index.html"), "pre.bibtex").text() in text


def test_bibtex_escapes_what_latex_reads() -> None:
    paper = Paper("100% of {X}_y & Z~W, Padé 中", "https://doi.org/10.1000/a%7Bb_c")
    first = Concept("pade", Kind.METHOD, {"en": "Pade"}, year=2019, paper=paper)
    second = Concept("other", Kind.METHOD, {"en": "Other"}, year=2020, paper=paper)
    bibliography = Bibliography(taxonomy_of(first, second))
    assert bibliography.entry(first) == bibliography.entry(second), "one paper has one key"
    assert bibliography.entry(second).splitlines() == [
        "@misc{pade,",
        r"  title = {{100\% of \{X\}\_y \& Z{\textasciitilde}W, Pad\'e 中}},",
        "  year = {2019},",
        "  doi = {10.1000/a%7Bb_c},",
        "  url = {https://doi.org/10.1000/a%7Bb_c}",
        "}",
    ]
    assert bibliography.entry(Concept("x", Kind.METHOD, {"en": "X"})) == ""


def test_anki_cards_ask_names_and_definitions(post: Path, tmp_path: Path) -> None:
    file = tmp_path / "cards.apkg"
    assert export(post, "--format", "anki", "-o", file).exit_code == 0
    package = file.read_bytes()
    notes = {
        fields.split("\x1f")[0]: (fields.split("\x1f"), tags)
        for fields, tags in rows(package, "SELECT flds, tags FROM notes")
    }
    assert set(notes) == {"vision", "backbones", "convolutional-networks", "attention", "vgg", "resnet"}
    fields, tags = notes["convolutional-networks"]
    _, name, other, definition, masked_definition, formulas, place, _ = fields
    assert (name, other, place) == ("卷积网络", "Convolutional Networks", "视觉 › 主干")
    assert r"\(k&lt;n\)" in definition
    assert "卷积网络" not in masked_definition
    assert "convolutional network" not in masked_definition
    assert formulas == r"\[y = k * x\]"
    assert tags.split() == ["vision::backbones::convolutional-networks"]
    assert notes["resnet"][1].split() == [
        "vision::backbones::attention",
        "vision::backbones::convolutional-networks",
    ]
    (decks,) = rows(package, "SELECT decks FROM col")
    assert {deck["name"] for deck in json.loads(decks[0]).values()} == {"Default", "图::视觉"}
    cards = rows(package, "SELECT n.flds, c.ord FROM cards c JOIN notes n ON n.id = c.nid")
    assert sorted(order for fields, order in cards if fields.startswith("attention\x1f")) == [0, 1]
    assert sorted(order for fields, order in cards if fields.startswith("convolutional")) == [0, 1, 2, 3]


def test_anki_packages_know_each_other() -> None:
    """The same map gives the same bytes; one more concept leaves the identities of the others alone."""
    concepts = [Concept(f"c{number}", Kind.PART, {"zh": f"部{number}"}) for number in range(3)]
    query = "SELECT guid FROM notes ORDER BY flds"

    def made(*shown: Concept) -> bytes:
        return anki(taxonomy_of(*shown), "zh", "图", lambda _: "")

    assert made(*concepts) == made(*concepts)
    assert rows(made(*concepts), query)[1:] == rows(made(*concepts[1:]), query)
    decks = [
        json.loads(rows(made(*some), "SELECT decks FROM col")[0][0]) for some in (concepts, concepts[1:])
    ]
    assert decks[1].keys() < decks[0].keys()


def test_binary_formats_take_a_name_of_their_own(post: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(post.parent)
    done = export(post, "--format", "anki", "--lang", "en")
    assert done.exit_code == 0
    assert "cards.en.apkg" in done.stderr
    assert zipfile.is_zipfile(post.parent / "cards.en.apkg")


def test_nothing_is_written_where_the_content_has_errors(tmp_path: Path) -> None:
    post = tmp_path / "post.md"
    post.write_text(f"{OUTLINE}\n[x](javascript:x)\n", "utf-8")
    done = export(post, "--format", "json", "-o", tmp_path / "out.json")
    assert done.exit_code == 1
    assert "error[DL303]" in done.stderr
    assert not (tmp_path / "out.json").exists()


def test_outputs_that_are_refused(tmp_path: Path, post: Path) -> None:
    site = tmp_path / "in"
    (site / "content" / "notes").mkdir(parents=True)
    (site / "content" / "outline.md").write_text(OUTLINE, "utf-8")
    (site / "link.md").symlink_to("content/outline.md")
    for place, reason in {
        site: "is a folder",
        site / "content" / "outline.md": "is a source",
        site / "content" / "new.json": "lies inside",
        site / "link.md": "is a source",
        site / "nowhere" / "x.json": "there is no folder",
    }.items():
        done = export(site, "--format", "json", "-o", place)
        assert (done.exit_code, reason in done.stderr) == (2, True), done.stderr
    assert (site / "content" / "outline.md").read_text("utf-8") == OUTLINE
    assert export(post, "--format", "json", "-o", post).exit_code == 2
    assert export(post, "--format", "json", "--lang", "zh").exit_code == 2
    assert export(post, "--format", "bibtex").exit_code == 1, "there is no paper"


def test_an_export_takes_the_place_of_the_last_one(post: Path, tmp_path: Path) -> None:
    file = tmp_path / "map.opml"
    file.write_text("before", "utf-8")
    assert export(post, "--format", "opml", "-o", file).exit_code == 0
    assert ET.parse(file).getroot().tag == "opml"  # noqa: S314
    assert sorted(each.name for each in tmp_path.iterdir() if each.suffix in {".new", ".opml"}) == [
        "map.opml"
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_of_data_offers_every_file(default_site: Path, lang: str) -> None:
    page = read_html(default_site / lang / "data" / "index.html")
    links = [link.removeprefix("../../") for link in attributes(page, "a[type]", "href")]
    assert {"taxonomy.json", "data/taxonomy.schema.json", "data/papers.bib", "glossary.tsv"} <= set(links)
    assert {f"data/{name}" for name in ("outline.zh.opml", "cards.zh.apkg", "cards.en.apkg")} <= set(links)
    for link in links:
        assert (default_site / link).stat().st_size > 0
    size = (default_site / "taxonomy.json").stat().st_size
    assert f"{size / 1_000_000:.1f} MB" in one(page, "main").text()
    assert 'href="data/"' in (default_site / lang / "index.html").read_text("utf-8")
