"""Linked data of taxonomies made at random: the integrity conditions hold, and nothing is lost."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from dlmap.exports.json import taxonomy_json
from dlmap.exports.skos import SkosContext, SkosExporter, scheme_jsonld, scheme_turtle
from dlmap.markdown import parse_document
from dlmap.site.urls import ConceptLinks
from dlmap.taxonomy import Taxonomy, assemble, read_outline, read_registry
from dlmap.text import SourceFile
from support.outlines import Written, assembled, outlines
from support.skos_reader import Reader, as_read, broken_rules, graph_of

quick = settings(max_examples=20, deadline=None, derandomize=True, database=None)

# Few, so that they meet: as labels, as other names and as what stands for them in other letters.
NAMES = ["Alpha", "Beta", "Gamma", "甲", "乙"]
names = st.sampled_from(NAMES)
other_names = st.sampled_from([*NAMES, "alpha", "BETA", "Alpha network", "甲网络", 'a "b" \\ c', "é𝕏 "])
entries = st.fixed_dictionaries(
    {"aliases": st.lists(other_names, max_size=3, unique=True)},
    optional={
        "based_on": st.lists(st.sampled_from(["alpha", "beta", "gamma"]), max_size=2, unique=True),
        "expansion": other_names,
        "series": st.sampled_from(["Alpha", "A/B series", "系列"]),
        "year": st.integers(1600, 2199),
        "summary": st.dictionaries(st.sampled_from(["zh", "en"]), other_names),
        "confidence": st.sampled_from(["high", "medium", "low"]),
        "paper": st.fixed_dictionaries({"title": other_names}),
    },
)
registries = st.dictionaries(st.sampled_from(["alpha", "beta", "gamma"]), entries)
rows = st.lists(st.tuples(st.integers(1, 5), names, names, st.booleans()), min_size=1, max_size=10)


def check(taxonomy: Taxonomy) -> None:
    titles = {"zh": "图", "en": "Map"}
    refs = ConceptLinks(taxonomy)
    scheme = SkosExporter(taxonomy, SkosContext("", refs.path, {"zh": "zh-Hans", "en": "en"}, titles, {}))
    turtle = graph_of(scheme_turtle(scheme), "taxonomy.ttl")
    assert set(graph_of(scheme_jsonld(scheme), "taxonomy.jsonld")) == set(turtle)
    assert broken_rules(turtle) == set()
    document = json.loads(
        taxonomy_json(taxonomy, titles, lambda concept, lang: f"/{refs.path(concept, lang)}")
    )
    concepts = document["concepts"]
    assert Reader(turtle).concepts() == {concept["id"]: as_read(concept) for concept in concepts}


@quick
@given(outlines())
def test_any_outline(written: Written) -> None:
    check(assembled(written.text))


@quick
@given(rows, registries)
def test_names_that_meet(
    rows: list[tuple[int, str, str, bool]], registry: dict[str, dict[str, object]]
) -> None:
    lines = ["# 类型", ""]
    for level, label, method, is_placed in rows:
        lines += [f"{'#' * level} {label}", "", f"如**{method}**, **{label}**。", ""]
        lines += [f"- {label}：如**{method}**。", ""]
        if is_placed:
            lines += ["- [甲](#jia)", "- [x](#alpha)", ""]
    document, _ = parse_document(SourceFile("post.md", "\n".join(lines)), flavor="kramdown")
    outline, _ = read_outline(document)
    # JSON is YAML.
    text = json.dumps(
        {key: {"name": key.title(), **entry} for key, entry in registry.items()}, ensure_ascii=False, indent=1
    )
    known, _ = read_registry(SourceFile("methods.yml", text), ("zh", "en"))
    assert set(known.entries) == set(registry)
    taxonomy, _ = assemble((outline,), known, {}, ("zh", "en"))
    check(taxonomy)
