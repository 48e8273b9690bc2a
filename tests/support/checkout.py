"""Where the checkout and its neighbours are, and what becomes of a test whose tool is missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
BASE_URL = "https://example.org/repo/"
"""Where the session's addressed site is published."""
SEED = SHARED / "seed" / "DL-outline.md"


def require(condition: bool, what: str) -> None:
    """Skip a test whose tool or data is missing on this machine; where everything has to pass, fail."""
    if not condition:
        if os.environ.get("DLMAP_REQUIRE_TOOLS") == "1":
            pytest.fail(f"{what} is missing, and DLMAP_REQUIRE_TOOLS is set")
        pytest.skip(f"{what} is missing")
