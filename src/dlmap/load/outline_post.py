"""Find the post of a blog that is its outline: the one that links to far more of the other posts than a post does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from dlmap.articles.files import dated

_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)|\{%-?\s*(?:post_url|link)\s+([^\s%]+)")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)
_MANY = 10
_FEWEST = 3
"""In a small blog an outline links to at least so many posts, and to half of all."""


class OutlinePost(NamedTuple):
    """A post that is taken for the outline of its blog."""

    file: Path
    links: int
    """To how many other posts it leads."""


def find_outline_post(posts: Path) -> OutlinePost | None:
    """The post below a folder that leads to the most other posts, if it leads to many; files that cannot be read are
    passed over, as they are reported with the articles.
    """
    files = sorted(file for file in posts.rglob("*.md") if file.is_file() and not file.is_symlink())
    names = {dated(file.stem)[1] for file in files}
    best: OutlinePost | None = None
    for file in files:
        try:
            text = file.read_text("utf-8", "replace")
        except OSError:
            continue
        links = len(_posts_in(text) & (names - {dated(file.stem)[1]}))
        if links > (best.links if best else 0) and len(_HEADING.findall(text)) > 1:
            best = OutlinePost(file, links)
    least = min(_MANY, max(_FEWEST, len(names) // 2))
    return best if best and best.links >= least else None


def _posts_in(text: str) -> set[str]:
    """The names, without their days, of all posts that a text may link to."""
    names: set[str] = set()
    for address, liquid in _LINK.findall(text):
        path = unquote(address or liquid).partition("#")[0].rstrip("/")
        name = re.sub(r"\.(html?|md|markdown)$", "", path.rpartition("/")[2])
        names.add(dated(name)[1])
    return names
