"""Every page of the default site, and of one with articles, is valid HTML: the Nu checker finds no error."""

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


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_every_page_is_valid(default_site: Path, blog_site: Path) -> None:
    require(shutil.which("java") is not None, "java (apt-get install default-jre-headless)")
    checker = npm_file("vnu-jar/build/dist/vnu.jar")
    done = subprocess.run(
        ["java", "-XX:+UseSerialGC", "-jar", checker, *OPTIONS, default_site, blog_site],
        capture_output=True,
        text=True,
        check=False,
    )
    errors = json.loads(done.stdout)["messages"]
    assert [(error["url"], error.get("lastLine"), error["message"]) for error in errors] == []


@pytest.mark.parametrize("tex", [r"q_{\min}", r"a \bmod b", r"\int_{\Omega} x", r"x^{\max}", r"\log p"])
def test_formulas_are_valid_mathml(tex: str) -> None:
    """What KaTeX alone would write wrong: scripts of three parts, elements in an operator, negative heights."""
    (made,) = render_formulas([Formula(tex, display=False)])
    assert isinstance(made, RenderedFormula)
    assert "<mo>\u2061</mo></m" not in made.html
    assert "</mrow></mo>" not in made.html
    assert "height:-" not in made.html
