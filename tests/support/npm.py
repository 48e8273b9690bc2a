"""Where the tests find what tests/package.json pins."""

from __future__ import annotations

from pathlib import Path

from support.checkout import ROOT, require

_PACKAGES = ROOT / "tests" / "node_modules"


def npm_file(path: str) -> Path:
    """A file of an npm package; skips where they are not installed."""
    file = _PACKAGES / path
    require(file.is_file(), f"{path} (npm ci --prefix tests)")
    return file
