"""Page types: their addresses belong to them, and no concept of the map can take one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

import pytest
from jinja2.meta import find_undeclared_variables

from dlmap import build
from dlmap.render import Templates
from dlmap.site import Page, page_types
from dlmap.site.page_types import PageContent, StudyPage, page_type, reserved_ids
from dlmap.site.study import StudyPages
from dlmap.theme import Theme
from support.checkout import ROOT


@pytest.fixture
def papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page type more than dlmap has."""
    monkeypatch.setattr(page_types, "PAGE_TYPES", list(page_types.PAGE_TYPES))

    @page_type("papers.html", slug="papers")
    @dataclass(frozen=True, slots=True)
    class PapersPage(StudyPage):
        """Every paper."""

        titles: tuple[str, ...]

        @classmethod
        def plan(cls, study: StudyPages, lang: str) -> Iterator[Page]:
            concepts = study.taxonomy.concepts.values()
            titles = tuple(concept.paper.title for concept in concepts if concept.paper)
            yield study.page(cls, lang, lambda: cls(titles))


TEMPLATE = """{% extends "base.html" %}
{% block title %}{{ t('papers') }}{% endblock %}
{% block main %}<ul>{% for title in titles %}<li>{{ title }}</li>{% endfor %}</ul>{% endblock %}
"""


def outline(folder: Path, *headings: str) -> Path:
    folder.joinpath("content").mkdir()
    sections = "\n\n".join(f"### {heading}\n\n- **Method {n}**" for n, heading in enumerate(headings))
    folder.joinpath("content", "outline.en.md").write_text(
        f"# 1. Part\n\n## 1.1 Type\n\n{sections}\n", "utf-8"
    )
    folder.joinpath("dlmap.toml").write_text('languages = ["en"]\n', "utf-8")
    (folder / "templates" / "strings").mkdir(parents=True)
    folder.joinpath("templates", "strings", "en.toml").write_text('papers = "All papers"\n', "utf-8")
    folder.joinpath("templates", "papers.html").write_text(TEMPLATE, "utf-8")
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
def test_a_page_type_is_one_class_with_its_template_and_its_word(tmp_path: Path) -> None:
    site = outline(tmp_path, "Papers")
    site.joinpath("content", "methods.yml").write_text(
        "method-0:\n  name: Method 0\n  paper: {title: On Nothing, url: https://example.org/}\n", "utf-8"
    )
    assert codes(site, tmp_path / "out") == []
    html = (tmp_path / "out" / "en" / "papers" / "index.html").read_text("utf-8")
    assert "<title>All papers</title>" in html
    assert "<li>On Nothing</li>" in html
    home = (tmp_path / "out" / "en" / "index.html").read_text("utf-8")
    assert '<a href="papers/">All papers</a>' in home


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
    templates = Templates(Theme.for_site(ROOT / "none"))
    sources = {
        name: source
        for template in (content.template, content.markdown)
        if template
        for name, source in templates.all_in(template)
    }
    declared = {field.name for field in fields(content)} if is_dataclass(content) else set()
    assigned = {name for source in sources.values() for name in SET.findall(source)}
    for names in IMPORTED.findall("".join(sources.values())):
        assigned.update(names.split(", "))
    unknown = {
        name: find_undeclared_variables(templates.environment.parse(source))
        - (declared | assigned | GLOBAL | set(templates.environment.globals) | set(GUARDED.findall(source)))
        for name, source in sources.items()
    }
    assert {name: variables for name, variables in unknown.items() if variables} == {}


def test_reserved_ids_are_documented() -> None:
    text = (ROOT / "docs" / "authoring.md").read_text("utf-8")
    (listed,) = re.findall(r"^`articles`.*`timeline`\.$", text, re.MULTILINE)
    assert set(re.findall(r"`([^`]+)`", listed)) >= reserved_ids() - {"about"}
