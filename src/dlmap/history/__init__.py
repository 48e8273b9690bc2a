"""What the Git repository of a site tells: who wrote a line when, and what revisions did to the map."""

from dlmap.history.blame import Line, authorship, contributors
from dlmap.history.diff import Change, ChangeKind, compare
from dlmap.history.git import GitError, Repository, Revision, ask_git
from dlmap.history.model import RevisionChanges, SiteHistory
from dlmap.history.snapshot import Census, Known, census

__all__ = [
    "Census",
    "Change",
    "ChangeKind",
    "GitError",
    "Known",
    "Line",
    "Repository",
    "Revision",
    "RevisionChanges",
    "SiteHistory",
    "ask_git",
    "authorship",
    "census",
    "compare",
    "contributors",
]
