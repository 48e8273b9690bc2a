"""Completion in a real shell: what bash offers after `dlmap`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.checkout import require
from support.imports import HEAVY, imported
from support.program import COMMANDS, ENVIRONMENT, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shells of Unix")

OFFER = """\
source <(dlmap completion bash)
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
compopt() { :; }
_dlmap_completion dlmap
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with the program under its own name."""
    require(shutil.which("bash") is not None, "bash")
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "dlmap"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m dlmap "$@"\n', "utf-8")
    program.chmod(0o755)
    return folder


def offered(programs: Path, *words: str) -> set[str]:
    done = subprocess.run(
        ["bash", "-c", OFFER, "bash", *words],
        cwd=programs.parent,
        env=ENVIRONMENT | {"PATH": f"{programs}:{ENVIRONMENT['PATH']}"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    return set(done.stdout.splitlines())


def test_commands_are_offered(programs: Path) -> None:
    assert set(COMMANDS) <= offered(programs, "dlmap", "")
    assert offered(programs, "dlmap", "bu") == {"build"}


def test_options_and_their_values_are_offered(programs: Path) -> None:
    assert offered(programs, "dlmap", "build", "--ba") == {"--base-url"}
    assert {"json", "sarif"} <= offered(programs, "dlmap", "check", "--format", "")


def test_paths_are_left_to_the_shell(programs: Path) -> None:
    (programs.parent / "content").mkdir()
    (programs.parent / "content" / "post.md").touch()
    # click answers with the kind alone; bash goes on by its own rules when it hears `compopt -o default`.
    told = OFFER.replace("compopt() { :; }", 'compopt() { echo "$@"; }')
    done = subprocess.run(
        ["bash", "-c", told, "bash", "dlmap", "build", "content/"],
        cwd=programs.parent,
        env=ENVIRONMENT | {"PATH": f"{programs}:{ENVIRONMENT['PATH']}"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.splitlines()[0] == "-o default"


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_get_their_script(shell: str, tmp_path: Path) -> None:
    done = run("completion", shell, cwd=tmp_path)
    assert done.returncode == 0
    assert "_DLMAP_COMPLETE" in done.stdout


def test_offering_commands_imports_none(tmp_path: Path) -> None:
    program = (
        "import os, click; os.environ |= {'_DLMAP_COMPLETE': 'bash_complete', 'COMP_WORDS': 'dlmap ', 'COMP_CWORD': '1'}\n"
        "from dlmap.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass"
    )
    assert imported(program, tmp_path) & {*HEAVY, "dlmap.cli.build", "dlmap.cli.serve"} == set()
