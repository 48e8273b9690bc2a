"""A Git repository, read by the program `git` so that nothing in it is ever run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_SECONDS = 30
# What a repository's own configuration could have run, or fetch: hooks, monitors, checkers of signatures, transports.
_SAFE = (
    *("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "core.alternateRefsCommand="),
    *("-c", "log.showSignature=false", "-c", "protocol.allow=never", "-c", "safe.bareRepository=explicit"),
    *("--no-pager", "--no-optional-locks", "--no-replace-objects", "--literal-pathspecs"),
)
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "TZ": "UTC",
}
# They lead to another repository than the one that the site lies in, or to another program.
_NOT_INHERITED = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_EXTERNAL_DIFF", "GIT_COMMON_DIR"}
)
_PLAIN_FILES = (b"100644", b"100755")


class GitError(Exception):
    """There is no `git`, it takes too long, or it refuses what it is asked."""


class Revision(NamedTuple):
    """A commit."""

    id: str
    date: str
    """The day on which it was committed, in UTC; ISO 8601."""
    author: str
    """The name, as `.mailmap` corrects it."""
    subject: str


class Repository:
    """The repository that a folder lies in; all paths are relative to that folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def around(cls, folder: Path) -> Repository | None:
        """The repository with a whole history that the folder lies in, if there is one."""
        repository = cls(folder)
        try:
            shallow, _ = repository._lines("rev-parse", "--is-shallow-repository", "HEAD")
        except (GitError, ValueError):
            return None
        return repository if shallow == "false" else None

    def resolve(self, name: str) -> str:
        """The id of the commit that a name means.  Raises GitError."""
        try:
            (commit,) = self._lines(
                "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
            )
        except (GitError, ValueError):
            raise GitError(f"there is no revision `{name}`") from None
        return commit

    def revisions(self, paths: Iterable[str], most: int) -> tuple[Revision, ...]:
        """The latest commits of the main line that touched one of the paths, newest first.  Raises GitError."""
        log = self._run(
            *("log", "--first-parent", "-m", f"--max-count={most}", "-z", "--no-ext-diff", "--no-textconv"),
            *("--date=short-local", "--format=%H%n%cd%n%aN%n%s", "HEAD", "--", *paths),
        )
        records = (record.decode("utf-8", "replace").split("\n", 3) for record in log.split(b"\0") if record)
        return tuple(Revision(*record) for record in records if len(record) == 4)

    def touches(self, paths: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """(path, day, author) of each commit that touched a file at or below the paths, newest first.

        Raises GitError.
        """
        log = self._run(
            *("log", "-z", "--name-only", "--relative", "--no-renames", "--no-ext-diff", "--no-textconv"),
            *("--date=short-local", "--format=%x01%cd%x02%aN", "HEAD", "--", *paths),
        )
        date = author = ""
        for part in log.split(b"\0"):
            word = part.strip(b"\n")
            if word.startswith(b"\1"):
                date, _, author = word[1:].decode("utf-8", "replace").partition("\2")
            elif word:
                yield os.fsdecode(word), date, author

    def files(self, revision: str, paths: Iterable[str] = (".",)) -> dict[str, str]:
        """The path and blob of every plain file at or below the paths in a revision.  Raises GitError."""
        blobs: dict[str, str] = {}
        for entry in self._run("ls-tree", "-r", "-z", revision, "--", *paths).split(b"\0"):
            head, _, path = entry.partition(b"\t")
            mode, _, blob = head.rpartition(b" ")
            if mode.partition(b" ")[0] in _PLAIN_FILES:
                blobs[os.fsdecode(path)] = blob.decode()
        return blobs

    def contents(self, blobs: Iterable[str]) -> dict[str, bytes]:
        """The content of each blob.  Raises GitError."""
        wanted = tuple(dict.fromkeys(blobs))
        data = self._run("cat-file", "--batch", stdin="".join(f"{blob}\n" for blob in wanted).encode())
        contents: dict[str, bytes] = {}
        start = 0
        for blob in wanted:
            end = data.index(b"\n", start)
            words = data[start:end].split(b" ")
            if len(words) != 3:
                raise GitError(f"the object {blob} is missing")
            start = end + 1 + int(words[2])
            contents[blob] = data[end + 1 : start]
            start += 1
        return contents

    def blame(self, path: str) -> bytes:
        """Who wrote each line of a file in the last commit: what `git blame --porcelain` says.  Raises GitError."""
        return self._run("blame", "--porcelain", "--no-textconv", "HEAD", "--", path)

    def _lines(self, *words: str) -> Sequence[str]:
        return self._run(*words).decode("utf-8", "replace").splitlines()

    def _run(self, *words: str, stdin: bytes = b"") -> bytes:
        return ask_git(self._folder, *words, stdin=stdin)


def ask_git(folder: Path, *words: str, stdin: bytes = b"") -> bytes:
    """What `git` says in a folder; nothing that its repository names is run.  Raises GitError."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell; what is a path or a name cannot be an option
            ["git", "-C", str(folder), *_SAFE, *words],  # noqa: S607 - the user's own git
            input=stdin,
            capture_output=True,
            timeout=_SECONDS,
            env=dict(_environment()),
            check=False,
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise GitError(f"git cannot be asked: {error}") from None
    if done.returncode:
        words_of_git = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise GitError(f"git: {words_of_git[-1]}")
    return done.stdout


def _environment() -> Iterator[tuple[str, str]]:
    inherited: Mapping[str, str] = os.environ
    yield from ((name, value) for name, value in inherited.items() if name not in _NOT_INHERITED)
    yield from _ENVIRONMENT.items()
