"""Runs the shell steps of a workflow's job, or of a composite action, here: in order, with the environment they state."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from support.checkout import ROOT

CANARY = "canary-secret-7f3a91"
"""Stands in the environment of every step, as a secret would."""
INSTALL = "python -m pip install "
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def load(path: str) -> dict[str, Any]:
    """A workflow or action of the repository."""
    document: dict[str, Any] = yaml.safe_load((ROOT / path).read_text("utf-8"))
    return document


def check_out(folder: Path) -> Path:
    """A clone of the repository, with what is not committed yet."""
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, folder], check=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, os.fsdecode(listed.stdout).split("\0")):
        if (ROOT / name).is_file() and not (ROOT / name).is_symlink():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
        else:
            (folder / name).unlink(missing_ok=True)
    return folder


@dataclass
class Runner:
    """A machine that runs steps; `values` stand in for what only GitHub knows, by expression."""

    folder: Path
    programs: Path
    """Comes first in `PATH`."""
    temp: Path
    values: dict[str, str] = field(default_factory=dict)
    installed: set[str] = field(default_factory=set)
    """What has been installed: jobs begin with the same steps, and one machine runs them all."""

    def run(self, steps: list[dict[str, Any]], *around: Mapping[str, str]) -> str:
        """Run the shell steps, pass over the actions; `around` are the variables that are stated further out."""
        printed = [
            self.step(step, *around) for step in steps if "run" in step and step["run"] not in self.installed
        ]
        self.installed |= {step["run"] for step in steps if step.get("run", "").startswith(INSTALL)}
        return "".join(printed)

    def step(self, step: dict[str, Any], *around: Mapping[str, str]) -> str:
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("PYTHON", "DLMAP", "GITHUB", "CI"))}
        output = self.temp / "output"
        output.write_text("")
        own = {
            "PATH": f"{self.programs}{os.pathsep}{kept['PATH']}",
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_OUTPUT": str(output),
            "SECRET": CANARY,
        }
        stated = {
            name: self.resolved(value)
            for place in (*around, step.get("env", {}))
            for name, value in place.items()
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", self.resolved(step["run"])],
            cwd=self.folder,
            env=kept | own | stated,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{step['name']}\n{done.stdout}\n{done.stderr}"
        for line in output.read_text().splitlines():
            name, _, value = line.partition("=")
            self.values[f"steps.{step['id']}.outputs.{name}"] = value
        return done.stdout + done.stderr

    def resolved(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: self.values[found[1]], text)


def steps_in(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every step of a workflow or a composite action."""
    for job in document.get("jobs", {"": document.get("runs")}).values():
        yield from job["steps"]
