"""The shape of the code: short modules that say what they do, tests that stand alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from support.checkout import ROOT

SOURCE = ROOT / "src" / "dlmap"
TESTS = ROOT / "tests"
MAX_LINES = 350


def modules(folder: Path) -> Iterator[tuple[str, str]]:
    """The path below `folder` and the text of every module of our own."""
    for file in sorted(folder.rglob("*.py")):
        if not {"_vendor", "node_modules"} & set(file.parts):
            yield file.relative_to(folder).as_posix(), file.read_text("utf-8")


def test_a_module_is_short() -> None:
    sizes = {name: text.count("\n") for name, text in modules(SOURCE)}
    assert len(sizes) > 100
    assert {name: size for name, size in sizes.items() if size > MAX_LINES} == {}


def test_a_module_opens_with_its_job() -> None:
    for folder in (SOURCE, TESTS):
        assert [name for name, text in modules(folder) if not ast.get_docstring(ast.parse(text))] == []


def imported_by(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_no_test_imports_another_test_module() -> None:
    wrong = [
        (name, module)
        for name, text in modules(TESTS)
        for module in imported_by(text)
        if module.split(".")[0].startswith(("test_", "conftest"))
    ]
    assert wrong == []
