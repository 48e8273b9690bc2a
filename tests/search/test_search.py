"""Search: what is found for what people type, and the files that it needs."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from dlmap import build
from dlmap.articles import ArticleIndex
from dlmap.cache import Cache
from dlmap.javascript import process
from dlmap.load.discover import discover
from dlmap.load.site import Loader
from dlmap.site import plan_site
from dlmap.site.page_types import reserved_ids
from support.search_engine import SearchEngine

QUERIES = Path(__file__).parent
SEARCHED = ("names.json", "zh-1.json")


@pytest.fixture(scope="module")
def engine(default_site: Path) -> SearchEngine:
    return SearchEngine(default_site)


def queries(name: str) -> list[tuple[str, str, list[str]]]:
    rows = (line.split("\t") for line in (QUERIES / name).read_text("utf-8").splitlines())
    return [(lang, query, wanted.split()) for lang, query, wanted in rows]


def first_three(engine: SearchEngine, query: str, lang: str) -> list[str]:
    """The ids of the concepts shown first: an approach is the id of its family and its own fragment."""
    return [
        path.removeprefix(f"{other}/").replace("/#", "-").rstrip("/")
        for path in engine.paths(query, lang)[:3]
        for other in engine.names["languages"]
        if path.startswith(f"{other}/")
    ]


@pytest.mark.parametrize("name", ["golden.tsv", "blind.tsv"])
def test_what_is_looked_for_stands_among_the_first_three(engine: SearchEngine, name: str) -> None:
    missed = [
        (query, wanted, found)
        for lang, query, wanted in queries(name)
        if not set(found := first_three(engine, query, lang)) & set(wanted)
    ]
    assert missed == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "name", ["VAE", "GAN", "Transformer", "BERT", "Adam", "Dropout", "ResNet", "LSTM", "SAM"]
)
def test_a_name_comes_before_its_longer_relatives(engine: SearchEngine, name: str, lang: str) -> None:
    for query in (name, name.lower(), f" {name.upper()} "):
        assert engine.paths(query, lang)[0] == f"{lang}/{name.lower()}/"


def test_a_hit_tells_its_place_and_shows_where_the_words_stand(engine: SearchEngine) -> None:
    (group, *_) = engine.search("变分自编", "zh")["groups"]
    hit = group["hits"][0]
    assert group["kind"] == "concepts"
    assert hit["title"] == ["", "变分自编", "码器"]
    assert hit["place"] == ["生成模型", "基于似然的生成模型"]
    assert hit["passage"][1] == "变分自编"
    assert (hit["kind"], hit["lang"]) == ("family", "zh")


def test_accents_and_greek_letters_are_marked_where_they_stand(engine: SearchEngine) -> None:
    assert engine.call("marked", "Die Nyströmformer-Näherung", ["nystrom"]) == [
        "Die ",
        "Nyström",
        "former-Näherung",
    ]
    assert engine.call("marked", "die β-VAE", ["beta", "vae"]) == ["die ", "β", "-", "VAE"]
    assert engine.call("marked", "a train of AI", ["ai"]) == ["a train of ", "AI"], "words, not parts of them"


def test_a_long_passage_is_cut_around_the_hit(engine: SearchEngine) -> None:
    shown = "".join(engine.call("marked", f"{'one ' * 100}needle{' two' * 100}", ["needle"], 60))
    assert "needle" in shown
    assert len(shown) <= 62
    assert shown.startswith("…one ")
    assert shown.endswith("…")


def test_the_readers_language_comes_first_and_the_other_one_too(engine: SearchEngine) -> None:
    """A phrase that only the English text has."""
    for lang, other in (("zh", "en"), ("en", "zh")):
        phrase = {"zh": "posterior collapse", "en": "后验坍缩"}[lang]
        hits = [hit for group in engine.search(phrase, lang)["groups"] for hit in group["hits"]]
        assert any(hit["lang"] == other for hit in hits), phrase
    hits = [hit for group in engine.search("attention", "en")["groups"] for hit in group["hits"]]
    order = [hit["path"][:2] for hit in hits]
    assert order == sorted(order), "English before Chinese"


def test_titles_of_papers_are_found(engine: SearchEngine) -> None:
    assert "en/vae/" in engine.paths("Auto-Encoding Variational Bayes", "en")[:3]


def test_where_nothing_is_found_something_is_suggested(engine: SearchEngine) -> None:
    answer = engine.search("qzxqzxqz", "zh")
    assert answer["groups"] == []
    assert answer["suggestions"]
    for empty in ("", "   ", "？！", "-", "+"):
        engine.search(empty, "zh")


def test_any_query_is_answered(engine: SearchEngine) -> None:
    for query in (
        "(",
        "[a-z]*",
        "\\",
        '"',
        "<b>",
        "__proto__",
        "constructor",
        "🙂",
        "\ud83d",
        "a" * 200,
        "的" * 200,
    ):
        assert set(engine.search(query, "en")) == {"groups", "suggestions"}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Nyströmformer", "nystromformer"),
        ("β-VAE", "betavae"),
        ("ＶＡＥ", "vae"),
        ("BA²M", "ba2m"),
        ("UNet++", "unet++"),
        ("卷積神經網絡", "卷积神经网络"),
    ],
)
def test_spellings_of_one_name_share_a_key(engine: SearchEngine, text: str, key: str) -> None:
    assert engine.call("keyOf", text) == key


def test_a_name_is_found_by_its_parts(engine: SearchEngine) -> None:
    assert {"infovae", "info", "vae"} <= set(engine.call("indexTerms", "InfoVAE"))
    assert {"变分", "分自", "器"} <= set(engine.call("indexTerms", "变分自编码器"))
    assert engine.call("acronymOf", "Convolutional Neural Networks") == "cnn"
    assert engine.call("acronymOf", "Bag of Words") == "bw"


def test_the_files_are_small(default_site: Path) -> None:
    concepts = len(json.loads((default_site / "taxonomy.json").read_bytes())["concepts"])
    sizes = {
        file.name: len(gzip.compress(file.read_bytes(), 6)) for file in (default_site / "search").iterdir()
    }
    assert sizes["names.json"] < 65 * concepts
    assert sum(size for name, size in sizes.items() if name.startswith("zh")) < 160 * concepts
    assert sum(size for name, size in sizes.items() if name.startswith("en")) < 160 * concepts
    assert all(file.stat().st_size < 1_000_000 for file in (default_site / "search").iterdir())


# Other sites


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "content" / "articles").mkdir(parents=True)
    (tmp_path / "content" / "outline.zh.md").write_text(
        "# 地图\n\n## 部分 {#part}\n\n### 方向 {#area}\n\n#### [长毛象](/a.html) {#mammoth .family}\n\n长毛象是一类模型。\n",
        "utf-8",
    )
    (tmp_path / "content" / "articles" / "2024-01-02-tusk.md").write_text(
        "---\ntitle: 象牙的生长\ndate: 2024-01-02\n---\n\n第一段讲起源。\n\n每年都有一圈琥珀色的年轮。\n",
        "utf-8",
    )
    return tmp_path


def test_articles_are_found_by_title_and_by_text(site: Path) -> None:
    assert build(site, site / "out").published
    engine = SearchEngine(site / "out")
    for query in ("象牙", "琥珀色", "象牙 年轮"):
        (group, *_) = engine.search(query, "zh")["groups"]
        (hit,) = group["hits"]
        assert (group["kind"], hit["kind"], "".join(hit["title"])) == ("text", "article", "象牙的生长")
        assert (site / "out" / hit["path"] / "index.html").is_file()
    for query in ("cmx", "changmaoxiang", "chang mao", "maoxiang"):
        assert engine.paths(query, "zh")[0] == "zh/mammoth/"


def test_the_same_site_gives_the_same_bytes(site: Path) -> None:
    for name in ("one", "two"):
        build(site, site / name, cache=False)
    for name in SEARCHED:
        assert (site / "one" / "search" / name).read_bytes() == (site / "two" / "search" / name).read_bytes()


def test_planning_makes_no_index(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = discover(site)
    with Cache.open(None) as cache, Loader(cache, reserved_ids=reserved_ids()) as loader:
        taxonomy = loader.load(sources).taxonomy
    monkeypatch.setattr(process, "_spawn", lambda *_: pytest.fail("V8 was started"))
    planned = plan_site(taxonomy, sources.config, ArticleIndex((), "", None))
    assert {f"search/{name}" for name in SEARCHED} <= planned.data.keys()


def test_a_long_text_is_told_in_several_files(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlmap.site.search.SHARD_CHARACTERS", 10)
    build(site, site / "out")
    names: dict[str, Any] = json.loads((site / "out" / "search" / "names.json").read_bytes())
    assert len(names["texts"]["zh"]) >= 2
    assert SearchEngine(site / "out").paths("琥珀色", "zh") == ["zh/articles/tusk/"]
    assert "zh/mammoth/" in SearchEngine(site / "out").paths("一类模型", "zh")


def test_a_blog_without_an_outline_is_searched_too(site: Path) -> None:
    (site / "content" / "outline.zh.md").unlink()
    assert build(site, site / "out").published
    engine = SearchEngine(site / "out")
    assert engine.paths("琥珀色", "zh") == ["zh/articles/tusk/"]
    assert engine.search("qzxqzxqz", "zh") == {"groups": [], "suggestions": []}
    page = (site / "out" / "zh" / "articles" / "tusk" / "index.html").read_text("utf-8")
    assert 'href="../../search/" data-search' in page
    index = (site / "out" / "zh" / "search" / "index.html").read_text("utf-8")
    assert 'href="../articles/"' in index, "without scripts the button leads to the list of articles"
