"""Fingerprints of dlmap's own code: what one version of it has cached says nothing to the next, released or not."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import blake2b
from importlib import metadata
from pathlib import Path

import dlmap

ROOT = Path(dlmap.__file__).parent
DISTRIBUTIONS = {
    "PIL": "pillow",
    "genanki": "genanki",
    "imagesize": "imagesize",
    "jinja2": "jinja2",
    "markdown_it": "markdown-it-py",
    "markupsafe": "markupsafe",
    "mdit_py_plugins": "mdit-py-plugins",
    "nh3": "nh3",
    "py_mini_racer": "mini-racer",
    "pygments": "pygments",
    "pylatexenc": "pylatexenc",
    "pypinyin": "pypinyin",
    "segno": "segno",
    "yaml": "pyyaml",
}
"""The libraries that shape what is cached or published, by the names they are imported by."""

_PACKAGE = "dlmap"
_SCRIPTS = "dlmap.javascript.program"
"""Who imports it may run any of the vendored scripts."""
_VENDOR = ROOT / "_vendor"
_FONTS = frozenset({".woff", ".woff2", ".ttf"})
# The code is formatted by ruff and imports absolutely; a test compares this with what Python's own parser says.
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]+)|import[ \t]+([\w.]+))", re.MULTILINE
)
_NAME = re.compile(r"\w+")


@cache
def code_version(module: str) -> str:
    """A digest of a module, of all of dlmap that it imports, and of the JavaScript and other data beside these.

    The versions of Python and of the libraries that are imported are part of it.
    """
    modules, libraries = import_closure(module)
    files = {file for name in modules if (file := _file_of(name))}
    for folder in {file.parent for file in files} - {ROOT}:
        files.update(_data_files(folder))
    if _SCRIPTS in modules:
        files.update(_data_files(_VENDOR))
    return _digest(files, libraries)


@cache
def program_version() -> str:
    """A digest of everything that builds: all of dlmap, the libraries that shape its pages, and Python."""
    # The theme, which only a wheel has in here, is part of the digest of the pages that use it.
    files = (
        file for file in ROOT.rglob("*") if file.is_file() and not {"__pycache__", "_theme"} & set(file.parts)
    )
    return _digest(files, DISTRIBUTIONS)


def import_closure(module: str) -> tuple[frozenset[str], frozenset[str]]:
    """The modules of dlmap that a module imports, itself among them, and the other top-level names they import.

    Imports inside functions count.  To import a submodule does not draw in the rest of its package.
    """
    seen: set[str] = set()
    others: set[str] = set()
    todo = {module}
    while todo:
        name = todo.pop()
        seen.add(name)
        for imported in _imports(name):
            if imported.partition(".")[0] != _PACKAGE:
                others.add(imported.partition(".")[0])
            elif imported != _PACKAGE:
                todo.add(imported)
        todo -= seen
    return frozenset(seen), frozenset(others)


@cache
def _imports(module: str) -> frozenset[str]:
    return frozenset(_import_names(module))


def _import_names(module: str) -> Iterator[str]:
    file = _file_of(module)
    for match in _IMPORT.finditer(file.read_text("utf-8") if file else ""):
        source, names, plain = match.groups()
        if plain or source.partition(".")[0] != _PACKAGE:
            yield plain or source
            continue
        submodules = [f"{source}.{name}" for name in _NAME.findall(names)]
        inner = [name for name in submodules if _file_of(name)]
        yield from inner
        if len(inner) < len(submodules):
            yield source


@cache
def _file_of(module: str) -> Path | None:
    """The source file of a module; None for a name that is none, and where only bytecode is installed."""
    place = ROOT.parent.joinpath(*module.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)


def _data_files(folder: Path) -> Iterator[Path]:
    """The files of a folder that are no Python code, and those of its folders that are no packages."""
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name != "__pycache__" and not (entry / "__init__.py").exists():
                yield from _data_files(entry)
        elif entry.suffix not in {".py", ".pyc", *_FONTS}:
            yield entry


def _digest(files: Iterable[Path], libraries: Iterable[str]) -> str:
    digest = blake2b(digest_size=16)
    for file in sorted(files):
        # Fonts are only copied: publishing looks at them itself.
        content = b"" if file.suffix in _FONTS else file.read_bytes()
        digest.update(f"{file.relative_to(ROOT).as_posix()}\0{len(content)}\0".encode() + content)
    versions = (
        f"{name} {metadata.version(DISTRIBUTIONS[name])}"
        for name in sorted(libraries)
        if name in DISTRIBUTIONS
    )
    digest.update("\n".join((dlmap.__version__, sys.version, *versions)).encode())
    return digest.hexdigest()
