"""Decide which bold spans of a text are methods: a logistic regression over named features, and explicit vetoes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import zip_longest

from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.kinds import NAMED
from dlmap.taxonomy.name_runs import ASIDE, NAMES_AGAIN, Role, Run, Site, find_sites
from dlmap.taxonomy.name_slots import CUES, SENTENCE_END
from dlmap.taxonomy.span_features import RunView, Surroundings, features_of, is_called, spells_out, view_of
from dlmap.taxonomy.span_vetoes import is_hardware, veto_of

_NAMED = tuple(kind.value for kind in NAMED)
_BIAS = "bias"
_METRICS = re.compile(r"指标|\bmetrics\b", re.IGNORECASE)
_HALF = 0.5
_LABEL_ENDS = (":", "：")
"""What a bold label ends with: `**Architecture:** 16 layers`."""


@dataclass(frozen=True, slots=True)
class SpanDecision:
    """What a bold span is, and why."""

    kind: str
    """`method`, `metric`, `term`; by a veto `dataset`, `task`, `property`, `tool`, `heading`; by its place `group`, `gloss`, `modifier`."""
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
        return self.kind in _NAMED

    def strongest(self, count: int = 5) -> tuple[tuple[str, float], ...]:
        """The features that weigh most, with their part of the log-odds."""
        known = weights()
        ranked = sorted(
            ((name, known.get(name, 0.0)) for name in self.features), key=lambda pair: -abs(pair[1])
        )
        return tuple(ranked[:count])


@cache
def weights() -> Mapping[str, float]:
    """The weight of each feature; `benchmarks/train_spans.py` makes them."""
    rows = files(__package__).joinpath("span_weights.tsv").read_text("utf-8").splitlines()
    pairs = (row.split("\t")[:2] for row in rows if row and not row.startswith("#"))
    return {name: float(weight) for name, weight in pairs}


def log_odds(features: Sequence[str], known: Mapping[str, float] | None = None) -> float:
    """How likely a span with these features names a method, as log-odds."""
    known = weights() if known is None else known
    return known.get(_BIAS, 0.0) + sum(known.get(name, 0.0) for name in features)


def decide_spans(
    around: Surroundings, classes: Sequence[tuple[str, ...]] = ()
) -> tuple[list[Site], list[SpanDecision]]:
    """What each span of a text is. `classes` are the marks behind them (`{.method}`), which have the last word."""
    sites = find_sites(around.masked, around.start, around.spans)
    runs: dict[int, list[Site]] = {}
    for site in sites:
        runs.setdefault(id(site.run), []).append(site)
    decisions: dict[int, SpanDecision] = {}
    for members in runs.values():
        decisions |= _decide_run(members, around)
    complete = [decisions[index] for index in range(len(sites))]
    for index, marks in enumerate(classes):
        kind = next((kind for kind in ("term", *_NAMED) if kind in marks), "")
        if kind:
            complete[index] = replace(
                complete[index], kind=kind, probability=float(kind != "term"), reason="mark"
            )
    return sites, _with_names(sites, complete, around)


def _decide_run(sites: Sequence[Site], around: Surroundings) -> dict[int, SpanDecision]:
    """What the spans of a run are: siblings are of one kind, what stands aside of them is not."""
    run = sites[0].run
    view = view_of(run, sites[0], around)
    features = [features_of(site, view, around) for site in sites]
    veto = _veto(run, view, around)
    members = [
        place
        for place, site in enumerate(sites)
        if site.role not in ASIDE and not around.words[site.index].endswith(_LABEL_ENDS)
    ]
    # The run is as likely as its members are on average.
    odds = sum(log_odds(features[place]) for place in members) / max(1, len(members))
    probability = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
    kind = "term"
    if probability > _HALF:
        kind = "metric" if _speaks_of_metrics(around, sites[0]) else "method"
    decisions = {}
    for site, seen in zip(sites, features, strict=True):
        if site.role in ASIDE:
            decision = SpanDecision(site.role.value, 0.0, "place", seen)
        elif around.words[site.index].endswith(_LABEL_ENDS):
            decision = SpanDecision("term", 0.0, "place", seen)
        elif is_hardware(around.words[site.index]):
            decision = SpanDecision("hardware", 0.0, "noun", seen)
        elif veto:
            decision = SpanDecision(veto, 0.0, "noun", seen)
        else:
            decision = SpanDecision(kind, probability, "model", seen)
        decisions[site.index] = decision
    return decisions


def _veto(run: Run, view: RunView, around: Surroundings) -> str:
    if run.size == 1 and run.sites and run.cue not in CUES:
        words = around.words[run.sites[0].index]
        if any(is_called(name, words) for name in around.heading):
            return "heading"
    is_label = run.cue == "start" and around.after_label and not around.intro
    return veto_of(view.lead, view.behind, is_label=is_label)


def _speaks_of_metrics(around: Surroundings, site: Site) -> bool:
    """Whether the sentence speaks of metrics before it names this span."""
    end = around.spans[site.index][0]
    if not _METRICS.search(around.masked, 0, end):
        return False
    ends = [match.end() for match in SENTENCE_END.finditer(around.masked, 0, end)]
    return bool(_METRICS.search(around.masked, ends[-1] if ends else 0, end))


# Further names

_MODIFIER = re.compile(
    r"(?:非?线性|概率|核|[二多]?分类|最小二乘|加权|广义|增量|在线|离线|深度|浅层|稀疏|随机|改进的?|标准|快速|经典|原始|早期的?|后续的?)"
)
_JUST_A_NOUN = re.compile(r".*(?:方法|算法|模型|工作|系列|变体|网络|框架)")
_LINKING = re.compile(r"[的和与]|^[对从由在经以]|[基对由关]于|[为是]$")


def _with_names(
    sites: Sequence[Site], decisions: list[SpanDecision], around: Surroundings
) -> list[SpanDecision]:
    for site, behind in zip_longest(sites, sites[1:]):
        index = site.index
        if site.role is Role.GLOSS and site.opener_index >= 0:
            named = decisions[site.opener_index]
            first, second = around.words[site.opener_index], around.words[index]
            if not _is_gloss(first, second, site.lead):
                decisions[index] = replace(decisions[index], kind="term")
            elif named.is_named:
                decisions[site.opener_index] = replace(named, alt=(*named.alt, second))
        elif decisions[index].is_named and (plain := _plain_name(site, behind, around.words[index])):
            decisions[index] = replace(decisions[index], alt=(plain,))
    return decisions


def _is_gloss(first: str, second: str, lead: str) -> bool:
    """`**标准化流**(**Normalizing Flow**)`: the second names the first in the other script, or spells it out."""
    if NAMES_AGAIN.fullmatch(lead):
        return True
    return has_han(first) != has_han(second) or spells_out(second, first) or spells_out(first, second)


def _plain_name(site: Site, behind: Site | None, words: str) -> str:
    """The plain name that a span completes or abbreviates: `峰值信噪比**PSNR**`, `细节保留池化(**DPP**)`."""
    if site.role not in (Role.COMPLETED, Role.ABBREVIATION) or has_han(words):
        return ""
    plain = site.lead
    is_name = has_han(plain) and len(plain) > 2 and not _LINKING.search(plain)
    # 对抗学习方法**A**, **B**: what heads several names is none of theirs.
    heads = behind is not None and behind.run is site.run and behind.role is Role.BARE
    is_noun = heads and site.role is Role.COMPLETED and _JUST_A_NOUN.fullmatch(plain)
    return plain if is_name and not is_noun and not _MODIFIER.fullmatch(plain) else ""
