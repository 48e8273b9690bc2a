"""The history of a site, as its pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from dlmap.history.blame import BlameLine
from dlmap.history.diff import Change
from dlmap.history.git import Revision


class RevisionChanges(NamedTuple):
    """What one revision did to the map."""

    revision: Revision
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class SiteHistory:
    """Empty where there is no repository, or not the whole of its history."""

    changes: tuple[RevisionChanges, ...] = ()
    """Newest first."""
    lines: Mapping[str, tuple[BlameLine | None, ...]] = field(default_factory=dict)
    """Whose each line of an outline or of the registry is; None for one that is not committed yet."""
    entries: Mapping[str, tuple[BlameLine, ...]] = field(default_factory=dict)
    """The lines of each entry of the registry."""
    files: Mapping[str, tuple[BlameLine, ...]] = field(default_factory=dict)
    """The commits that touched a note or an article, newest first."""
