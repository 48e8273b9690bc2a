"""Documents that nobody would write: whatever they hold, they end in a site or in diagnostics."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dlmap.articles.model import ArticleFile, ArticleSource
from dlmap.articles.read import read_article
from dlmap.markdown import parse_document
from dlmap.taxonomy import Registry, assemble, read_outline
from dlmap.text import SourceFile
from fuzz.mutations import SPECIAL, corpus, mutants
from support.checkout import ROOT

GIGABYTE = 2**30


def run(number: int, seed: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "fuzz" / "run.py", str(number), str(seed)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize(
    ("number", "seed"),
    [
        pytest.param(250, 20240501, id="some", marks=pytest.mark.timeout(300)),
        *(
            pytest.param(
                2000, seed, id=f"many-{seed}", marks=[pytest.mark.nightly, pytest.mark.timeout(3000)]
            )
            for seed in range(5)
        ),
    ],
)
def test_2a_mutated_documents_end_in_a_site_or_in_diagnostics(number: int, seed: int) -> None:
    result = run(number, seed)
    assert result["faults"] == []
    assert sum(result["ends"].values()) == number
    assert min(result["ends"].get(end, 0) for end in "012") > 0, "documents of all fates are tried"
    assert result["longest"] < 10
    assert result["memory"] < GIGABYTE


def test_the_mutants_are_others_each_time_and_the_same_for_a_seed() -> None:
    some = list(mutants(200, 1))
    assert some == list(mutants(200, 1))
    assert some != list(mutants(200, 2))
    originals = {text.encode("utf-8", "surrogateescape") for _, text in corpus()}
    assert sum(document not in originals for _, document in some) > 190
    assert all(any(mark.encode() in document for _, document in mutants(2000, 1)) for mark in SPECIAL[:20])


# What costs other parsers more than its share of time, by construction

PATHOLOGICAL: dict[str, Callable[[int], str]] = {
    "nested emphasis": lambda n: "*a **a " * n + "b" + " a** a*" * n,
    "emphasis that only closes": lambda n: "a_ " * n,
    "emphasis that only opens": lambda n: "_a " * n,
    "links that only close": lambda n: "a]" * n,
    "links that only open": lambda n: "[a" * n,
    "openers and closers that do not fit": lambda n: "*a_ " * n,
    "closers of two kinds": lambda n: "a **b" + "c* " * n,
    "openers of links and emphasis": lambda n: "[ a_" * n,
    "brackets in brackets": lambda n: "[" * n + "a" + "]" * n,
    "quotes in quotes": lambda n: "> " * n + "a",
    "lists in lists": lambda n: "".join(f"{' ' * level}* a\n" for level in range(int(n**0.5) * 3)),
    "backticks of growing length": lambda n: "".join("e" + "`" * length for length in range(int(n**0.5) * 4)),
    "open link targets": lambda n: "[a](<b" * n,
    "open link targets without brackets": lambda n: "[a](b" * n,
    "open comments": lambda n: "</" + "<!--" * n,
    "comments that open": lambda n: "<!--" * n,
    "elements in elements": lambda n: "<div>\n" * n,
    "attributes of many letters": lambda n: f"<div {'a' * n}>",
    "open instructions": lambda n: "<?" * n,
    "open declarations": lambda n: "<!A " * n,
    "open character data": lambda n: "<![CDATA[" * n,
    "empty lines in deep lists": lambda n: "- " * 50 + "x" + "\n" * n,
    "empty lines of lists in quotes": lambda n: "> " * 2 + "- x\n" + "> >\n" * n,
    "emphasis in deep quotes": lambda n: ">" * 150 + "a*" * n,
    "references that are alike": lambda n: (
        "".join(f"[{'a' * 40}{x}]: u\n" for x in range(n // 4)) + "[a] " * n
    ),
    "pictures that open": lambda n: "![[]()" * n,
    "tables of bars": lambda n: "|" * n + "\n" + "|-" * n + "\n" + "|" * n,
    "rows of tables": lambda n: "|a|b|\n|-|-|\n" + "|x|y|\n" * n,
    "entities": lambda n: "&" * n + "&amp" * n,
    "escapes": lambda n: "\\" * n + "\\*" * n,
    "addresses": lambda n: "<a:" * n + "https://" * n,
    "formulas": lambda n: "$a$$b$ " * n,
    "stars beside Chinese": lambda n: "中**。文**" * n,
    "glosses": lambda n: "中文(English(" * n,
    "references to nothing": lambda n: "".join(f"### F{x}\n" for x in range(n)) + "\n" + "[a](#b) " * 8 * n,
}
IN_POSTS: dict[str, Callable[[int], str]] = {
    "tags that do not end": lambda n: '{% include a="b" ' * n,
    "raw text that does not end": lambda n: "{% raw %} " * n,
    "highlighted code that does not end": lambda n: "{% highlight a %}\n" * n,
    "comments that do not end": lambda n: "{::comment}" * n,
    "Markdown in HTML that does not end": lambda n: '<div markdown="1">\n' * n,
    "Markdown in HTML in HTML": lambda n: '<div markdown="1">\n' * n + "</div>\n" * n,
    "addresses with spaces": lambda n: "[a](b c " * n,
    "details that do not end": lambda n: "<details><summary>a</summary>\n\n" * n,
}
_BEGIN = 250


def read(text: str) -> None:
    document, _ = parse_document(SourceFile("outline.zh.md", f"# 部\n\n## 类\n\n### 族\n\n{text}\n"))
    outline, _ = read_outline(document)
    assemble([outline], Registry(), {}, ("zh",))


def read_post(text: str) -> None:
    file = ArticleFile(Path("post.md"), "post.md", "post", "post")
    read_article(ArticleSource(file, SourceFile("post.md", f"---\nlayout: post\n---\n\n{text}\n")))


@pytest.mark.parametrize(
    ("make", "reads"),
    [
        *(pytest.param(make, read, id=name) for name, make in PATHOLOGICAL.items()),
        *(pytest.param(make, read_post, id=name) for name, make in IN_POSTS.items()),
    ],
)
def test_2a_twice_the_input_takes_less_than_thrice_the_time(
    make: Callable[[int], str], reads: Callable[[str], None]
) -> None:
    def seconds(text: str) -> float:
        gc.disable()  # it looks at all there is, now and then
        try:
            began = time.process_time()
            reads(text)
            return time.process_time() - began
        finally:
            gc.enable()

    size = _BEGIN
    while seconds(make(size)) < 0.05 and size < 64 * _BEGIN:  # less is not told from chance
        size *= 2
    # Chance only adds, and seldom three times.
    assert min(seconds(make(2 * size)) / min(seconds(make(size)), seconds(make(size))) for _ in range(3)) < 3
