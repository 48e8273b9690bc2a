"""Who wrote which lines of a file, and when: from `git blame`, carried over to the file as it is now."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_HEAD = re.compile(r"([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?")


class BlameLine(NamedTuple):
    """Who wrote a line, and the day on which it was committed."""

    author: str
    date: str


def authorship(porcelain: bytes, text: str) -> tuple[BlameLine | None, ...]:
    """Whose the lines of `text` are, by what `git blame --porcelain` says of the file as it was committed last.

    A line that is not committed yet has None.
    """
    committed: list[str] = []
    lines: list[BlameLine | None] = []
    by_commit: dict[str, BlameLine] = {}
    commit, author, date = "", "", ""
    for row in porcelain.decode("utf-8", "replace").split("\n"):
        if row.startswith("\t"):
            by_commit.setdefault(commit, BlameLine(author, date))
            lines.append(by_commit[commit])
            committed.append(row[1:].rstrip("\r").removeprefix("\ufeff"))
        elif match := _HEAD.fullmatch(row):
            commit = match[1]
        elif row.startswith("author "):
            author = row.removeprefix("author ")
        elif row.startswith("committer-time "):
            date = _day(row.removeprefix("committer-time "))
    return _carried_over(committed, lines, text.split("\n"))


def _day(seconds: str) -> str:
    """The day of a moment, in UTC: `git blame` gives the zone only after it."""
    return datetime.datetime.fromtimestamp(int(seconds), datetime.UTC).date().isoformat()


def _carried_over(
    committed: Sequence[str], lines: Sequence[BlameLine | None], now: Sequence[str]
) -> tuple[BlameLine | None, ...]:
    if list(committed) == [*now[:-1]] or list(committed) == list(now):
        return tuple(lines)
    blamed: list[BlameLine | None] = [None] * len(now)
    for old, new, size in SequenceMatcher(None, committed, now, autojunk=False).get_matching_blocks():
        blamed[new : new + size] = lines[old : old + size]
    return tuple(blamed)


def contributors(lines: Iterable[BlameLine]) -> tuple[str, ...]:
    """The names of those who wrote the lines, the one of the most first."""
    counts = Counter(line.author for line in lines)
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))
