"""What the shape of a bold span and of its surroundings say: named features, each there or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.bold_spans import SENTENCE_END
from dlmap.taxonomy.name_runs import CUES, Role, Run, Site, is_short

_LATIN = re.compile(r"[A-Za-z\u0370-\u03ff]")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_INNER_CAPITAL = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2,}[a-z]|^[a-z]{0,2}[A-Z]{2,}")
_METHOD_HEAD = re.compile(
    r"(?:方法|算法|变体|策略|技术|技巧|函数|机制|优化器|模型|网络|结构|工作|架构|框架|"
    r"methods?|models?|algorithms?|functions?|networks?|variants?|architectures?|approaches|techniques?|works?|"
    r"optimizers?|losses|detectors?|systems?|frameworks?|examples?|representatives?|choices?)"
    rf"(?:主要|通常|一般|常见|大致|也|还|可以|就|便|here|also|now|\s)*(?:{'|'.join(CUES.values())})?[:：,，]?\s*$",
    re.IGNORECASE,
)
_METHOD_TAIL = re.compile(
    r"\s*(?:等|and\s+(?:others|so\s+on))?(?:多种|一系列|经典|著名|代表性|不同|各种)?(?:的)?(?:方法|算法|变体|策略|技术|技巧|函数|机制|优化器|模型|网络|结构|工作|架构|框架)"
)
_AND_SO_ON = re.compile(r"\s*(?:等|,?\s*(?:etc|and\s+so\s+on|and\s+others|among\s+others|to\s+name))")
_NUMBER_SIGN = re.compile(r"\d|\+\+|[²³]")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of the text that a span stands in."""

    masked: str
    start: int
    spans: Sequence[tuple[int, int]]
    words: Sequence[str]
    after_label: bool = False
    intro: str = ""
    heading: str = ""


def shape_of(words: str) -> str:
    """The script and the case of a name: `han`, `mixed`, `lower`, `title`, `upper`, `coined` or `phrase`."""
    if has_han(words):
        return "mixed" if _LATIN.search(words) else "han"
    found = _WORD.findall(words.split("(")[0])
    if not found:
        return "sign"
    if _NUMBER_SIGN.search(words) or any(_INNER_CAPITAL.search(word) and not word.isupper() for word in found):
        return "coined"
    if words.split("(")[0].islower():
        return "lower" if len(found) == 1 else "phrase"
    if len(found) == 1 and found[0].isupper():
        return "letter" if len(found[0]) == 1 else "upper"
    if any(word.isupper() and len(word) > 1 for word in found):
        return "coined"
    if len(found) > 1 and any(word[0].islower() and len(word) > 3 for word in found[1:]):
        return "sentence"
    return "title" if len(found) > 1 else "capital"


def features_of(site: Site, around: Surroundings) -> tuple[str, ...]:
    """The names of the features that a span has."""
    words = around.words[site.index]
    shape = shape_of(words)
    run = site.run
    features = [f"shape {shape}", f"role {site.role.value}"]
    script = "han" if shape == "han" else "latin" if shape not in ("mixed", "sign") else shape
    if shape not in ("han", "mixed") and "-" in words:
        features.append("hyphen")
    if "(" in words or "（" in words:
        features.append("own parentheses")
    if shape == "han":
        features.append("han of 6 characters" if len(words) >= 6 else "han of 3 characters" if len(words) <= 3 else "han of 4 or 5")
    elif len(words.split()) > 3:
        features.append("4 words")
    size = run.size
    count = "1" if size < 2 else "2" if size == 2 else "3" if size == 3 else "4"
    features.append(f"run of {count}")
    features.append(f"{script} in a run of {count}")
    cue = _cue(run, around)
    features += (f"cue {cue}", f"{script} behind {cue}")
    if run.sites and site is not run.sites[0]:
        features.append("not the first")
    names = sum(shape_of(around.words[other.index]) in ("coined", "upper") for other in run.sites)
    if names and size > 1:
        features.append("run with coined names" if 2 * names >= len(run.sites) else "run with a coined name")
    if run.sites and sum(shape_of(around.words[other.index]) in ("lower", "phrase") for other in run.sites) * 2 >= len(run.sites):
        features.append("run in lower case")
    features += _around(site, around, script)
    if _METHOD_HEAD.search(lead_of_run(run, around)):
        features += ("noun of methods before", f"{script} behind a noun of methods")
    behind = behind_run(site, around)
    if _METHOD_TAIL.match(behind):
        features += ("noun of methods behind", f"{script} before a noun of methods")
    if _AND_SO_ON.match(behind):
        features += ("and so on", f"{script} and so on")
    if words and around.heading and (words in around.heading or around.heading in words):
        features.append("in the heading")
    return tuple(features)


def _around(site: Site, around: Surroundings, script: str) -> list[str]:
    """The features of the signs beside a span."""
    begin, end = around.spans[site.index]
    before = around.masked[around.start : begin].rstrip()
    features = []
    if site.slot.before == "semi" and site.role in (Role.BARE, Role.SUBJECT):
        features.append("behind a semicolon")
    if not before:
        features.append("opens the label's text" if around.after_label else "opens the text")
    elif before[-1] in "。！？.!?":
        features.append("opens its sentence")
    elif before[-1] in "(（":
        features.append("behind a parenthesis")
        if site.role in (Role.BARE, Role.SUBJECT) and site.opener:
            features.append("parenthesis behind words" if site.opener_index < 0 else "parenthesis behind a name")
    elif site.lead:
        features.append("behind words")
        if site.lead.endswith("的"):
            features.append("behind 的")
    tail = around.masked[end:][:2].strip()[:1]
    if not tail or tail in "。.;；":
        features.append("ends its clause")
    elif tail in ",，、/":
        features.append("before a comma")
    elif tail in ")）":
        features.append("before a closing parenthesis")
    elif tail in "(（":
        features.append("before a parenthesis")
    elif site.tail:
        word = site.tail
        if word.startswith("的"):
            features += ("before 的", f"{site.role.value} before 的")
        else:
            features.append("before a short word" if is_short(word) else "before a clause")
        features.append(f"{script} before words")
    if site.is_alone:
        features.append("alone in parentheses")
    return features


def _cue(run: Run, around: Surroundings) -> str:
    """What opens the enumeration that a run belongs to."""
    cue = run.cue
    if cue == "start":
        cue = "a label" if around.after_label else "the start"
    if cue in ("comma", "semi", "and") and run.chain is not None:
        first = run.chain
        while first.chain is not None and first.cue in ("comma", "semi", "and"):
            first = first.chain
        opened = first.cue
        if opened == "start":
            opened = "a label" if around.after_label else "the start"
        return f"a clause behind {opened}"
    return cue


def lead_of_run(run: Run, around: Surroundings) -> str:
    """The text of the sentence up to a run, with what opens the run."""
    first = run.slots[0] if run.slots else None
    if first is None or not run.sites:
        return ""
    lead = run.sites[0].lead if run.sites[0].role in (Role.COMPLETED, Role.INSIDE) else ""
    if first.before == "start":
        return (around.intro or (around.masked[: around.start] if around.after_label else "")) + lead
    if first.before == "open":
        return run.sites[0].opener + lead
    if first.before == "stop":
        return lead
    return SENTENCE_END.split(around.masked[around.start : first.begin])[-1] + lead


def behind_run(site: Site, around: Surroundings) -> str:
    """The text behind the last member of a site's run."""
    last = site.run.sites[-1] if site.run.sites else site
    return around.masked[around.spans[last.index][1] :][:30].lstrip(")）")
