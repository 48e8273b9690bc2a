"""Explanations of what the reader made of an outline, as text for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

_DOUBTFUL = 0.75


@dataclass(frozen=True, slots=True)
class Explanation:
    """One decision of the reader at its place."""

    path: str
    line: int
    column: int
    """Both from 1, in code points."""
    subject: str
    """`heading`, `list` or `names`."""
    words: str
    """What it says, shortened to one line."""
    outcome: str
    """What it became: `family`, `entries`, `methods` …"""
    rule: str
    """A stable id: `list.entries`, `names.model`."""
    reason: str
    confidence: float
    """From 0 to 1."""
    mark: str
    """What the author can write to decide it; empty if nothing would."""

    @property
    def is_doubtful(self) -> bool:
        """Whether the author should look at it."""
        return self.confidence < _DOUBTFUL


def as_text(explanations: Sequence[Explanation]) -> str:
    """A tally, then each decision: place, subject, outcome, confidence, words; the reason; for a doubt, the mark."""
    total, doubtful = len(explanations), sum(each.is_doubtful for each in explanations)
    tally = f"{total} decision{'' if total == 1 else 's'}, {doubtful} doubtful"
    return "\n".join([tally, *map(_block, explanations)]) + "\n"


def _block(explanation: Explanation) -> str:
    place = f"{explanation.path}:{explanation.line}:{explanation.column}"
    confidence = f"{round(100 * explanation.confidence)} %"
    lines = [
        f"{place}: {explanation.subject} → {explanation.outcome} ({confidence})  {explanation.words}",
        f"  why: {explanation.reason} [{explanation.rule}]",
    ]
    if explanation.mark and explanation.is_doubtful:
        lines.append(f"  to decide it yourself: {explanation.mark}")
    return "\n".join(lines)


def as_json(explanations: Sequence[Explanation]) -> str:
    """A list of objects, one for each decision, with the fields of `Explanation` and `doubtful`."""
    objects = [{**asdict(each), "doubtful": each.is_doubtful} for each in explanations]
    return json.dumps(objects, ensure_ascii=False, indent=1) + "\n"


EXPLANATION_FORMATS: dict[str, Callable[[Sequence[Explanation]], str]] = {"text": as_text, "json": as_json}
