"""The workflow that publishes the default site: its shell steps run here, in order, on a copy of the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import venv
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "pages.yml"


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    return document


def test_actions_are_official_and_pinned(workflow: dict[str, Any]) -> None:
    used = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", name)] == []
    names = {name.split("@")[0] for name in used}
    assert {"actions/configure-pages", "actions/upload-pages-artifact", "actions/deploy-pages"} <= names


def test_only_the_deployment_may_write(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {}
    assert workflow["jobs"]["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert "write" not in workflow["jobs"]["build"]["permissions"].values()
    checkouts = [s for j in workflow["jobs"].values() for s in j["steps"] if "checkout" in s.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_its_steps_build_the_site(workflow: dict[str, Any], tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, os.fsdecode(listed.stdout).split("\0")):
        if (ROOT / name).is_file():
            (checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, checkout / name)
    venv.create(tmp_path / "venv", with_pip=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DLMAP"))}
    kept["PATH"] = f"{tmp_path / 'venv' / 'bin'}{os.pathsep}{kept['PATH']}"
    outputs = {"steps.pages.outputs.base_url": "https://example.org/repo"}
    for step in workflow["jobs"]["build"]["steps"]:
        if "run" not in step:
            continue
        given = {
            name: re.sub(r"\$\{\{\s*(.*?)\s*\}\}", lambda found: outputs[found[1]], value)
            for name, value in step.get("env", {}).items()
        }
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", step["run"]],
            cwd=checkout,
            env=kept | given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{step['name']}\n{done.stdout}\n{done.stderr}"
    uploaded = next(s for s in workflow["jobs"]["build"]["steps"] if "upload" in s.get("uses", ""))["with"][
        "path"
    ]
    site = checkout / uploaded
    assert (site / "zh" / "resnet" / "index.html").is_file()
    assert "https://example.org/repo/zh/resnet/" in (site / "sitemap.xml").read_text("utf-8")
    assert [file for file in site.rglob("*") if file.is_symlink()] == []
