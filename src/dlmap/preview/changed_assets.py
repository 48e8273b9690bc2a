"""The assets that differ between two builds: style sheets, scripts, images."""

from __future__ import annotations

import os
from itertools import chain
from pathlib import Path
from posixpath import basename

from dlmap.preview.api import SiteView


def changed_assets(before: SiteView, after: SiteView, changed: tuple[str, ...]) -> frozenset[str]:
    """The site paths, except pages, whose content differs.

    `changed` names the watched files that are new, deleted or different.  Files keep their names when published, so
    only assets with one of these names are compared: rendering every data file would take too long.
    """
    old, new = before.paths(), after.paths()
    names = {basename(Path(path).as_posix()) for path in changed}
    suffixes = tuple(names)  # a cheap test that excludes most of thousands of paths
    changed_files = frozenset(changed)
    return frozenset(
        path
        for path in chain(new, (path for path in old if path not in new))
        if path.endswith(suffixes)
        and basename(path) in names
        and not _is_page(path)
        and (path not in old or path not in new or _differs(before, after, path, changed_files))
    )


def _is_page(path: str) -> bool:
    return path.endswith((".html", ".htm"))


def _differs(before: SiteView, after: SiteView, path: str, changed: frozenset[str]) -> bool:
    content = after.content(path)
    if content != before.content(path):
        return True
    return isinstance(content, Path) and not changed.isdisjoint(_file_paths(content))


def _file_paths(file: Path) -> set[str]:
    """The paths under which a change of the file may be reported: in its resolved folder, and its own target."""
    return {str(Path(os.path.realpath(file.parent), file.name)), os.path.realpath(file)}
