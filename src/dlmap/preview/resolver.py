"""From the path of a request to a file of the site, as GitHub Pages finds it, and never out of the site."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

# Bytes that have no business in the path of a page: controls, a backslash, and a second way to write a slash.
_FORBIDDEN = re.compile(rb"[\x00-\x20\x7f\\]|%(?:[01][0-9a-f]|7f|2f|5c)", re.IGNORECASE)
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9a-fA-F]{2})")


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file inside the site."""

    file: Path


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


def resolve(site: Path, raw_path: bytes, base_path: str) -> Found | Moved | None:
    """Find what a request's path names; None is a page that does not exist."""
    if raw_path and unquote_to_bytes(raw_path) + b"/" == unquote_to_bytes(base_path):
        return Moved(base_path)
    names = path_segments(raw_path, base_path)
    if names is None:
        return None
    try:
        # Both are looked up in one tree, even if another is put in its place meanwhile.
        root = site.resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    place = root.joinpath(*names)
    if not names[-1]:
        return _file_inside(root, place / "index.html")
    page = _file_inside(root, place) or _file_inside(root, place.with_name(names[-1] + ".html"))
    if page is None and _is_folder_inside(root, place):
        return Moved(base_path + quote("/".join(names)) + "/")
    return page


def error_page(site: Path) -> Found | None:
    """The site's own page for what does not exist."""
    try:
        root = site.resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    return _file_inside(root, root / "404.html")


def _file_inside(root: Path, place: Path) -> Found | None:
    real = _real_inside(root, place)
    return Found(real) if real is not None and stat.S_ISREG(_mode(real)) else None


def _is_folder_inside(root: Path, place: Path) -> bool:
    real = _real_inside(root, place)
    return real is not None and stat.S_ISDIR(_mode(real))


def _real_inside(root: Path, place: Path) -> Path | None:
    """Follow every link; None if the end is missing, hidden or outside."""
    try:
        real = Path(os.path.realpath(place, strict=True))
    except (OSError, ValueError):
        return None
    if not real.is_relative_to(root):
        return None
    return None if any(part.startswith(".") for part in real.relative_to(root).parts) else real


def _mode(real: Path) -> int:
    try:
        return real.stat().st_mode
    except OSError:
        return 0
