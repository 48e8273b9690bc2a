"""What came of looking an address up."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class LinkStatus(StrEnum):
    """What an address turned out to be."""

    FINE = "fine"
    MOVED = "moved"
    """The host says that the page stands elsewhere for good."""
    DEAD = "dead"
    """The host says that there is no such page."""
    UNREACHABLE = "unreachable"
    """There is no answer, or none of use: it may be another one tomorrow."""
    REFUSED = "refused"
    """The host does not answer programs; people may well see the page."""
    PRIVATE = "private"
    """It leads into a private network and was not asked for."""


class LinkResult(NamedTuple):
    """A finding with its reason."""

    finding: LinkStatus
    words: str = ""
    """The reason, to follow “the link”: `is answered by 404 Not Found`."""
    moved_to: str = ""
    """The address that a moved page has now."""
