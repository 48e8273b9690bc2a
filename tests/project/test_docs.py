"""What the documents say is so: their commands run, their links lead somewhere, their lists are complete."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from dlmap.cli import group
from dlmap.config import Config
from dlmap.markdown import parse_document
from dlmap.text import SourceFile
from support.checkout import ROOT
from support.documents import _FENCE, blocks
from support.program import ENVIRONMENT

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md"), *(ROOT / "benchmarks").glob("*.md")])
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
# What `make` and the whole default site do is tested elsewhere, at their cost.
_ELSEWHERE = re.compile(r"^(?:make |\.venv/|git )")


def anchors(file: Path) -> set[str]:
    """The headings of a document as GitHub makes addresses of them."""
    text = _FENCE.sub("", file.read_text("utf-8"))
    document, _ = parse_document(SourceFile(file.name, text))
    headings = (block.inline.text for block in document.walk() if block.type == "heading")
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(file: Path) -> None:
    text = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", file.read_text("utf-8")))
    for found in _LINK.finditer(text):
        path, _, heading = (found[1] or found[2]).partition("#")
        if not path.startswith(("http:", "https:")):
            target = file if not path else (file.parent / path).resolve()
            assert target.exists(), found[0]
            assert not heading or heading in anchors(target), found[0]


def test_the_index_lists_every_document() -> None:
    linked = {found[1].partition("#")[0] for found in _LINK.finditer((DOCS / "README.md").read_text("utf-8"))}
    written = {file.name for file in DOCS.glob("*") if file.suffix in (".md", ".json")} - {"README.md"}
    assert written <= linked


def shell_blocks() -> Iterator[tuple[str, list[str]]]:
    """Each document whose blocks `sh` are commands of a reader, with those blocks."""
    for name in ("README.md", "docs/quick-start.md", "docs/translating.md", "docs/publishing.md"):
        scripts = [
            "".join(line for line in text.splitlines(keepends=True) if not _ELSEWHERE.match(line))
            for text in blocks(ROOT / name, "sh")
        ]
        yield name, [script for script in scripts if script.strip() and "serve" not in script]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of Unix")
@pytest.mark.parametrize(("name", "scripts"), list(shell_blocks()), ids=lambda value: str(value)[:20])
def test_commands_run_as_they_are_written(name: str, scripts: list[str], tmp_path: Path) -> None:
    assert scripts
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "dlmap"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m dlmap "$@"\n', "utf-8")
    program.chmod(0o755)
    for text in blocks(ROOT / name, "markdown"):
        if text.startswith("---"):
            (tmp_path / "post.md").write_text(text, "utf-8")
    for script in scripts:
        if "init" not in script and "post.md" not in script:
            script = f"test -d example || dlmap init example >&2\ncd example\n{script}"  # noqa: PLW2901
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=tmp_path,
            env=ENVIRONMENT | {"PATH": f"{tmp_path / 'bin'}:{ENVIRONMENT['PATH']}"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, f"{name}\n{script}\n{done.stderr}"
        assert not re.search(r"\berror\b", done.stderr.replace("0 errors", "")), done.stderr


def test_every_option_of_every_command_is_described() -> None:
    text = (DOCS / "commands.md").read_text("utf-8")
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        assert f"dlmap {name}" in text
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert f"`{max(parameter.opts, key=len)}`" in text, f"{name} {parameter.opts}"


def test_every_key_of_the_configuration_is_described() -> None:
    described = set(
        re.findall(r"^### `(\w+)`$", (DOCS / "configuration.md").read_text("utf-8"), re.MULTILINE)
    )
    assert described == {field.name for field in fields(Config)}


def test_the_picture_of_the_layers_is_drawn_from_the_contract() -> None:
    drawing = runpy.run_path(str(ROOT / "docs" / "draw_layers.py"))["drawing"]()
    committed = (ROOT / "docs" / "architecture.svg").read_text("utf-8")
    assert drawing == committed, "run: python docs/draw_layers.py"
