"""The public interface: what `docs/api.md` shows runs, is typed, and costs nothing before it is used."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, is_dataclass
from pathlib import Path

import pytest

import dlmap
from dlmap import (
    BuildResult,
    Concept,
    ConfigError,
    Diagnostic,
    OutlineResult,
    OutputRefusedError,
    SiteNotFoundError,
    Taxonomy,
)
from support.checkout import ROOT, require
from support.documents import blocks

API = ROOT / "docs" / "api.md"


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The post of the document, in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "post.md").write_text(blocks(API, "markdown")[0], "utf-8")
    return tmp_path / "post.md"


def test_its_examples_run(post: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for example in blocks(API, "python"):
        exec(compile(example, str(API), "exec"), {})  # noqa: S102 - it is what is tested
    said = capsys.readouterr().out
    assert " pages, 5 concepts\n" in said
    assert "VQ-VAE, NVAE\n" in said
    assert "nowhere: no such file or folder\n" in said
    assert (post.parent / "site" / "zh" / "vq-vae" / "index.html").is_file()


def test_its_examples_are_typed(tmp_path: Path) -> None:
    require(importlib.util.find_spec("mypy") is not None, "mypy")
    example = tmp_path / "example.py"
    example.write_text("\n".join(blocks(API, "python")), "utf-8")
    # With the settings and the cache of `make check`, so that only the example is looked at.
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", example],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""


def test_every_name_can_be_had_and_is_described() -> None:
    text = API.read_text("utf-8")
    for name in dlmap.__all__:
        assert getattr(dlmap, name).__name__ == name
        assert name in dir(dlmap)
        assert re.search(rf"\b{name}\b", text), name
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = dlmap.nonsense  # type: ignore[attr-defined]


@pytest.mark.parametrize("value", [BuildResult, OutlineResult, Taxonomy, Concept, Diagnostic])
def test_every_value_is_described(value: type) -> None:
    """Each row of a table names an attribute; what has no row is not promised."""
    section = API.read_text("utf-8").partition(f"| `{value.__name__}` | |\n")[2].partition("\n\n")[0]
    named = {
        name
        for row in section.splitlines()[1:]
        for name in re.findall(r"`(\w+)(?:\([^)]*\))?`", row.split("|")[1])
    }
    assert named
    assert is_dataclass(value)
    known = {field.name for field in fields(value)} | set(dir(value))
    assert named <= known


def test_results_are_frozen(post: Path) -> None:
    result = dlmap.build(post)
    with pytest.raises(FrozenInstanceError):
        result.pages = 1  # type: ignore[misc]
    reading = dlmap.read_outline(post)
    with pytest.raises(FrozenInstanceError):
        reading.diagnostics = ()  # type: ignore[misc]
    assert not (post.parent / "site").exists()


def test_reading_writes_nothing(post: Path) -> None:
    dlmap.read_outline(str(post))
    assert [file.name for file in post.parent.iterdir()] == ["post.md"]


def test_wrong_usage_raises(post: Path) -> None:
    with pytest.raises(SiteNotFoundError):
        dlmap.read_outline("nowhere")
    (post.parent / "dlmap.toml").write_text("titel = 1", "utf-8")
    with pytest.raises(ConfigError) as refused:
        dlmap.read_outline(".")
    assert [diagnostic.code for diagnostic in refused.value.diagnostics] == ["DL902"]
    (post.parent / "photos").mkdir()
    (post.parent / "photos" / "cat.jpg").touch()
    with pytest.raises(OutputRefusedError):
        dlmap.build(post, "photos")


def test_importing_it_imports_nothing_else() -> None:
    code = "import sys, dlmap; print([name for name in sys.modules if name.startswith('dlmap.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
