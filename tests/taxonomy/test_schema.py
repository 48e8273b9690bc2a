"""`taxonomy.json` keeps the promise of `docs/taxonomy.schema.json`."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from dlmap import build
from support.checkout import ROOT

CONCEPT_KINDS = ["part", "type", "family", "approach", "method", "metric", "dataset", "benchmark"]


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads((ROOT / "docs" / "taxonomy.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def taxonomy_of(site: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((site / "taxonomy.json").read_text("utf-8"))
    return loaded


@pytest.fixture(params=["default_site", "seed_site"])
def taxonomy(request: pytest.FixtureRequest) -> dict[str, Any]:
    return taxonomy_of(request.getfixturevalue(request.param))


def test_a_built_taxonomy_follows_the_schema(
    taxonomy: dict[str, Any], validator: Draft202012Validator
) -> None:
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(taxonomy)] == []


def test_every_relation_leads_to_a_concept_and_back(taxonomy: dict[str, Any]) -> None:
    concepts = {concept["id"]: concept for concept in taxonomy["concepts"]}
    assert len(concepts) == len(taxonomy["concepts"])
    for concept in concepts.values():
        for relation, inverse in (("broader", "narrower"), ("narrower", "broader"), ("related", "related")):
            assert all(concept["id"] in concepts[other][inverse] for other in concept[relation])
        assert all(other in concepts for other in concept["based_on"])
        assert concept["id"] not in concept["related"]
        assert (concept["kind"] == "part") == (concept["broader"] == [])
    assert all(term["concept"] in concepts for term in taxonomy["terms"])


def test_every_language_is_one_of_the_site(taxonomy: dict[str, Any]) -> None:
    languages = set(taxonomy["languages"])
    for concept in taxonomy["concepts"]:
        assert set(concept["url"]) == set(concept["translated"]) == languages
        assert set(concept["definition"]) <= languages


def test_every_kind_is_in_the_default_map(default_site: Path) -> None:
    kinds = {concept["kind"] for concept in taxonomy_of(default_site)["concepts"]}
    assert kinds == set(CONCEPT_KINDS)


def test_a_small_post_under_a_path_follows_the_schema(
    tmp_path: Path, validator: Draft202012Validator
) -> None:
    post = tmp_path / "post.md"
    post.write_text("# 类型\n\n## 网络\n\n### [😀](/a.html)\n\n- 其他：如**A**。\n\n词(word)。\n", "utf-8")
    build(post, tmp_path / "site", base_url="https://user.example/repo/")
    taxonomy = taxonomy_of(tmp_path / "site")
    validator.validate(taxonomy)
    assert taxonomy["concepts"][0]["url"]["zh"].startswith("/repo/zh/")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda taxonomy: taxonomy.update(schema=2),
        lambda taxonomy: taxonomy.update(more=1),
        lambda taxonomy: taxonomy.pop("terms"),
        lambda taxonomy: taxonomy["concepts"][0].update(more=1),
        lambda taxonomy: taxonomy["concepts"][0].pop("alt"),
        lambda taxonomy: taxonomy["concepts"][0].update(id="Not an id"),
        lambda taxonomy: taxonomy["concepts"][0].update(kind="thing"),
        lambda taxonomy: taxonomy["concepts"][0].update(label={}),
        lambda taxonomy: taxonomy["concepts"][0].update(year="2017"),
        lambda taxonomy: taxonomy["concepts"][0]["label"].update(zh=""),
        lambda taxonomy: taxonomy["concepts"][0]["source"].update(line=0),
        lambda taxonomy: taxonomy["concepts"][0]["links"].append({"href": "x"}),
        lambda taxonomy: taxonomy["concepts"][0]["url"].update(zh="zh/a/"),
    ],
)
def test_the_schema_is_strict(
    spoil: Callable[[dict[str, Any]], object], default_site: Path, validator: Draft202012Validator
) -> None:
    taxonomy = taxonomy_of(default_site)
    small = copy.deepcopy({**taxonomy, "concepts": taxonomy["concepts"][:1]})
    validator.validate(small)
    spoil(small)
    with pytest.raises(ValidationError):
        validator.validate(small)
