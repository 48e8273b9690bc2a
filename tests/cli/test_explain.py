"""`dlmap check --explain`: what the outline was read as, why, and how certain that is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.program import run

OUTLINE = """# Vision

## Architectures

### Convolutional networks

- **LeNet-5** (1998): digits.
- **AlexNet** (2012): deep networks with rectified units.
- **ResNet** (2015): residual connections.

## Questions

- How are objects found?
- What is a region?
"""


@pytest.fixture
def post(tmp_path: Path) -> Path:
    file = tmp_path / "vision.md"
    file.write_text(OUTLINE, "utf-8")
    return file


def test_each_heading_and_list_is_explained(post: Path) -> None:
    explained = run("check", "vision.md", "--explain", cwd=post.parent)
    assert explained.returncode == 0
    lines = explained.stdout.splitlines()
    assert lines[0].endswith("doubtful")
    assert any(line.startswith("vision.md:1:3: heading → part") for line in lines)
    entries = next(line for line in lines if line.startswith("vision.md:7:1: list → entries"))
    assert "LeNet-5" in entries
    reason = lines[lines.index(entries) + 1]
    assert reason.startswith("  why: ")
    assert "3 years" in reason
    assert "[list.entries]" in reason
    assert any(line.startswith("vision.md:13:1: list → ") and "entries" not in line for line in lines)


def test_programs_get_the_same_as_json(post: Path) -> None:
    explained = run("check", "vision.md", "--explain", "--format", "json", cwd=post.parent)
    decisions = json.loads(explained.stdout)
    entries = next(each for each in decisions if each["outcome"] == "entries")
    assert (entries["path"], entries["line"], entries["subject"]) == ("vision.md", 7, "list")
    assert 0 < entries["confidence"] <= 1
    assert entries["doubtful"] is (entries["confidence"] < 0.75)


def test_doubtful_decisions_come_first(tmp_path: Path) -> None:
    file = tmp_path / "post.md"
    file.write_text(
        OUTLINE + "\n# Speech\n\n## Recognition\n\n### Decoders\n\nSuch as **ResNet**, **CTC**.\n", "utf-8"
    )
    explained = run("check", "post.md", "--explain", "--format", "json", cwd=tmp_path)
    doubts = [each["doubtful"] for each in json.loads(explained.stdout)]
    assert doubts == sorted(doubts, reverse=True)
    distant = next(each for each in json.loads(explained.stdout) if each["rule"] == "names.distant")
    assert distant["words"] == "ResNet"
    assert "Convolutional networks" in distant["reason"]
    assert "Decoders" in distant["reason"]
    assert "{#" in distant["mark"]


def test_what_is_wrong_is_still_reported(post: Path) -> None:
    post.write_text(OUTLINE + "\n### \n", "utf-8")
    explained = run("check", "vision.md", "--explain", cwd=post.parent)
    assert "DL204" in explained.stderr
    assert "DL204" not in explained.stdout


def test_reports_for_code_hosts_have_no_explanation(post: Path) -> None:
    refused = run("check", "vision.md", "--explain", "--format", "sarif", cwd=post.parent)
    assert refused.returncode == 2
    assert "text and json" in refused.stderr


def test_a_new_site_ends_with_what_was_made_of_the_post(post: Path) -> None:
    made = run("init", "site", "--from", "vision.md", cwd=post.parent)
    assert "What dlmap made of vision.md" in made.stdout
    assert "entries × 1" in made.stdout
