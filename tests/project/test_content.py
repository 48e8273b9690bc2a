"""The default content: complete against the reference reading, true to the checked facts, whole in both languages."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from dlmap import build
from dlmap.cache import Cache
from dlmap.load.discover import discover
from dlmap.load.site import Loader
from dlmap.site.page_types import reserved_ids
from dlmap.taxonomy import Kind, Registry, Taxonomy, read_registry
from dlmap.text import read_source
from support.checkout import ROOT, SHARED, require

CONTENT = ROOT / "content"


def norm(name: str) -> str:
    """Names without case, white space and punctuation, as the reference program compares them."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s\-_·.、,，()（）'’\"“”]+", "", folded)


def rows(path: Path) -> list[dict[str, str]]:
    require(path.is_file(), str(path))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    sources = discover(ROOT)
    with Cache.open(None) as cache, Loader(cache, reserved_ids=reserved_ids()) as loader:
        return loader.load(sources).taxonomy


@pytest.fixture(scope="module")
def registry() -> Registry:
    source, _ = read_source(CONTENT / "methods.yml", "content/methods.yml")
    assert source is not None
    return read_registry(source, ("zh", "en"))[0]


@pytest.fixture(scope="module")
def published(default_site: Path) -> list[dict[str, Any]]:
    concepts: list[dict[str, Any]] = json.loads((default_site / "taxonomy.json").read_text("utf-8"))[
        "concepts"
    ]
    return concepts


@pytest.fixture(scope="module")
def names(published: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Every name in the map with the kinds of concepts that have it."""
    made: dict[str, set[str]] = {}
    for concept in published:
        for name in (*concept["label"].values(), *concept["alt"]):
            made.setdefault(norm(name), set()).add(concept["kind"])
    return made


def test_nothing_is_missing_stale_or_wrong() -> None:
    result = build(ROOT)
    assert [f"{d.file}:{d.position}: {d.code} {d.message}" for d in result.diagnostics] == []


def test_every_section_of_the_reference_outline_stands_in_the_map(names: dict[str, set[str]]) -> None:
    wanted = [
        row
        for row in rows(SHARED / "seed" / "tree.tsv")
        if row["scored"] == "yes" and row["kind"] in ("part", "type", "family", "approach")
    ]
    assert len(wanted) > 100
    assert [row["label_zh"] for row in wanted if norm(row["label_zh"]) not in names] == []


def test_every_named_method_of_the_reference_outline_stands_in_the_map(names: dict[str, set[str]]) -> None:
    wanted = {
        name
        for row in rows(SHARED / "seed" / "spans.tsv")
        if row["scored"] == "yes" and row["label"] in ("method", "metric")
        for name in (row["names"] or row["span"]).split(";")
    }
    assert len(wanted) > 160
    assert [name for name in sorted(wanted) if not names.get(norm(name), set()) & {"method", "metric"}] == []


def test_every_method_of_the_reference_outline_has_a_note_in_both_languages(taxonomy: Taxonomy) -> None:
    wanted = [row["id"] for row in rows(SHARED / "facts" / "methods.tsv")]
    missing = [i for i in wanted if set(taxonomy.concepts[i].notes) != {"zh", "en"}]
    assert missing == []


def test_every_note_has_both_languages(taxonomy: Taxonomy) -> None:
    noted = [concept for concept in taxonomy.concepts.values() if concept.notes]
    assert len(noted) >= 260
    assert [concept.id for concept in noted if set(concept.notes) != {"zh", "en"}] == []


@pytest.mark.parametrize("table", ["methods.tsv", "methods_more.tsv"])
def test_facts_are_those_that_were_checked(registry: Registry, table: str) -> None:
    differing = []
    for row in rows(SHARED / "facts" / table):
        entry = registry.entries.get(row["id"])
        facts = (
            (entry.name, entry.expansion, str(entry.year or ""), *_paper(entry.paper), entry.confidence)
            if entry
            else None
        )
        wanted = (
            row["name"],
            row["expansion"],
            row["year"],
            row["paper_title"],
            row["url"],
            row["confidence"],
        )
        if facts != wanted:
            differing.append((row["id"], facts, wanted))
    assert differing == []


def _paper(paper: Any) -> tuple[str, str]:  # noqa: ANN401 - a Paper or None
    return (paper.title, paper.url) if paper else ("", "")


def test_every_method_of_the_tables_stands_in_the_map(taxonomy: Taxonomy) -> None:
    wanted = [row["id"] for t in ("methods.tsv", "methods_more.tsv") for row in rows(SHARED / "facts" / t)]
    assert len(wanted) > 850
    assert [i for i in wanted if i not in taxonomy.concepts or not taxonomy.concepts[i].broader] == []


def test_addresses_of_papers_are_well_formed(registry: Registry) -> None:
    urls = [entry.paper.url for entry in registry.entries.values() if entry.paper and entry.paper.url]
    assert len(urls) > 800
    assert [url for url in urls if not re.fullmatch(r"https?://[\w.-]+\.[a-z]+/\S*", url)] == []


def test_no_method_builds_on_a_later_one(registry: Registry) -> None:
    """A year of difference is left: papers are dated by their first preprint, names by their last version."""
    later = [
        (entry.id, target)
        for entry in registry.entries.values()
        for target in entry.based_on
        if entry.year and (registry.entries[target].year or 0) > entry.year + 1
    ]
    assert later == []


def test_the_map_is_as_large_as_it_says(taxonomy: Taxonomy) -> None:
    """Floors that a careless edit would fall through."""
    assert len(taxonomy.of_kind(Kind.FAMILY)) >= 75
    assert len(taxonomy.of_kind(Kind.APPROACH)) >= 200
    methods = taxonomy.of_kind(Kind.METHOD)
    assert sum(bool(method.paper) for method in methods) >= 800
    assert sum(set(method.summary) == {"zh", "en"} for method in methods) >= 500
    assert build(ROOT).formulas >= 300


def test_every_family_is_defined_and_divides(taxonomy: Taxonomy) -> None:
    for family in taxonomy.of_kind(Kind.FAMILY):
        for lang in ("zh", "en"):
            assert len(family.definition(lang)) > 15, (family.id, lang)
    resources = {"courses", "books"}
    undivided = [f.id for f in taxonomy.of_kind(Kind.FAMILY) if not f.narrower and f.id not in resources]
    assert undivided == []
