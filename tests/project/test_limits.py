"""Every limit that `docs/limits.md` states: what is at it passes, what is one past it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dlmap import build
from dlmap.articles import code
from dlmap.cache import store
from dlmap.markdown import frontmatter, htmlrules, nesting
from dlmap.math import MAX_FORMULA_LENGTH, engine
from dlmap.taxonomy.assemble import MAX_CONCEPTS
from dlmap.taxonomy.names import MAX_ID_LENGTH
from dlmap.text import source, strict_yaml
from support.checkout import ROOT

HEAD = "# Vision\n\n## Backbones\n\n### Convolution\n\n"

Outline = Callable[[int], str]
"""An outline with so much of something."""


def file_of(size: int) -> str:
    return HEAD + "\n" * (size - len(HEAD))


def front_matter_of(size: int) -> str:
    return f"---\n{'#' * (size - 1)}\n---\n{HEAD}Text.\n"


def yaml_of(depth: int) -> str:
    # The front matter is a mapping itself.
    return f"---\ntags: {'[' * (depth - 1)}{']' * (depth - 1)}\n---\n{HEAD}Text.\n"


def aliases_of(number: int) -> str:
    return f"---\ntags: [a, {', '.join(['*a'] * number)}]\n---\n{HEAD}Text.\n"


def lists_of(depth: int) -> str:
    return HEAD + "".join(f"{'  ' * level}- item {level}\n" for level in range(depth))


def quotes_of(depth: int) -> str:
    return f"{HEAD}{'>' * depth} word\n"


def concepts_of(number: int) -> str:
    # Three sections and one approach; a name that comes again counts again.
    return f"{HEAD}- Nets: such as {', '.join(f'**Net-{n % 50}x**' for n in range(number - 4))}\n"


def id_of(length: int) -> str:
    return f"# Vision\n\n## Backbones\n\n### Convolution {{#{'a' * length}}}\n\nText.\n"


def formula_of(length: int) -> str:
    return f"{HEAD}$${'x' * length}$$\n"


def expansions_of(number: int) -> str:
    return HEAD + r"$$\def\a{x}" + r"\a " * number + "$$\n"


CASES: list[tuple[str, Outline, int, str]] = [
    ("a text file", file_of, source.MAX_FILE_BYTES, "DL004"),
    ("front matter", front_matter_of, frontmatter.MAX_CHARS, "DL108"),
    ("nesting of YAML", yaml_of, strict_yaml.MAX_DEPTH, "DL105"),
    ("YAML aliases", aliases_of, 0, "DL104"),
    ("nested lists", lists_of, nesting.MAX_NESTING // 2, "DL209"),
    ("nested quotes", quotes_of, nesting.MAX_NESTING, "DL209"),
    ("concepts in an outline", concepts_of, MAX_CONCEPTS, "DL216"),
    ("an explicit id", id_of, MAX_ID_LENGTH, "DL212"),
    ("a formula", formula_of, MAX_FORMULA_LENGTH, "DL401"),
    ("macro expansions", expansions_of, 1000, "DL401"),
]


def stated(what: str) -> int:
    """The figure of a row of the document."""
    [row] = re.findall(rf"^\| {re.escape(what)}\b[^|]*\| ([\d,]+)", DOCUMENT, re.MULTILINE)
    return int(row.replace(",", ""))


DOCUMENT = (ROOT / "docs" / "limits.md").read_text("utf-8")


@pytest.mark.parametrize(("what", "outline", "limit", "code"), CASES, ids=[case[0] for case in CASES])
def test_at_below_and_above_a_limit(
    what: str, outline: Outline, limit: int, code: str, tmp_path: Path
) -> None:
    assert stated(what) == limit
    (tmp_path / "content").mkdir()
    (tmp_path / "dlmap.toml").write_text('languages = ["en"]\n', "utf-8")
    found = {}
    for size in (limit - 1, limit, limit + 1):
        (tmp_path / "content" / "outline.en.md").write_text(outline(max(size, 0)), "utf-8")
        found[size - limit] = {diagnostic.code for diagnostic in build(tmp_path).diagnostics}
    assert code not in found[-1] | found[0]
    assert code in found[1]


def test_elements_that_stand_too_deep_in_each_other_show_as_text() -> None:
    assert stated("nested elements") == htmlrules.MAX_DEPTH
    for depth in (htmlrules.MAX_DEPTH - 1, htmlrules.MAX_DEPTH, htmlrules.MAX_DEPTH + 1):
        made = htmlrules.sanitised_block("<div>" * depth + "word")
        assert (made is None) == (depth > htmlrules.MAX_DEPTH)
    assert htmlrules.sanitised_block("<ul>" + "<li>item<br>\n" * 500 + "</ul>"), "these end with the next"


@pytest.mark.parametrize(
    ("what", "limit"),
    [
        ("time to render a formula", engine.TIME_LIMIT_SECONDS),
        ("memory to render a formula", engine.MEMORY_LIMIT_BYTES),
        ("a code block", code.MAX_CHARS),
        ("the cache", store.SIZE_LIMIT_BYTES),
    ],
)
def test_what_is_stated_of_time_and_memory(what: str, limit: float) -> None:
    """That the limits themselves hold is tested where the engine and the store are."""
    assert stated(what) == limit
