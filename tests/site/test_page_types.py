"""Page types: their addresses belong to them, and no concept of the map can take one."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from jinja2.meta import find_undeclared_variables

from dlmap import build
from dlmap.render import Templates
from dlmap.site import page_types
from dlmap.site.page_types import PageContent, page_type, reserved_ids
from dlmap.theme import Theme
from support.checkout import ROOT


@pytest.fixture
def papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page type more than dlmap has."""
    monkeypatch.setattr(page_types, "PAGE_TYPES", list(page_types.PAGE_TYPES))

    @page_type("compare.html", slug="papers")
    class PapersPage(PageContent):
        """Every paper."""


def outline(folder: Path, *headings: str) -> Path:
    folder.joinpath("content").mkdir()
    sections = "\n\n".join(f"### {heading}\n\n- **Method {n}**" for n, heading in enumerate(headings))
    folder.joinpath("content", "outline.en.md").write_text(
        f"# 1. Part\n\n## 1.1 Type\n\n{sections}\n", "utf-8"
    )
    folder.joinpath("dlmap.toml").write_text('languages = ["en"]\n', "utf-8")
    return folder


def codes(folder: Path, output: Path | None = None) -> list[str]:
    return [diagnostic.code for diagnostic in build(folder, output).diagnostics]


def test_a_heading_makes_room_for_every_page_type(tmp_path: Path) -> None:
    site = outline(tmp_path, *sorted(word.capitalize() for word in reserved_ids()))
    assert codes(site) == codes(site, tmp_path / "out") == []
    for word in reserved_ids():
        assert "Method " in (tmp_path / "out" / "en" / f"{word}-family" / "index.html").read_text("utf-8")


@pytest.mark.usefixtures("papers")
def test_a_heading_makes_room_for_a_new_page_type(tmp_path: Path) -> None:
    site = outline(tmp_path, "Papers")
    assert codes(site) == codes(site, tmp_path / "out") == []
    assert (tmp_path / "out" / "en" / "papers-family" / "index.html").is_file()


@pytest.mark.usefixtures("papers")
def test_an_id_of_the_author_that_a_page_type_has_is_reported(tmp_path: Path) -> None:
    site = outline(tmp_path, "All of them {#papers}")
    assert codes(site) == ["DL211"]


@pytest.mark.usefixtures("papers")
def test_an_entry_of_the_registry_that_a_page_type_has_is_reported(tmp_path: Path) -> None:
    site = outline(tmp_path, "Family")
    site.joinpath("content", "methods.yml").write_text("papers:\n  name: Method 0\n", "utf-8")
    (diagnostic,) = build(site).diagnostics
    assert (diagnostic.code, diagnostic.file) == ("DL601", "content/methods.yml")
    assert diagnostic.position is not None
    assert diagnostic.position.line == 1
    assert "`papers-method`" in diagnostic.help


GLOBAL = {
    *("absolute", "article_text", "custom_styles", "lang", "page", "prose", "sentence", "site", "t", "tag"),
    *("url", "words"),
}
"""What every template has."""
SET = re.compile(r"{% (?:set|macro) (\w+)")
IMPORTED = re.compile(r"{% from \S+ import ([\w, ]+) with context")
GUARDED = re.compile(r"\b(\w+) is (?:not )?defined")


@pytest.mark.parametrize("content", page_types.PAGE_TYPES, ids=lambda content: content.__name__)
def test_templates_show_only_what_their_page_type_has(content: type[PageContent]) -> None:
    environment = Templates(Theme.for_site(ROOT / "none")).environment
    sources = dict(Templates(Theme.for_site(ROOT / "none")).all_in(content.template))
    declared = {field.name for field in fields(content)} if is_dataclass(content) else set()
    assigned = {name for source in sources.values() for name in SET.findall(source)}
    for names in IMPORTED.findall("".join(sources.values())):
        assigned.update(names.split(", "))
    unknown = {
        name: find_undeclared_variables(environment.parse(source))
        - (declared | assigned | GLOBAL | set(environment.globals) | set(GUARDED.findall(source)))
        for name, source in sources.items()
    }
    assert {name: variables for name, variables in unknown.items() if variables} == {}
