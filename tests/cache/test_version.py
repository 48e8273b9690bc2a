"""Versions of the code: every file that can change a value is part of them, and no other."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dlmap
from dlmap.cache import version

ROOT = Path(dlmap.__file__).parent
MODULES = sorted(
    ".".join(file.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
    for file in ROOT.rglob("*.py")
    if not {"_vendor", "_theme"} & set(file.parts)
)


def imports_of(module: str) -> set[str]:
    """What Python's own parser says that a module imports, by the names of modules."""
    place = ROOT.parent.joinpath(*module.split("."))
    inner = place / "__init__.py"
    file = inner if inner.is_file() else place.with_suffix(".py")
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not seen by the pattern"
            assert node.module is not None
            names.update(
                inner if (inner := f"{node.module}.{alias.name}") in MODULES else node.module
                for alias in node.names
            )
    return names - {"dlmap"}


@pytest.mark.parametrize("module", MODULES)
def test_the_closure_holds_what_the_parser_sees(module: str) -> None:
    modules, others = version.import_closure(module)
    assert module in modules
    for name in imports_of(module):
        assert name in modules if name.startswith("dlmap") else name.partition(".")[0] in others


def test_every_library_of_the_program_has_a_version() -> None:
    used = {name.partition(".")[0] for module in MODULES for name in imports_of(module)}
    # What neither parses, renders nor draws: the command line, the server, and the cache itself.
    others = {"anyio", "click", "msgspec", "rich", "starlette", "uvicorn", "watchdog", "dlmap", "msvcrt"}
    assert used - sys.stdlib_module_names - others <= version.DISTRIBUTIONS.keys()


def versions(folder: Path, *modules: str) -> list[str]:
    """The versions that a copy of the program computes of some modules, and of itself."""
    program = (
        "from dlmap.cache.version import code_version, program_version\n"
        f"print(*map(code_version, {modules!r}), program_version())"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        env={"PYTHONPATH": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("program")
    shutil.copytree(ROOT, folder / "dlmap", ignore=shutil.ignore_patterns("__pycache__", "*.woff2"))
    return folder


@pytest.mark.parametrize(
    ("file", "module", "another"),
    [
        ("search/browser/engine.js", "dlmap.search.index", "dlmap.math.engine"),
        ("site/map/layout.js", "dlmap.site.map.layout", "dlmap.search.index"),
        ("math/katex_batch.js", "dlmap.math.engine", "dlmap.taxonomy.registry"),
        ("_vendor/katex/katex.min.js", "dlmap.math.engine", "dlmap.articles.read"),
        ("markdown/mathrules.py", "dlmap.articles.read", "dlmap.math.engine"),
    ],
)
def test_an_edit_of_a_script_or_module_changes_what_it_can_reach(
    copy: Path, file: str, module: str, another: str
) -> None:
    before = versions(copy, module, another)
    place = copy / "dlmap" / file
    text = place.read_text("utf-8")
    place.write_text(f"{text}\n", "utf-8")
    after = versions(copy, module, another)
    place.write_text(text, "utf-8")
    assert after[0] != before[0]
    assert after[1] == before[1], f"{another} has nothing to do with {file}"
    assert after[2] != before[2], "a build that is up to date has to notice"
