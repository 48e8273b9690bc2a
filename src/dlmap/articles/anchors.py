"""The anchors of headings: as GitHub makes them, so that links in posts go on working."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote

from markdown_it.token import Token

# Names that mean something to a script that looks an element up.
_OF_SCRIPTS = frozenset({"__proto__", "constructor", "prototype", "location", "document", "window", "self"})
_DROPPED = re.compile(r"[^\w\- \t]")
_NUMBER = re.compile(r"[^\W\da-zA-Z_一-鿿]")
"""What may be a number such as ① or ², which Python counts among the letters, and GitHub and kramdown do not."""
_TYPOGRAPHY = re.compile(r"-{2,3}")


class Anchors:
    """Gives each heading of one page an anchor of its own.

    The page's own ids (`page.main`) hold a dot, which no anchor does.
    """

    def __init__(self, used: Iterable[str] = ()) -> None:
        self.used = set(used)

    def take(self, heading: str) -> str:
        """The anchor of a heading: letters of any script, hyphens for spaces, `-1` where it stands already."""
        letters = _NUMBER.sub(_letter, _DROPPED.sub("", heading.strip().lower()))
        wanted = letters.replace(" ", "-").replace("\t", "-") or "section"
        return self.unique(f"section-{wanted}" if wanted in _OF_SCRIPTS else wanted)

    def unique(self, wanted: str) -> str:
        """The anchor itself, or one with a number where another heading has it."""
        anchor, number = wanted, 0
        while anchor in self.used:
            number += 1
            anchor = f"{wanted}-{number}"
        self.used.add(anchor)
        return anchor


def heading_text(inline: Token, *, kramdown: bool) -> str:
    """The text of a heading that its anchor is made of: formulas count as they are written, pictures do not.

    kramdown leaves out the hyphens that it turns into dashes; GitHub does not.
    """
    parts: list[str] = []
    for child in inline.children or ():
        if child.type == "text":
            parts.append(_TYPOGRAPHY.sub("", child.content) if kramdown else child.content)
        elif child.type == "code_inline":
            parts.append(child.content)
        elif child.type == "math_inline":
            parts.append(child.meta.get("written", child.content))
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)


def _letter(match: re.Match[str]) -> str:
    return "" if unicodedata.category(match.group()) == "No" else match.group()


def same_anchor(written: str) -> str:
    """What two spellings of one anchor share: encoding and letter case do not tell them apart."""
    return unquote(written).casefold()
