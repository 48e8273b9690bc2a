"""The pages of the default site, and of one with articles, are valid HTML: the Nu checker finds no error."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from dlmap.math import Formula, RenderedFormula, render_formulas
from support.checkout import require
from support.npm import npm_file

OPTIONS = ("--skip-non-html", "--errors-only", "--format", "json", "--stdout")


def assert_valid(*paths: Path) -> None:
    """The Nu checker finds no error in the files and folders."""
    require(shutil.which("java") is not None, "java (apt-get install default-jre-headless)")
    checker = npm_file("vnu-jar/build/dist/vnu.jar")
    done = subprocess.run(
        ["java", "-XX:+UseSerialGC", "-jar", checker, *OPTIONS, *paths],
        capture_output=True,
        text=True,
        check=False,
    )
    errors = json.loads(done.stdout)["messages"]
    assert [(error["url"], error.get("lastLine"), error["message"]) for error in errors] == []


def test_pages_are_valid(default_site: Path, blog_site: Path) -> None:
    """Every page that is not the page of a concept, and one of twenty of those."""
    pages = sorted(default_site.rglob("*.html"))
    concepts = {
        concept["id"] for concept in json.loads((default_site / "taxonomy.json").read_bytes())["concepts"]
    }
    common = [page for page in pages if page.parent.name in concepts]
    assert len(common) > 1000
    assert_valid(*common[::20], *(page for page in pages if page.parent.name not in concepts), blog_site)


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_every_page_is_valid(default_site: Path) -> None:
    assert_valid(default_site)


@pytest.mark.parametrize("tex", [r"q_{\min}", r"a \bmod b", r"\int_{\Omega} x", r"x^{\max}", r"\log p"])
def test_formulas_are_valid_mathml(tex: str) -> None:
    """What KaTeX alone would write wrong: scripts of three parts, elements in an operator, negative heights."""
    (made,) = render_formulas([Formula(tex, display=False)])
    assert isinstance(made, RenderedFormula)
    assert "<mo>\u2061</mo></m" not in made.html
    assert "</mrow></mo>" not in made.html
    assert "height:-" not in made.html
