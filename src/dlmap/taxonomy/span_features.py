"""What the shape of a bold span and of its surroundings say: named features, each there or not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.name_runs import Role, Run, Site
from dlmap.taxonomy.name_shape import name_shape
from dlmap.taxonomy.name_slots import CUES, SENTENCE_END, is_short

_LATIN = re.compile(r"[A-Za-z\u0370-\u03ff]")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_INITIAL = re.compile(r"[A-Za-z0-9]+")
_INNER_CAPITAL = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2,}[a-z]|^[a-z]{0,2}[A-Z]{2,}")
_QUANTITY = re.compile(r"[\d.,]+\s?(?:[A-Za-z]{0,2}|[A-Za-z]?Hz|%)")
_NUMBER_SIGN = re.compile(r"\d|\+\+|[²³]")
METHOD_NOUNS_ZH = (
    "方法|算法|变体|变种|改进|实现|做法|方案|策略|技术|技巧|函数|机制|优化器|模型|网络|结构|工作|架构|框架"
)
METHOD_HEAD = re.compile(
    rf"(?:{METHOD_NOUNS_ZH}|"
    r"methods?|models?|algorithms?|functions?|networks?|variants?|architectures?|approaches|techniques?|works?|"
    r"optimizers?|losses|detectors?|systems?|frameworks?|examples?|representatives?|choices?)"
    rf"(?:主要|通常|一般|常见|大致|也|还|可以|就|便|here|also|now|\s)*(?:{'|'.join(CUES.values())})?[:：,，]?\s*$",
    re.IGNORECASE,
)
METHOD_TAIL = re.compile(
    rf"\s*(?:等|and\s+(?:others|so\s+on))?(?:多种|一系列|经典|著名|代表性|不同|各种)?(?:{METHOD_NOUNS_ZH})"
)
_AND_SO_ON = re.compile(
    r"\s*(?:等|,?\s*(?:etc|and\s+so\s+on|and\s+others|among\s+others|to\s+name))", re.IGNORECASE
)
_THING = re.compile(
    r"不等式|定理|引理|维|范数|距离|散度|分布|矩阵|行列式|系数|常数|空间|域|阈值|方程|先验|假设|熵|曲线|图像|值"
)
_NAME = 0.6
_HAN_LENGTHS = ((3, "han of 3 characters"), (5, "han of 4 or 5 characters"))
_MANY_WORDS = 3
_NEAR = 48
_MANY = 4
_AFTER = {
    "": "ends its clause",
    **dict.fromkeys("。.;；", "ends its clause"),
    **dict.fromkeys(",，、/", "before a comma"),
    **dict.fromkeys(")）", "before a closing parenthesis"),
    **dict.fromkeys("(（", "before a parenthesis"),
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A text with its spans, and what is known of its place in the outline."""

    masked: str
    start: int
    """Where the text begins behind its label."""
    spans: Sequence[tuple[int, int]]
    words: Sequence[str]
    """What the spans say."""
    after_label: bool = False
    """Whether a label and its colon stand before `start`, or the text is nothing but names."""
    intro: str = ""
    """The sentence that announces the list of the text."""
    heading: tuple[str, ...] = ()
    """The names of its section."""


class RunView(NamedTuple):
    """What all members of a run share."""

    lead: str
    """The text of the sentence up to the run, with what opens it."""
    behind: str
    """What stands right behind the run."""
    features: Mapping[str, tuple[str, ...]]
    """By the script of a member: some mean one thing for names in Latin letters and another for Chinese ones."""


@lru_cache(maxsize=8192)
def shape_of(words: str) -> str:
    """The script and the case of a name: `han`, `mixed`, `lower`, `title`, `coined`, `number` …."""
    if _QUANTITY.fullmatch(words):
        return "number"
    if has_han(words):
        return "mixed" if _LATIN.search(words) else "han"
    name = words.split("(", maxsplit=1)[0]
    found = _WORD.findall(name)
    if not found:
        return "sign"
    if name[:1].isdigit() and len(found) > 1 and all(map(str.islower, found)):
        return "phrase"  # 3x3 convolutions
    if _NUMBER_SIGN.search(words) or any(
        _INNER_CAPITAL.search(word) and not word.isupper() for word in found
    ):
        return "coined"
    return _case_of_one(found[0]) if len(found) == 1 else _case_of(found, name)


def _case_of_one(word: str) -> str:
    if word.islower():
        return "lower"
    if word.isupper():
        return "upper" if len(word) > 1 else "letter"
    return "capital"


def _case_of(found: Sequence[str], name: str) -> str:
    first = found[0]
    if name.islower():
        return "phrase"
    if any(word.isupper() and len(word) > 1 for word in found):
        return "acronym phrase" if first.islower() and len(first) > 2 else "coined"
    is_sentence = any(word[0].islower() and len(word) > 3 for word in found[1:])
    return "sentence" if is_sentence else "title"


def script_of(shape: str) -> str:
    """`han`, `mixed`, `sign`, `number`, or `latin` for the rest."""
    return shape if shape in ("han", "mixed", "sign", "number") else "latin"


def view_of(run: Run, site: Site, around: Surroundings) -> RunView:
    """What the members of a run share; `site` is one of them."""
    last = run.sites[-1] if run.sites else site
    behind = around.masked[around.spans[last.index][1] :][:30].lstrip(")）")
    lead = _lead_of(run, around)
    size = run.size
    count = f"{min(max(size, 1), _MANY)}" + ("" if size < _MANY else " or more")
    cue = _cue(run, around)
    features, by_script = [f"run of {count}", f"cue: {cue}"], [f"in a run of {count}", f"cue: {cue}"]
    shapes = [shape_of(around.words[each.index]) for each in run.sites or (site,)]
    coined = sum(shape in ("coined", "upper") for shape in shapes)
    if coined and size > 1:
        features.append("run of coined names" if 2 * coined >= len(shapes) else "run with a coined name")
    if shapes and 2 * sum(shape in ("lower", "phrase") for shape in shapes) >= len(shapes):
        features.append("run in lower case")
    for pattern, text, name in (
        (METHOD_HEAD.search, lead[-_NEAR:], "noun of methods before"),
        (METHOD_TAIL.match, behind, "noun of methods behind"),
        (_AND_SO_ON.match, behind, "and so on"),
    ):
        if pattern(text):
            features.append(name)
            by_script.append(name)
    scripts = {script_of(shape) for shape in (*shapes, shape_of(around.words[site.index]))}
    by = {script: (*features, *(f"{script}, {name}" for name in by_script)) for script in scripts}
    return RunView(lead, behind, by)


def features_of(site: Site, view: RunView, around: Surroundings) -> tuple[str, ...]:
    """The names of the features that a span has."""
    words = around.words[site.index]
    shape = shape_of(words)
    script = script_of(shape)
    features = [f"shape: {shape}", f"role: {site.role.value}", *view.features.get(script, ())]
    if script == "latin" and "-" in words:
        features.append("hyphen")
    if shape == "han" and name_shape(words).score >= _NAME:
        features += (
            "ends as a name",
            f"ends as a name, cue: {site.run.cue if site.run.cue in CUES else 'none'}",
        )
    if "(" in words or "（" in words:
        features.append("parentheses of its own")
    if shape == "han":
        features.append(next((name for most, name in _HAN_LENGTHS if len(words) <= most), "han of 6 or more"))
    elif len(words.split()) > _MANY_WORDS:
        features.append("4 or more words")
    if site.run.sites and site is not site.run.sites[0]:
        features.append("not the first")
    if any(is_called(name, words) for name in around.heading):
        features.append("name of the heading")
    features += _before(site, around)
    features += _behind(site, around, script)
    return tuple(features)


def _before(site: Site, around: Surroundings) -> list[str]:
    """The features of the sign before a span."""
    before = around.masked[max(around.start, around.spans[site.index][0] - 8) : around.spans[site.index][0]]
    sign = before.rstrip()[-1:]
    features = ["alone in parentheses"] if site.is_alone else []
    if site.slot.before == "semi" and site.role in (Role.BARE, Role.SUBJECT):
        features.append("behind a semicolon")
    if not sign:
        features.append("opens the text behind a label" if around.after_label else "opens the text")
    elif sign in "。！？.!?":
        features.append("opens its sentence")
    elif sign in "(（":
        features.append("behind a parenthesis")
        if site.role in (Role.BARE, Role.SUBJECT) and site.opener:
            features.append(
                "parenthesis behind words" if site.opener_index < 0 else "parenthesis behind a name"
            )
    elif site.lead:
        features.append("behind words")
        if site.lead.endswith("的"):
            features.append("behind 的")
    return features


def _behind(site: Site, around: Surroundings, script: str) -> list[str]:
    """The features of the sign behind a span."""
    end = around.spans[site.index][1]
    sign = around.masked[end : end + 2].strip()[:1]
    if sign in _AFTER:
        return [_AFTER[sign]]
    if not site.tail:
        return []
    if _THING.match(site.tail):
        return [f"{script}, before words", "before the noun of a thing"]
    if site.tail.startswith("的"):
        return [f"{script}, before words", "before 的", f"{site.role.value}, before 的"]
    return [f"{script}, before words", "before a short word" if is_short(site.tail) else "before a clause"]


def is_called(heading: str, words: str) -> bool:
    """Whether a span has the name of the heading that it stands under, or abbreviates it."""
    if has_han(words):
        return words in heading
    return words.casefold() == heading.casefold() or spells_out(heading, words)


def spells_out(phrase: str, acronym: str) -> bool:
    """Whether the acronym is made of the initials of the phrase."""
    initials = "".join(word[0] for word in _INITIAL.findall(phrase))
    return len(initials) > 1 and initials.casefold() == acronym.casefold()


def _cue(run: Run, around: Surroundings) -> str:
    """What opens the enumeration that a run belongs to."""
    label = "a label" if around.after_label else "the start"
    if run.origin:
        return f"a clause behind {label if run.origin == 'start' else run.origin}"
    return label if run.cue == "start" else run.cue


def _lead_of(run: Run, around: Surroundings) -> str:
    if not run.sites:
        return ""
    first = run.sites[0]
    lead = first.lead if first.role in (Role.COMPLETED, Role.INSIDE) else ""
    if run.cue == "start":
        return (around.intro or (around.masked[: around.start] if around.after_label else "")) + lead
    if run.cue == "open":
        return first.opener + lead
    if run.cue == "stop":
        return lead
    return SENTENCE_END.split(around.masked[max(around.start, run.begin - 200) : run.begin])[-1] + lead
