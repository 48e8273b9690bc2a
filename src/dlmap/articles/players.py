"""The players of videos that a page may hold in a frame, by the hosts that they are on."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

_NAMES = {
    "player.bilibili.com": "Bilibili",
    "www.bilibili.com": "Bilibili",
    "www.youtube.com": "YouTube",
    "youtube.com": "YouTube",
    "www.youtube-nocookie.com": "YouTube",
}
_PATHS = re.compile(r"/(?:player\.html|blackboard/|embed/)")


class Player(NamedTuple):
    """A player in a frame."""

    name: str
    """Of the host, for readers."""
    address: str
    """With `https:`."""
    host: str


def player(src: str) -> Player | None:
    """The player at an address; None where it is the page of a host that is not on the list."""
    try:
        parts = urlsplit(f"https:{src}" if src.startswith("//") else src)
    except ValueError:
        return None
    host = parts.netloc.lower()
    if host not in _NAMES or parts.scheme not in ("http", "https") or not _PATHS.match(parts.path):
        return None
    # YouTube's own host for this sets no cookies before the video plays.
    host = "www.youtube-nocookie.com" if _NAMES[host] == "YouTube" else host
    return Player(_NAMES[parts.netloc.lower()], parts._replace(scheme="https", netloc=host).geturl(), host)
