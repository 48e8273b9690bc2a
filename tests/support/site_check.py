"""Whether a published folder holds together: links, ids, addresses."""

from __future__ import annotations

import re
import subprocess
import sys
from hashlib import blake2b
from html.parser import HTMLParser
from pathlib import Path

from support.checkout import BASE_URL, SHARED, require
from support.web_page import attributes, read_html

CHECKER = SHARED / "accept" / "check_site.py"


def check_site(site: Path, *options: str) -> None:
    """Whether the checker finds no defect; a site without an address has no sitemap, which is none."""
    require(CHECKER.is_file(), str(CHECKER))
    done = subprocess.run(
        [sys.executable, CHECKER, site, *options], capture_output=True, text=True, check=False
    )
    defects = re.findall(r"^ +\d+  (.*)", done.stdout, re.MULTILINE)
    if "Sitemap: " not in (site / "robots.txt").read_text("utf-8"):
        defects.remove("no sitemap.xml: /")
    assert defects == [], done.stdout
    assert " defects" in done.stdout, done.stderr


def check_site_under_a_path(site: Path) -> None:
    """Whether a site that is published at BASE_URL holds together and says where it is."""
    check_site(site, "--base", "/repo/")
    page = read_html(site / "zh" / "index.html")
    assert attributes(page, "link[rel=canonical]", "href") == [f"{BASE_URL}zh/"]
    assert f"{BASE_URL}en/" in attributes(page, "link[hreflang=en]", "href")
    assert "/repo/zh/" in attributes(read_html(site / "404.html"), "a", "href")


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
