"""A fingerprint of dlmap's own code: what one version of it stored says nothing to the next, released or not."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import blake2b
from importlib import metadata
from pathlib import Path

import dlmap

_LIBRARIES = ("jinja2", "markdown-it-py", "markupsafe", "mdit-py-plugins", "nh3", "pygments", "pyyaml")


@cache
def code_fingerprint(*parts: str) -> str:
    """A hash over the source files of packages and modules of dlmap, by their names below it (`text`, `theme.py`)."""
    root = Path(dlmap.__file__).parent
    found = blake2b(digest_size=16)
    for part in parts:
        place = root / part
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            # An installation without source files is told by its version alone.
            code = file.read_bytes() if file.is_file() else b""
            found.update(f"{file.relative_to(root).as_posix()}\0{len(code)}\0".encode() + code)
    return found.hexdigest()


@cache
def program() -> str:
    """A fingerprint of everything that builds: dlmap itself, the libraries that shape its pages, Python."""
    versions = (f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    return "\n".join((code_fingerprint("."), sys.version, *versions))
