"""The history of a site in its Git repository: who wrote a line when, and what revisions did to the map."""

from dlmap.history.blame import BlameLine, authorship, contributors
from dlmap.history.diff import Change, ChangeKind, compare
from dlmap.history.git import GitError, Repository, Revision, ask_git
from dlmap.history.model import RevisionChanges, SiteHistory
from dlmap.history.snapshot import ConceptSnapshot, MapSnapshot, map_snapshot

__all__ = [
    "BlameLine",
    "Change",
    "ChangeKind",
    "ConceptSnapshot",
    "GitError",
    "MapSnapshot",
    "Repository",
    "Revision",
    "RevisionChanges",
    "SiteHistory",
    "ask_git",
    "authorship",
    "compare",
    "contributors",
    "map_snapshot",
]
