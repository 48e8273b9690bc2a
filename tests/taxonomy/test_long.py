"""A long outline of our own words, read as its hand-made truth says: every rule of reading at the length of a post."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dlmap import build
from dlmap.text import Severity
from support.checkout import SHARED, require

LONG = Path(__file__).parents[1] / "outlines" / "long"
SCORER = SHARED / "accept" / "score_outline.py"
FLOOR = "0.98"


@pytest.fixture(scope="module")
def long_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published folder of the long outline."""
    output = tmp_path_factory.mktemp("long") / "site"
    result = build(LONG / "outline.md", output)
    assert result.published, [d.message for d in result.diagnostics if d.severity is Severity.ERROR]
    return output


def test_a_heading_under_a_family_is_a_section_of_its_page_with_its_article(long_site: Path) -> None:
    html = (long_site / "zh" / "object-detection" / "index.html").read_text("utf-8")
    assert 'id="non-maximum-suppression"' in html
    assert "https://blog.example.org/2021/05/11/nms.html" in html


def test_the_long_outline_is_read_as_a_careful_reader_reads_it(long_site: Path) -> None:
    require(SCORER.is_file(), f"the scorer {SCORER}")
    taxonomy = str(long_site / "taxonomy.json")
    done = subprocess.run(
        [sys.executable, str(SCORER), taxonomy, str(LONG), "--min-f1", FLOOR, "--min-tree", FLOOR, "--show"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
