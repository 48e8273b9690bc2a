"""From the path of a request to a file of the site, as GitHub Pages finds it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

# Bytes that have no business in the path of a page: controls, a backslash, and a second way to write a slash.
_FORBIDDEN = re.compile(rb"[\x00-\x20\x7f\\]|%(?:[01][0-9a-f]|7f|2f|5c)", re.IGNORECASE)
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9a-fA-F]{2})")


@dataclass(frozen=True, slots=True)
class Moved:
    """The page stands at another address of this server."""

    location: str


def path_segments(raw_path: bytes, base_path: str) -> tuple[str, ...] | None:
    """The names in a request's path below the base path; an empty last one stands for a folder's page.

    None is what no page of the site can have as its address.
    """
    base = unquote_to_bytes(base_path)
    if _FORBIDDEN.search(raw_path) or _BROKEN_ESCAPE.search(raw_path):
        return None
    path = unquote_to_bytes(raw_path)
    if not path.startswith(base):
        return None
    try:
        names = tuple(path.removeprefix(base).decode("utf-8").split("/"))
    except UnicodeDecodeError:
        return None
    return names if all(map(_is_plain, names[:-1])) and (not names[-1] or _is_plain(names[-1])) else None


def _is_plain(name: str) -> bool:
    """Whether a name is no hidden file, no `..`, and to Windows neither a drive, a stream nor another name."""
    return bool(name) and not name.startswith(".") and ":" not in name and not name.endswith((".", " "))


def resolve(paths: Collection[str], raw_path: bytes, base_path: str) -> str | Moved | None:
    """Which of the site's files a request's path names; None is a page that does not exist."""
    if raw_path and unquote_to_bytes(raw_path) + b"/" == unquote_to_bytes(base_path):
        return Moved(base_path)
    names = path_segments(raw_path, base_path)
    if names is None:
        return None
    path = "/".join(names)
    wanted = (f"{path}index.html",) if not names[-1] else (path, f"{path}.html")
    for candidate in wanted:
        if candidate in paths:
            return candidate
    if names[-1] and any(each.startswith(f"{path}/") for each in paths):
        return Moved(f"{base_path}{quote(path)}/")
    return None
