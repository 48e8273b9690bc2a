"""The anchors of headings: as GitHub makes them, so that links in posts go on working."""

from __future__ import annotations

import re
from urllib.parse import unquote

# What the page itself uses, and names that mean something to a script that looks an element up.
_TAKEN = ("main", "tree", "top", "rail", "search")
_OF_SCRIPTS = frozenset({"__proto__", "constructor", "prototype", "location", "document", "window", "self"})
_DROPPED = re.compile(r"[^\w\- ]")


class Anchors:
    """Gives each heading of one page an anchor of its own."""

    def __init__(self) -> None:
        self.used = set(_TAKEN)

    def take(self, heading: str) -> str:
        """The anchor of a heading: letters of any script, hyphens for spaces, `-1` where it stands already."""
        wanted = _DROPPED.sub("", heading.strip().lower()).replace(" ", "-") or "section"
        return self.unique(f"section-{wanted}" if wanted in _OF_SCRIPTS else wanted)

    def unique(self, wanted: str) -> str:
        """The anchor itself, or one with a number where another heading has it."""
        anchor, number = wanted, 0
        while anchor in self.used:
            number += 1
            anchor = f"{wanted}-{number}"
        self.used.add(anchor)
        return anchor


def same_anchor(written: str) -> str:
    """What two spellings of one anchor share: encoding and letter case do not tell them apart."""
    return unquote(written).casefold()
