"""Whether a published folder holds together: links, ids, addresses."""

from __future__ import annotations

import subprocess
import sys
from hashlib import blake2b
from html.parser import HTMLParser
from pathlib import Path

from support.checkout import SHARED, require

CHECKER = SHARED / "accept" / "check_site.py"


def check_site(site: Path, *options: str) -> str:
    require(CHECKER.is_file(), str(CHECKER))
    done = subprocess.run(
        [sys.executable, CHECKER, site, *options], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def tree_hash(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): blake2b(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


class Text(HTMLParser):
    """The visible words of a page, its links, and the languages of its elements."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.words = ""
        self.links: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = dict(attrs)
        self.attributes.append((tag, made))
        if tag == "a" and made.get("href"):
            self.links.append(made["href"] or "")

    def handle_data(self, data: str) -> None:
        self.words += data
