"""Decide which bold spans of a text are methods: a logistic regression over named features, and explicit vetoes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.bold_spans import SENTENCE_END
from dlmap.taxonomy.name_runs import NAMES_AGAIN, Role, Run, Site, find_sites
from dlmap.taxonomy.span_features import Surroundings, behind_run, features_of, lead_of_run
from dlmap.taxonomy.span_vetoes import veto_of

_BIAS = "bias"
_METRICS = re.compile(r"指标|\bmetrics\b", re.IGNORECASE)
_ASIDE = (Role.GROUP, Role.GLOSS, Role.MODIFIER)


@dataclass(frozen=True, slots=True)
class SpanDecision:
    """What a bold span is, and why."""

    kind: str
    """`method`, `metric`, `term`; by a veto `dataset`, `task`, `property`; by its place `group`, `gloss`, `modifier`."""
    probability: float
    """Of naming a method or a metric; 0 or 1 where the model was not asked."""
    reason: str
    """`model`, `mark`, `noun` (the noun that it comes with) or `place`."""
    features: tuple[str, ...] = ()
    """What the model saw."""
    alt: tuple[str, ...] = ()
    """Further names: the plain name that an abbreviation completes, its gloss."""

    @property
    def is_named(self) -> bool:
        """Whether it is a method or a metric."""
        return self.kind in ("method", "metric")

    def strongest(self, count: int = 5) -> tuple[tuple[str, float], ...]:
        """The features that weigh most, with their part of the log-odds."""
        known = weights()
        ranked = sorted(((name, known.get(name, 0.0)) for name in self.features), key=lambda pair: -abs(pair[1]))
        return tuple(ranked[:count])


@cache
def weights() -> Mapping[str, float]:
    """The weight of each feature; `benchmarks/train_spans.py` makes them."""
    rows = files(__package__).joinpath("span_weights.tsv").read_text("utf-8").splitlines()
    pairs = (row.split("\t")[:2] for row in rows if row and not row.startswith("#"))
    return {name: float(weight) for name, weight in pairs}


def log_odds(features: Sequence[str], known: Mapping[str, float]) -> float:
    """How likely a span with these features names a method, as log-odds."""
    return known.get(_BIAS, 0.0) + sum(known.get(name, 0.0) for name in features)


def decide_spans(around: Surroundings, classes: Sequence[tuple[str, ...]] = ()) -> tuple[list[Site], list[SpanDecision]]:
    """What each span of a text is. `classes` are the marks behind them (`{.method}`), which have the last word."""
    sites = find_sites(around.masked, around.start, around.spans)
    decisions: list[SpanDecision | None] = [None] * len(sites)
    runs: dict[int, list[Site]] = {}
    for site in sites:
        kind = site.role.value if site.role in _ASIDE else _veto(site, around)
        if kind:
            reason = "place" if site.role in _ASIDE else "noun"
            decisions[site.index] = SpanDecision(kind, 0.0, reason, features_of(site, around))
        else:
            runs.setdefault(id(site.run), []).append(site)
    known = weights()
    metrics = bool(_METRICS.search(around.masked))
    for members in runs.values():
        features = [features_of(site, around) for site in members]
        # Siblings are of one kind: the run is as likely as its members are on average.
        odds = sum(log_odds(each, known) for each in features) / len(members)
        probability = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
        for site, each in zip(members, features, strict=True):
            kind = "term"
            if probability > 0.5:
                kind = "metric" if metrics and _speaks_of_metrics(around, site) else "method"
            decisions[site.index] = SpanDecision(kind, probability, "model", each)
    complete = [decision for decision in decisions if decision is not None]
    for index, marks in enumerate(classes):
        kind = next((kind for kind in ("term", "metric", "method") if kind in marks), "")
        if kind:
            complete[index] = replace(complete[index], kind=kind, probability=float(kind != "term"), reason="mark")
    return sites, _with_names(sites, complete, around)


def _veto(site: Site, around: Surroundings) -> str:
    slots = site.run.slots
    is_label = bool(slots) and slots[0].before == "start" and around.after_label and not around.intro
    return veto_of(lead_of_run(site.run, around), behind_run(site, around), is_label=is_label)


def _speaks_of_metrics(around: Surroundings, site: Site) -> bool:
    """Whether the sentence speaks of metrics before it names this span."""
    before = around.masked[: around.spans[site.index][0]]
    ends = [match.end() for match in SENTENCE_END.finditer(before)]
    return bool(_METRICS.search(before, ends[-1] if ends else 0))


# Further names

_MODIFIER = re.compile(
    r"(?:非?线性|概率|核|[二多]?分类|最小二乘|加权|广义|增量|在线|离线|深度|浅层|稀疏|随机|改进的?|标准|快速|经典|原始|早期的?|后续的?|"
    r"\w*(?:方法|算法|模型|工作|系列|变体))"
)
_LINKING = re.compile(r"[的和与]|^[对从由在经以]|[基对由关]于|[为是]$")
_WORD_INITIAL = re.compile(r"[A-Za-z0-9]+")


def _with_names(
    sites: Sequence[Site], decisions: list[SpanDecision], around: Surroundings
) -> list[SpanDecision]:
    for site in sites:
        index = site.index
        if site.role is Role.GLOSS and site.opener_index >= 0:
            named = decisions[site.opener_index]
            first, second = around.words[site.opener_index], around.words[index]
            if not _is_gloss(first, second, site.lead):
                decisions[index] = replace(decisions[index], kind="term")
            elif named.is_named:
                decisions[site.opener_index] = replace(named, alt=(*named.alt, second))
        elif decisions[index].is_named and (plain := _plain_name(site, around.words[index])):
            decisions[index] = replace(decisions[index], alt=(plain,))
    return decisions


def _is_gloss(first: str, second: str, lead: str) -> bool:
    """`**标准化流**(**Normalizing Flow**)`: the second names the first in the other script, or spells it out."""
    if NAMES_AGAIN.fullmatch(lead):
        return True
    return has_han(first) != has_han(second) or spells_out(second, first) or spells_out(first, second)


def _plain_name(site: Site, words: str) -> str:
    """The plain name that a span completes or abbreviates: `峰值信噪比**PSNR**`, `细节保留池化(**DPP**)`."""
    if site.role not in (Role.COMPLETED, Role.ABBREVIATION) or has_han(words):
        return ""
    plain = site.lead
    is_name = has_han(plain) and len(plain) > 2 and not _LINKING.search(plain)
    return plain if is_name and not _MODIFIER.fullmatch(plain) else ""


def spells_out(phrase: str, acronym: str) -> bool:
    """Whether the acronym is made of the initials of the phrase."""
    initials = "".join(word[0] for word in _WORD_INITIAL.findall(phrase))
    return len(initials) > 1 and initials.casefold() == acronym.casefold()


def members_of(run: Run) -> tuple[int, ...]:
    """The spans that are siblings in a run."""
    return tuple(site.index for site in run.sites)
