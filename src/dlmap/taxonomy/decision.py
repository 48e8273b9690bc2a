"""What the reader made of a heading, a list or a run of names, why, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

from dlmap.text import Span

_MAX_WORDS = 60


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of the reader."""

    subject: str
    """`heading`, `list` or `names`."""
    span: Span
    words: str
    """What the heading, list or run says, shortened."""
    outcome: str
    """`part`, `method` … for a heading; `entries`, `groups` … for a list; `methods`, `terms` … for names."""
    rule: str
    """A stable id: `list.entries`, `names.model`."""
    reason: str
    """The rule or the strongest features, in words."""
    confidence: float
    """From 0 to 1: how sure the reader is of the outcome."""
    mark: str = ""
    """The mark that would decide it otherwise, if there is one."""


def shortened(words: str) -> str:
    """The words of a decision: one line, at most 60 characters."""
    line = " ".join(words.split())
    return line if len(line) <= _MAX_WORDS else f"{line[: _MAX_WORDS - 1]}…"
