"""What was decided on the runs of names in a text, for authors: one decision a run, with its reasons in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dlmap.taxonomy.bold_spans import BoldSpan
from dlmap.taxonomy.decision import Decision, shortened
from dlmap.taxonomy.name_runs import Site
from dlmap.taxonomy.span_model import SpanDecision

_OUTCOMES = {
    "method": "methods",
    "metric": "metrics",
    "dataset": "data sets",
    "benchmark": "benchmarks",
    "term": "terms",
}
_VETOES = {
    "data": "a noun beside them says that they are data sets",
    "task": "a noun beside them says that they are tasks",
    "property": "a noun beside them says that they are properties or parts",
    "tool": "a noun beside them says that they are tools or makers",
    "hardware": "it is what programs run on",
    "heading": "it is the name of the section itself",
}
_RULES = {"model": "names.model", "mark": "names.mark", "noun": "names.veto"}
_REASONS = 3
_MOST = 12


def name_decisions(
    spans: Sequence[BoldSpan], sites: Sequence[Site], decisions: Sequence[SpanDecision]
) -> Iterator[Decision]:
    """One decision for each run of bold spans, in the order of the text."""
    runs: dict[tuple[int, str, str], list[int]] = {}
    for site in sites:
        decision = decisions[site.index]
        if decision.reason in _RULES:
            runs.setdefault((id(site.run), decision.kind, decision.reason), []).append(site.index)
    for (_, kind, reason), members in runs.items():
        first = decisions[members[0]]
        is_named = first.is_named
        why = _VETOES.get(kind) or ("a mark says so" if reason == "mark" else _reasons(first))
        yield Decision(
            "names",
            spans[members[0]].mark.span,
            shortened(", ".join(spans[index].words for index in members[:_MOST])),
            _OUTCOMES.get(kind, "terms"),
            _RULES[reason],
            why,
            max(first.probability, 1 - first.probability),
            "" if reason == "mark" else "{.term}" if is_named else "{.method}",
        )


def plain_decision(names: Sequence[tuple[BoldSpan, SpanDecision]]) -> Decision:
    """The decision on names that are not bold."""
    span, decision = names[0]
    return Decision(
        "names",
        span.mark.span,
        shortened(", ".join(each.words for each, _ in names[:_MOST])),
        _OUTCOMES[decision.kind],
        "names.plain",
        "not bold, but enumerated as methods are",
        decision.probability,
    )


def _reasons(decision: SpanDecision) -> str:
    """The features that weigh most for what was decided."""
    sign = 1 if decision.is_named else -1
    for_it = [(name, weight) for name, weight in decision.strongest(8) if sign * weight > 0]
    return "; ".join(f"{name} ({weight:+.1f})" for name, weight in for_it[:_REASONS])
