"""The documents and the diagnostics avoid the stilted words that crept into them before."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dlmap.text import CATALOGUE
from support.checkout import ROOT

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
_STILTED = re.compile(
    r"\b(?:anew|whereof|therein|stands twice|stands as|(?:is|are) told(?! apart)|does not speak|without a word)\b"
)


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_documents_are_in_plain_english(file: Path) -> None:
    lines = file.read_text("utf-8").splitlines()
    assert not [f"{number}: {line}" for number, line in enumerate(lines, 1) if _STILTED.search(line)]


def test_summaries_of_diagnostics_are_in_plain_english() -> None:
    assert not [code.id for code in CATALOGUE.values() if _STILTED.search(code.summary)]
