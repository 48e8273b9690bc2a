"""Explanations of what the reader made of an outline, as text for people and as JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

_DOUBTFUL = 0.75
_BRIEF_DOUBTS = 10


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
    """A summary, then each decision: place, subject, outcome, confidence, words; the reason; for a doubt, the mark."""
    return "\n".join([*_summary(explanations), *map(_block, explanations)]) + "\n"


def as_brief_text(explanations: Sequence[Explanation]) -> str:
    """The summary and the first doubtful decisions."""
    doubts = [each for each in explanations if each.is_doubtful]
    lines = [*_summary(explanations), *map(_block, doubts[:_BRIEF_DOUBTS])]
    if len(doubts) > _BRIEF_DOUBTS:
        lines.append(f"… and {len(doubts) - _BRIEF_DOUBTS} more: dlmap check --explain")
    return "\n".join(lines) + "\n"


def _summary(explanations: Sequence[Explanation]) -> Iterator[str]:
    """`12 decisions, 2 doubtful`, then for each subject how often it became what."""
    total, doubtful = len(explanations), sum(each.is_doubtful for each in explanations)
    yield f"{total} decision{'' if total == 1 else 's'}, {doubtful} doubtful"
    for subject in dict.fromkeys(each.subject for each in explanations):
        outcomes = Counter(each.outcome for each in explanations if each.subject == subject)
        yield f"  {subject}: {', '.join(f'{outcome} × {number}' for outcome, number in outcomes.most_common())}"


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
    """A list of objects, one for each decision; see `as_object`."""
    return json.dumps(list(map(as_object, explanations)), ensure_ascii=False, indent=1) + "\n"


def as_object(explanation: Explanation) -> dict[str, str | int | float | bool]:
    """The fields of an explanation, and whether it is `doubtful`."""
    return {**asdict(explanation), "doubtful": explanation.is_doubtful}


EXPLANATION_FORMATS: dict[str, Callable[[Sequence[Explanation]], str]] = {"text": as_text, "json": as_json}
