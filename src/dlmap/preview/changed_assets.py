"""Which files that pages use have changed from one edition to the next: style sheets, scripts, pictures."""

from __future__ import annotations

import os
from itertools import chain
from pathlib import Path
from posixpath import basename

from dlmap.preview.api import SiteView


def changed_assets(before: SiteView, after: SiteView, changed: tuple[str, ...]) -> frozenset[str]:
    """The site paths, pages left out, behind which there is another content now.

    `changed` names the watched files that are new, gone or different.  A file keeps its name when it is published, so
    what has the name of none of them needs no look: a data file would have to be made for it.
    """
    old, new = before.paths(), after.paths()
    names = {basename(Path(path).as_posix()) for path in changed}
    ends = tuple(names)  # of thousands of paths few have one, and those are soon found
    real = frozenset(changed)
    return frozenset(
        path
        for path in chain(new, (path for path in old if path not in new))
        if path.endswith(ends)
        and basename(path) in names
        and not _is_page(path)
        and (path not in old or path not in new or _differs(before, after, path, real))
    )


def _is_page(path: str) -> bool:
    return path.endswith((".html", ".htm"))


def _differs(before: SiteView, after: SiteView, path: str, changed: frozenset[str]) -> bool:
    content = after.content(path)
    if content != before.content(path):
        return True
    return isinstance(content, Path) and not changed.isdisjoint(_names(content))


def _names(file: Path) -> set[str]:
    """The names by which a change of the file may be known: its own, with its folder's links followed, and its target's."""
    return {str(Path(os.path.realpath(file.parent), file.name)), os.path.realpath(file)}
