"""The taxonomy as linked data: what other programs read in the files of a site."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, SKOS, BNode, Graph, URIRef

from dlmap import build
from dlmap.preview.media_types import media_type
from dlmap.taxonomy import NAMED
from support.checkout import ROOT
from support.skos_reader import HERE, SCHEMA, Reader, as_read, broken_rules, graph_of, site_graph
from support.web_page import one, read_html

BASE = "https://user.example/repo/"
OUTLINE = r"""---
title: 地图
lang: zh
---

# 类型 (Types) {#types}

## 网络 (Networks) {#networks}

### 卷积 "C\\D" (Convolution) {#cnn}

第一段：`a\b` "引号" 'x' ^`|{}<>。

- **残差 (Residual)**{#residual}：如**ResNet**。
  - **更深 (Deeper)**{#deeper}：如**GPT-2**和**GPT-3**。
- **空的 (Empty)**{#empty}：没有方法。

### 循环 {#rnn}

- [残差](#residual)
"""
METHODS = """
resnet:
  name: ResNet
  aliases: [残差网络, RN]
  expansion: Residual network
  year: 2015
  paper: {title: "Deep \\"residual\\" \\\\ learning", url: "https://papers.example/1512"}
  summary: {zh: 一句话。}
  confidence: medium
gpt-2: {name: GPT-2, series: GPT, based_on: [resnet]}
gpt-3: {name: GPT-3, series: GPT, based_on: [gpt-2], paper: {title: A paper without address}}
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source") / "map"
    write(folder, {"content/outline.zh.md": OUTLINE, "content/methods.yml": METHODS})
    return folder


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


@pytest.fixture(scope="module")
def small_site(source: Path) -> Path:
    assert build(source, source.parent / "small", keep_going=True).published
    return source.parent / "small"


@pytest.fixture(scope="module")
def addressed_site(source: Path) -> Path:
    assert build(source, source.parent / "addressed", base_url=BASE, keep_going=True).published
    return source.parent / "addressed"


@pytest.fixture(scope="module", params=["default_site", "seed_site", "small_site"])
def site(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(request.param)
    return folder


@pytest.fixture(scope="module")
def whole(site: Path) -> Graph:
    return site_graph(site, "taxonomy.ttl")


@pytest.fixture(scope="module")
def small(small_site: Path) -> Graph:
    return site_graph(small_site, "taxonomy.ttl")


def taxonomy_of(site: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((site / "taxonomy.json").read_bytes())
    return loaded


# What is in the graph


def test_both_files_say_the_same(site: Path, whole: Graph) -> None:
    # Everything has a name; so graphs that say the same are equal as they stand.
    assert not any(isinstance(term, BNode) for triple in whole for term in triple)
    assert set(site_graph(site, "taxonomy.jsonld")) == set(whole)


def test_the_integrity_conditions_hold(whole: Graph) -> None:
    assert broken_rules(whole) == set()


def test_every_field_of_every_concept_can_be_read_back(site: Path, whole: Graph) -> None:
    concepts = taxonomy_of(site)["concepts"]
    assert len(concepts) > 5
    assert Reader(whole).concepts() == {concept["id"]: as_read(concept) for concept in concepts}


def test_every_approach_that_names_methods_has_a_collection_of_them(site: Path, whole: Graph) -> None:
    named = {concept["id"] for concept in taxonomy_of(site)["concepts"] if concept["kind"] in NAMED}
    for concept in taxonomy_of(site)["concepts"]:
        if concept["kind"] == "approach":
            members = whole.objects(URIRef(f"{HERE}#{concept['id']}.methods"), SKOS.member)
            ids = {str(member).removeprefix(f"{HERE}#") for member in members}
            assert ids == named & set(concept["narrower"])


def test_a_series_is_a_collection(small: Graph) -> None:
    members = small.objects(URIRef(f"{HERE}#series/GPT"), SKOS.member)
    assert set(members) == {URIRef(f"{HERE}#gpt-2"), URIRef(f"{HERE}#gpt-3")}


def test_addresses_are_written_as_iris(tmp_path: Path) -> None:
    papers = {"a": "https://x.example/{1} |2|?q=甲", "b": "https://[broken"}
    entries = (
        f"{key}: {{name: {key.upper()}, paper: {{title: T, url: '{url}'}}}}" for key, url in papers.items()
    )
    write(
        tmp_path / "map",
        {
            "dlmap.toml": 'origin = "blog.example"\n',
            "content/outline.zh.md": "# 类型\n\n## 网络\n\n### [名](/2020/a.html) {#name}\n\n- 方法：如**A**和**B**。\n",
            "content/methods.yml": "\n".join(entries),
        },
    )
    build(tmp_path / "map", tmp_path / "out", keep_going=True)
    for path in ("taxonomy.ttl", "taxonomy.jsonld"):
        graph = site_graph(tmp_path / "out", path)
        addresses = {
            str(thing).removeprefix(HERE): str(url) for thing, url in graph.subject_objects(SCHEMA.url)
        }
        assert addresses == {
            "#name.article.1": "https://blog.example/2020/a.html",
            "#a.paper": "https://x.example/%7B1%7D%20%7C2%7C?q=甲",
        }


# What the rules are worth

BREAKS = {
    "S9": "<#cnn> a skos:ConceptScheme .",
    "S13": '<#resnet> skos:altLabel "ResNet"@en .',
    "S13 hidden": '<#resnet> skos:hiddenLabel "RN"@en .',
    "S13 preferred and hidden": '<#resnet> skos:hiddenLabel "ResNet"@en .',
    "S14": '<#cnn> skos:prefLabel "Another"@en .',
    "S27": "<#cnn> skos:related <#resnet> . <#resnet> skos:related <#cnn> .",
    "S27 far": "<#types> skos:related <#cnn-deeper> . <#cnn-deeper> skos:related <#types> .",
    "S37": "<#cnn-residual> a skos:Collection .",
    "S37 scheme": "<#series/GPT> a skos:ConceptScheme .",
    "no-circle": "<#types> skos:broader <#resnet> . <#resnet> skos:narrower <#types> .",
    "typed": "<#cnn> skos:narrower <#nothing> . <#nothing> skos:broader <#cnn> .",
    "relations-go-both-ways": "<#rnn> skos:broader <#types> .",
    "relations-go-both-ways related": "<#rnn> skos:related <#cnn> .",
    "in-a-language": '<#cnn> skos:altLabel "no language" .',
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_rule_finds_what_breaks_it(name: str, small: Graph) -> None:
    assert broken_rules(small) == set()
    head = f"@base <{HERE}> . @prefix skos: <{SKOS}> . "
    broken = Graph()
    for triple in small:
        broken.add(triple)
    broken.parse(data=head + BREAKS[name], format="turtle")
    assert name.split(maxsplit=1)[0] in {rule_of(rule) for rule in broken_rules(broken)}


def rule_of(shape: str) -> str:
    """The rule that a shape of a property belongs to."""
    return {
        "preferred-is-no-alternative": "S13",
        "preferred-is-not-hidden": "S13",
        "alternative-is-not-hidden": "S13",
        "one-preferred-label-a-language": "S14",
        "related-is-not-above": "S27",
        "related-is-not-below": "S27",
        "stands-above-itself": "no-circle",
        "narrower-is-the-other-side-of-broader": "relations-go-both-ways",
        "related-is-symmetric": "relations-go-both-ways",
        "labels-have-a-language": "in-a-language",
        "other-labels-have-a-language": "in-a-language",
    }.get(shape, shape)


# Files beside pages


def test_the_file_beside_a_page_is_a_part_of_the_whole(site: Path, whole: Graph) -> None:
    everything = set(whole)
    files = sorted(site.glob("*/*/index.jsonld"))
    pages = {file.parent for file in files}
    shown = [concept for concept in taxonomy_of(site)["concepts"] if concept["kind"] != "approach"]
    assert pages == {site / lang / concept["id"] for concept in shown for lang in concept["url"]}
    for file in files[:: max(1, len(files) // 40)]:
        path = file.relative_to(site).as_posix()
        part = set(graph_of(file.read_bytes(), path))
        assert part <= everything, path
        thing = URIRef(f"{HERE}#{file.parent.name}")
        # All but its line, which an edit further up would change.
        assert len({(s, p, o) for s, p, o in everything if s == thing} - part) == 1


def test_approaches_are_told_of_where_they_are_shown(small_site: Path) -> None:
    def told(path: str) -> set[str]:
        graph = site_graph(small_site, path)
        return {str(thing).removeprefix(f"{HERE}#") for thing in graph.subjects(SKOS.inScheme)}

    assert told("zh/cnn/index.jsonld") == {
        *("cnn", "cnn-residual", "cnn-residual.methods", "cnn-deeper", "cnn-deeper.methods", "cnn-empty"),
    }
    assert told("zh/rnn/index.jsonld") == {"rnn"}
    assert told("en/gpt-2/index.jsonld") == {"gpt-2", "series/GPT"}


def test_it_is_the_same_in_all_languages(small_site: Path) -> None:
    for file in (small_site / "zh").glob("*/index.jsonld"):
        assert file.read_bytes() == (small_site / "en" / file.parent.name / "index.jsonld").read_bytes()


@pytest.mark.parametrize(
    ("page", "files"),
    [
        ("", {"taxonomy.jsonld", "taxonomy.ttl"}),
        ("zh/", {"taxonomy.jsonld", "taxonomy.ttl"}),
        ("en/resnet/", {"en/resnet/index.jsonld"}),
        ("zh/methods/", set()),
    ],
)
def test_pages_link_their_data(page: str, files: set[str], small_site: Path) -> None:
    html = (small_site / page / "index.html").read_text("utf-8")
    links = re.findall(
        r'<link rel="alternate" type="(application/ld\+json|text/turtle)" href="([^"]+)">', html
    )
    found = {(small_site / page / href).resolve(): kind for kind, href in links}
    assert set(found) == {(small_site / file).resolve() for file in files}
    for file, kind in found.items():
        assert file.is_file()
        assert media_type(file.name).partition(";")[0] == kind


# Addresses


def test_with_an_address_every_name_is_whole(addressed_site: Path) -> None:
    for path in ("taxonomy.ttl", "taxonomy.jsonld", "zh/cnn/index.jsonld"):
        # Also a copy says the same, wherever it lies.
        graph = graph_of((addressed_site / path).read_bytes(), path, "https://copy.example/deep/er/")
        concepts = set(graph.subjects(RDF.type, SKOS.Concept))
        assert URIRef(f"{BASE}#cnn") in concepts
        assert all(str(concept).startswith(f"{BASE}#") for concept in concepts)


def test_pages_call_concepts_by_the_same_names(addressed_site: Path) -> None:
    graph = graph_of((addressed_site / "taxonomy.ttl").read_bytes(), "taxonomy.ttl", BASE)
    for lang in ("zh", "en"):
        page = read_html(addressed_site / lang / "resnet" / "index.html")
        term = json.loads(one(page, 'script[type="application/ld+json"]').text())["@graph"][0]
        assert (URIRef(term["@id"]), RDF.type, SKOS.Concept) in graph
        assert (URIRef(term["inDefinedTermSet"]["@id"]), RDF.type, SKOS.ConceptScheme) in graph


def test_the_examples_of_the_documentation_work(
    default_site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "linked-data.md").read_text("utf-8")
    programs = re.findall(
        r"^```python\n(.+?)^```\n+(?:This prints:\n+```text\n(.+?)^```)?", text, re.DOTALL | re.MULTILINE
    )
    assert len(programs) == 2
    monkeypatch.chdir(default_site.parent)
    names: dict[str, object] = {}
    for program, printed in programs:
        exec(program, names)  # noqa: S102 - it is what readers will do
        assert capsys.readouterr().out == printed


def test_a_gloss_in_a_language_without_pages_keeps_its_language(tmp_path: Path) -> None:
    outline = "# 视觉 (Vision)\n\n## 网络 (Networks)\n\n### 卷积 (Convolution)\n\n滤波。\n"
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "outline.zh.md").write_text(outline, "utf-8")
    (tmp_path / "dlmap.toml").write_text('languages = ["zh"]\n', "utf-8")
    assert build(tmp_path, tmp_path / "site").published
    graph = Graph().parse(tmp_path / "site" / "taxonomy.ttl", publicID="https://map.example/")
    labels = {str(label) for label in graph.objects(None, SKOS.prefLabel) if label.language == "en"}
    assert {"Vision", "Networks", "Convolution"} <= labels
