"""What a run of bold names is by the noun that it comes with: data sets, tasks and properties are no methods."""

from __future__ import annotations

import re

from dlmap.taxonomy.name_slots import CUES

_ADVERB = r"(?:主要|通常|一般|常见|常用|大致|也|还|可以|的|here|mainly|usually|often|also|\s)*"
_CUE = "|".join(CUES.values())
_DATASET = r"数据集|数据库|语料库?|基准|语料|datasets?|data\s+sets?|benchmarks?|corpora|corpus"
_TASK = r"任务|领域|问题|场景|场合|应用|行业|tasks?|fields?|areas?|domains?|problems?|applications?|scenarios?|topics?"
_PROPERTY = (
    r"步骤|阶段|部分|组成|概念|特点|性质|优点|缺点|因素|维度|信息|优势|劣势|挑战|难点|特性|特征|类别|单位|假设|模块|元素|要素|"
    r"steps?|stages?|parts?|components?|concepts?|properties|property|advantages?|drawbacks?|disadvantages?|benefits?|"
    r"limitations?|factors?|challenges?|difficult(?:y|ies)|features?|aspects?|ingredients?|assumptions?|modules?|elements?|"
    r"hyper-?parameters?"
)
_TOOL = (
    r"(?:主流|深度学习|机器学习|开源|编程|训练|推理|部署)框架|软件|工具(?:包|库|箱)?|平台|环境|编程语言|机构|公司|厂商|实验室|团队|硬件|"
    r"librar(?:y|ies)|tool(?:kit|box)?s?|packages?|platforms?|environments?|simulators?|programming\s+languages?|frameworks|"
    r"companies|institutions|organi[sz]ations|labs|hardware"
)
_NOUNS = {"data": _DATASET, "task": _TASK, "property": _PROPERTY, "tool": _TOOL}
_ONLY_BEHIND = "方面|角度"
_HEAD = re.compile(
    "|".join(
        rf"(?P<{kind}>(?:{noun})(?:[(（][^()（）]*[)）])?{_ADVERB}(?:{comma}(?:{_CUE}))?{_ADVERB}[:：]?\s*$)"
        # `…的辅助任务，如**A**`: behind a comma stands an example of the whole clause, unless it is of data sets.
        for (kind, noun), comma in zip(_NOUNS.items(), (r"[,，]?\s*", "", "", ""), strict=True)
    ),
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*等?(?:(?:多个|不同|各种|诸多|其他|其它|几个|[两二三四五六七八九十]个?子?|and\s+other|or\s+other|etc\.?)\s*)*(?:的)?(?:"
    + "|".join(rf"(?P<{kind}>{noun})" for kind, noun in _NOUNS.items())
    + rf"|(?P<aspect>{_ONLY_BEHIND}))(?![A-Za-z])",
    re.IGNORECASE,
)
_HARDWARE = re.compile(
    r"(?:multi-?|single-?|多|单)?(?:[CGTN]PU|FPGA|ASIC|[DSV]RAM|HBM)s?|CUDA|cuDNN|OpenCL|ROCm|NVLink|PCIe|API|SDK",
    re.IGNORECASE,
)
_NEAR = 48
"""How many characters before a run can hold its noun and its cue."""


def is_hardware(words: str) -> bool:
    """Whether a span names what programs run on, and no method."""
    return bool(_HARDWARE.fullmatch(words.strip()))


def veto_of(head: str, tail: str, *, is_label: bool = False) -> str:
    """The kind of thing that the text says a run is: `dataset`, `task`, `property`, `tool`, or nothing.

    `head` is the text up to the run, with its cue or colon; `tail` is what stands right behind the run. A label
    (`is_label`) says it of data sets only: behind `应用：` stand the methods that are applied.
    """
    if (match := _HEAD.search(head, max(0, len(head) - _NEAR))) and (
        not is_label or match.lastgroup == "data"
    ):
        return match.lastgroup or ""
    match = _TAIL.match(tail)
    kind = match.lastgroup if match else ""
    return "property" if kind == "aspect" else kind or ""
