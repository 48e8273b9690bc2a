"""The default content: complete against the reference reading, true to the checked facts, whole in both languages."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from dlmap.cache import Cache
from dlmap.load.discover import discover
from dlmap.load.site import LoadedSite, Loader
from dlmap.site.page_types import reserved_ids
from dlmap.taxonomy import NAMED, Kind, Registry, Taxonomy
from support.checkout import ROOT, SHARED, require

CONTENT = ROOT / "content"


UNKNOWN_IDEAS = {
    *("1-d-dan", "caoc", "clip-counting", "expresscount", "pgcp-ps", "twhmr-tlel"),
    *("twhpr-cmlssl", "uda-mdhmc", "uhce-twri", "uwb-pose", "vcn"),
}
"""Methods whose papers could not be read: the map says where they belong and no more."""
RENAMED = {"world-models": "World Models (Ha and Schmidhuber)"}
"""Methods whose name is that of their family as well."""


def norm(name: str) -> str:
    """Names without case, white space and punctuation, as the reference program compares them."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s\-_·.、,，()（）'’\"“”]+", "", folded)


def rows(path: Path) -> list[dict[str, str]]:
    require(path.is_file(), str(path))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def loaded() -> LoadedSite:
    with Cache.open(None) as cache, Loader(cache, reserved_ids=reserved_ids()) as loader:
        return loader.load(discover(ROOT))


@pytest.fixture(scope="module")
def taxonomy(loaded: LoadedSite) -> Taxonomy:
    return loaded.taxonomy


@pytest.fixture(scope="module")
def registry(loaded: LoadedSite) -> Registry:
    return loaded.texts.registry


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


def test_nothing_is_missing_stale_or_wrong(loaded: LoadedSite) -> None:
    assert [f"{d.file}:{d.position}: {d.code} {d.message}" for d in loaded.diagnostics] == []


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
        if facts != wanted and row["id"] not in corrected():
            differing.append((row["id"], facts, wanted))
    assert differing == []


def corrected() -> set[str]:
    """The ids whose facts were found to be wrong when they were checked again."""
    return {
        id for row in rows(SHARED / "facts" / "errors.tsv") for id in re.findall(r"[a-z0-9-]+", row["id"])
    }


def test_every_row_of_the_newer_table_stands_in_the_map_with_its_facts(
    taxonomy: Taxonomy, registry: Registry
) -> None:
    sure = [row for row in rows(SHARED / "facts" / "methods2026.tsv") if row["confidence"] == "high"]
    placed = {family.label["en"] for family in taxonomy.of_kind(Kind.FAMILY)}
    differing = []
    for row in (row for row in sure if row["family"] in placed):
        entry, concept = registry.entries.get(row["id"]), taxonomy.concepts.get(row["id"])
        facts = entry and (
            entry.name,
            entry.kind,
            str(entry.year or ""),
            *_paper(entry.paper),
            entry.summary.get("zh"),
            entry.summary.get("en"),
        )
        name = RENAMED.get(row["id"], row["name"])
        wanted = (name, *(row[key] for key in ("kind", "year", "title", "url", "idea_zh", "idea_en")))
        if facts != wanted or concept is None or not concept.broader:
            differing.append((row["id"], facts))
    assert differing == []


def test_authors_and_venues_are_those_that_were_checked(registry: Registry) -> None:
    sure = [row for row in rows(SHARED / "facts" / "authors.tsv") if row["confidence"] == "high"]
    differing = []
    for row in sure:
        entry = registry.entries[row["id"]]
        if entry.paper is None or row["id"] in corrected():
            continue
        wanted = tuple(name.strip() for name in row["authors"].split(";") if name.strip())
        if (entry.paper.authors, entry.paper.venue) != (wanted, row["venue"]):
            differing.append((row["id"], entry.paper.authors, wanted))
    assert differing == []


def test_the_tree_is_balanced(taxonomy: Taxonomy) -> None:
    """No part holds more than 30 % of what has a name; no family more than 40 of its own, none a single one."""
    named = len(taxonomy.of_kind(*NAMED))
    shares = {part: round(100 * len(taxonomy.members_under(part)) / named) for part in taxonomy.parts}
    assert {part: share for part, share in shares.items() if share > 30} == {}
    sizes = {}
    for family in taxonomy.of_kind(Kind.FAMILY):
        inner = [child for child in family.narrower if taxonomy.concepts[child].kind is Kind.FAMILY]
        own = set(taxonomy.members_under(family.id))
        sizes[family.id] = len(own.difference(*(taxonomy.members_under(child) for child in inner)))
    assert {family: size for family, size in sizes.items() if size > 40} == {}
    small = {family for family in sizes if len(taxonomy.members_under(family)) < 2}
    assert small == {"courses", "books"}


def test_the_newest_methods_are_new(taxonomy: Taxonomy) -> None:
    years = sorted((method.year or 0 for method in taxonomy.of_kind(Kind.METHOD)), reverse=True)
    assert years[9] >= years[0] - 1


def test_every_named_concept_has_an_idea_in_both_languages(taxonomy: Taxonomy) -> None:
    named = taxonomy.of_kind(*NAMED)
    assert {each.id for each in named if not all(map(each.definition, ("zh", "en")))} == UNKNOWN_IDEAS


def test_chinese_texts_have_chinese_punctuation() -> None:
    """Full-width brackets, commas, colons and semicolons beside Chinese, and 、 between names."""
    wrong = []
    for file in sorted(CONTENT.glob("outline/*.zh.md")):
        for number, line in enumerate(file.read_text("utf-8").split("\n"), 1):
            plain = re.sub(
                r"^#+ .*|\$[^$]*\$|`[^`]*`|\]\([^)]*\)|\{[^}]*\}|(?<=\S) \([^()]*\)(?=\*\*)", "", line
            )
            found = re.search(r"[\u4e00-\u9fff）][,;:?!(]|[,;:?!)][\u4e00-\u9fff（]|\*\*, \*\*", plain)
            if found:
                wrong.append((file.name, number, plain[max(0, found.start() - 10) : found.end() + 10]))
    assert wrong == []


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


def test_the_map_is_as_large_as_it_says(loaded: LoadedSite, taxonomy: Taxonomy) -> None:
    """Floors that a careless edit would fall through."""
    assert len(taxonomy.of_kind(Kind.FAMILY)) >= 150
    assert len(taxonomy.of_kind(Kind.APPROACH)) >= 600
    methods = taxonomy.of_kind(Kind.METHOD)
    assert sum(bool(method.paper) for method in methods) >= 1900
    assert sum(bool(method.paper and method.paper.authors) for method in methods) >= 1600
    assert sum(set(method.summary) == {"zh", "en"} for method in methods) >= 1900
    assert loaded.formulas.count >= 1500


def test_every_family_is_defined_and_divides(taxonomy: Taxonomy) -> None:
    for family in taxonomy.of_kind(Kind.FAMILY):
        for lang in ("zh", "en"):
            assert len(family.definition(lang)) > 15, (family.id, lang)
    resources = {"courses", "books"}
    undivided = [f.id for f in taxonomy.of_kind(Kind.FAMILY) if not f.narrower and f.id not in resources]
    assert undivided == []
