"""The repository of a site according to Git, for the links to edit its pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from dlmap.config import normal_base_url
from dlmap.history import GitError, ask_git

# git@github.com:you/map.git
_SCP = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+\.\w+):(?P<path>(?!/)\S+)")
_URL = re.compile(r"(?:https?|ssh|git)://(?:[^@/\s]+@)?(?P<host>[\w.-]+)(?::\d+)?/(?P<path>\S+)")
_BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.+-]*)*")


@dataclass(frozen=True, slots=True)
class SiteRepository:
    """The hosting location of a site."""

    address: str = ""
    """`https://github.com/you/map`; empty if unknown."""
    branch: str = "main"

    @property
    def pages_address(self) -> str:
        """The address on GitHub Pages; empty for other hosts."""
        match = re.fullmatch(r"https://github\.com/([^/]+)/([^/]+)", self.address)
        if match is None:
            return ""
        owner, name = match[1].lower(), match[2]
        return f"https://{owner}.github.io/" + ("" if name.lower() == f"{owner}.github.io" else f"{name}/")


def repository_of(folder: Path) -> SiteRepository:
    """The remote and branch of a folder, if it is the root of a repository: links to edit start there."""
    if not (folder / ".git").exists():
        return SiteRepository()
    branch = _git(folder, "symbolic-ref", "--short", "HEAD")
    return SiteRepository(
        web_address(_git(folder, "config", "--get", "remote.origin.url")),
        branch if _BRANCH.fullmatch(branch) else "main",
    )


def web_address(remote: str) -> str:
    """The web page of a repository, from the URL of its remote, without credentials."""
    match = _URL.fullmatch(remote) or _SCP.fullmatch(remote)
    if match is None:
        return ""
    address = f"https://{match['host']}/{match['path'].rstrip('/').removesuffix('.git')}"
    return address if normal_base_url(address) == f"{address}/" else ""


def _git(folder: Path, *words: str) -> str:
    try:
        return ask_git(folder, *words).decode("utf-8", "replace").strip()
    except GitError:
        return ""
