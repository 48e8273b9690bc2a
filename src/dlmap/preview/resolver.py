"""Resolve the path of a request to a file of the site, as GitHub Pages does."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

# Bytes that no page path contains: control characters, backslashes and encoded slashes.
_FORBIDDEN = re.compile(rb"[\x00-\x20\x7f\\]|%(?:[01][0-9a-f]|7f|2f|5c)", re.IGNORECASE)
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9a-fA-F]{2})")


@dataclass(frozen=True, slots=True)
class Redirect:
    """The page is at another path of this server."""

    location: str


def path_segments(raw_path: bytes, base_path: str) -> tuple[str, ...] | None:
    """The segments of a request's path below the base path; an empty last segment means the index page of a folder.

    None if no page of the site can have this path.
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
    """Whether a name is neither hidden nor `..`, and not a drive, a stream or an alias on Windows."""
    return bool(name) and not name.startswith(".") and ":" not in name and not name.endswith((".", " "))


def resolve(paths: Collection[str], raw_path: bytes, base_path: str) -> str | Redirect | None:
    """The site path for the path of a request, or a redirect; None if there is no such page."""
    if raw_path and unquote_to_bytes(raw_path) + b"/" == unquote_to_bytes(base_path):
        return Redirect(base_path)
    names = path_segments(raw_path, base_path)
    if names is None:
        return None
    path = "/".join(names)
    candidates = (f"{path}index.html",) if not names[-1] else (path, f"{path}.html")
    for candidate in candidates:
        if candidate in paths:
            return candidate
    if names[-1] and any(each.startswith(f"{path}/") for each in paths):
        return Redirect(f"{base_path}{quote(path)}/")
    return None
