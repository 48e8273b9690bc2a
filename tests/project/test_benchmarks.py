"""The generator of the benchmarks: the same seed gives the same bytes, in the shape of the reference work."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from dlmap import build
from dlmap.markdown import formulas_of, parse_document
from dlmap.math import Formula, RenderedFormula, render_formulas
from dlmap.text import Severity, SourceFile

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "generate.py"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_same_seed_gives_the_same_bytes(generate: ModuleType, tmp_path: Path) -> None:
    for name in ("one", "two"):
        subprocess.run(
            [sys.executable, SCRIPT, "blog", tmp_path / name, "--scale", "0.01"],
            env={"PYTHONHASHSEED": "1" if name == "one" else "2"},
            check=True,
        )
    files = {file.name: file.read_bytes() for file in (tmp_path / "one" / "_posts").iterdir()}
    assert files == {file.name: file.read_bytes() for file in (tmp_path / "two" / "_posts").iterdir()}
    assert files == {post.name: post.text.encode() for post in generate.blog(15)}
    assert files != {post.name: post.text.encode() for post in generate.blog(15, seed=2)}


def test_a_longer_blog_begins_with_the_shorter_one(generate: ModuleType) -> None:
    assert list(generate.blog(30))[:10] == list(generate.blog(10))


def test_a_blog_has_the_shape_of_the_reference_work(generate: ModuleType) -> None:
    posts = list(generate.blog(150))
    assert sum(len(post.text.encode()) for post in posts) / 150 == pytest.approx(7700, rel=0.05)
    formulas = [tex for post in posts for tex in re.findall(r"\$\$(.+?)\$\$", post.text)]
    assert len(formulas) / 150 == pytest.approx(25, rel=0.1)
    assert len(set(formulas)) / len(formulas) == pytest.approx(0.47, abs=0.03)
    text = "".join(post.text for post in posts)
    for piece in ("\n- ", "**", "\n| ---", "\n```python\n", "\n## ", "](https://blog.example.org/20"):
        assert piece in text
    assert "![" not in text
    assert "![" in "".join(post.text for post in generate.blog(5, images=True))
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d-\w+\.md", post.name) for post in posts)
    assert len({post.address for post in posts}) == len(posts)


def test_every_formula_can_be_rendered(generate: ModuleType) -> None:
    formulas: list[Formula] = []
    for post in generate.blog(20):
        document, diagnostics = parse_document(SourceFile(post.name, post.text))
        assert diagnostics == ()
        formulas += (Formula(use.tex, use.display) for use in formulas_of(document))
        assert len(re.findall(r"\$\$.+?\$\$", post.text)) == len(list(formulas_of(document)))
    assert all(isinstance(outcome, RenderedFormula) for outcome in render_formulas(formulas))
    assert {formula.display for formula in formulas} == {True, False}


def test_an_outline_of_a_given_size_builds(generate: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "outline.md").write_text(generate.outline(12, 8), "utf-8")
    result = build(tmp_path, cache=False)
    assert result.count(Severity.ERROR) == 0
    assert result.concepts >= 12 * 9
