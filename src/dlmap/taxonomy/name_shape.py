"""How much a short text looks like the name of a method, told by its shape and not by a list of names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from dlmap.markdown.cjk import has_han

_GROUP = re.compile(r"\s*[(（\[][^()（）\[\]]*[)）\]]")
_TOPIC_ZH = re.compile(
    r"(?:原理|概述|概念|介绍|简介|基础|背景|应用|优点|缺点|优势|劣势|对比|比较|总结|小结|实现|步骤|流程|过程|推导|公式|问题|"
    r"挑战|特点|特性|性质|历史|发展|演进|目标|目的|任务|场景|细节|评价|评估|指标|数据集?|提取|选择|处理|清洗|值|参数|类型|类别|定义|"
    r"作用|意义|思想|动机|来源|要求|环境|工具|资源|资料|教程|课程|论文|书籍|综述|展望|方向|趋势|案例|示例|例子|代码|作业|练习|"
    r"检测|识别|分割|翻译|分类|学习|设计|构造|理解|关系|区别|联系|部分|其他|其它|等)$"
)
_METHOD_ZH = re.compile(
    r"(?:算法|网络|模型|分析|机|树|森林|贝叶斯|方法|(?<![做看想说用语写])法|变换|分解|卷积|池化|注意力|优化器|编码器|迭代|梯度|回归|聚类|采样|流|"
    r"函数|单元|场|链|滤波|搜索|下降|提升|图灵机|学习器|分类器|检测器|判别器|规则|归一化|正则化)$"
)
_TOPIC_EN = re.compile(
    r"\b(?:introductions?|overview|background|basics|fundamentals|principles?|concepts?|applications?|datasets?|benchmarks?|"
    r"metrics?|evaluations?|comparisons?|summary|conclusions?|references?|resources?|tutorials?|surveys?|papers?|books?|"
    r"courses?|tools?|librar(?:y|ies)|tasks?|problems?|challenges?|limitations?|advantages?|disadvantages?|pros|cons|steps?|"
    r"training|inference|implementations?|components?|directions?|frontiers?|views?|relationships?|preprocessing|cleaning|visuali[sz]ation|examples?|exercises?|"
    r"questions?|goals?|motivations?|history|trends?|requirements?|installation|usage|license|contributing|acknowledge?ments?|"
    r"citations?|contents|notes?|links?|blogs?|videos?|lectures?|slides|demos?|features?|materials?|miscellaneous|misc|others?|"
    r"types?|reading|contact|todo|faq|news|updates?)\b\W*$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:what|why|how|when|where|who|which|is|are|can|do|does|should)\b|.*[?？]$|(?:如何|怎么|怎样|为什么|什么|哪些)",
    re.IGNORECASE,
)
_CLASS_PLURAL = re.compile(
    r"\b(?:layers|functions|methods|techniques|approaches|algorithms|models|networks|architectures|systems|strategies|features|"
    r"operations|modules|blocks|losses|connections|mechanisms|variants|families|transformers|detectors|classifiers)$",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"[a-z][A-Z]|[A-Z]{2}|[A-Za-z]\d|\d[A-Za-z]|[Α-Ωα-ω]|\b[A-Za-z]-[A-Za-z]|[A-Za-z][+*@²³]"
)
_PHRASE = re.compile(r"[的是了在把被也]|只有|没有|以及|[和与或及]")
_ACRONYM_GROUP = re.compile(
    r"[(（](?:[^()（）]*[,，;；/]\s*)?(?=[^()（）]*[A-Z])[A-Za-z0-9][A-Za-z0-9&/+.*²³\-]{1,14}s?[)）]"
)
_LATIN_GROUP = re.compile(r"[(（][^()（）]*[A-Za-z]{2}[^()（）]*[)）]")
_WORD = re.compile(r"[A-Za-z][\w’'\-]*")
_SENTENCE = re.compile(r"[。！？；;!]|,\s|，|\.\s|：|:\s")
_SMALL = frozenset(
    (
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "of",
        "on",
        "or",
        "the",
        "to",
        "via",
        "vs",
        "with",
    )
)
_LONGEST_LATIN, _LONGEST_HAN, _FEW_WORDS = 9, 16, 3


class NameShape(NamedTuple):
    """What the shape of a text says of its being a name."""

    score: float
    """From 0, a sentence or a topic, to 1, a name and nothing else."""
    reason: str
    is_topic: bool = False
    """Whether its head noun says that it is no method: an application, a data set, a principle."""


@lru_cache(maxsize=8192)
def name_shape(text: str) -> NameShape:
    """Judge a short text without its numbering, year and links."""
    text = text.strip(" \t*_`：:.-–—")
    bare = _GROUP.sub("", text).strip() or text
    if not any(char.isalpha() for char in bare):
        return NameShape(0.0, "no letters", is_topic=True)
    if "《" in bare:
        return NameShape(0.1, "is the title of a book", is_topic=True)
    if _ASKS.match(bare):
        return NameShape(0.05, "asks a question", is_topic=True)
    if _SENTENCE.search(bare):
        return NameShape(0.1, "reads as a sentence")
    return _chinese(text, bare) if has_han(bare) else _latin(text, bare)


def _chinese(text: str, bare: str) -> NameShape:
    is_method = _METHOD_ZH.search(bare)
    topic = None if is_method else _TOPIC_ZH.search(bare)
    rules = (
        (len(re.sub(r"[A-Za-z]+", "x", bare)) > _LONGEST_HAN, 0.1, "too long for a name"),
        (_ACRONYM_GROUP.search(text), 0.85, "has an abbreviation"),
        (_STRONG.search(bare), 0.75, "holds a name in Latin letters"),
        (_LATIN_GROUP.search(text), 0.7 if is_method else 0.6, "has its English name"),
        (_PHRASE.search(bare), 0.2, "reads as a phrase"),
        (is_method, 0.6, f"ends with {is_method.group()}" if is_method else ""),
        (True, 0.35, "plain Chinese words"),
    )
    score, reason = next((score, reason) for holds, score, reason in rules if holds)
    if topic and reason != "too long for a name":
        has_acronym = reason == "has an abbreviation"
        return NameShape(0.3 if has_acronym else 0.1, f"ends with {topic.group()}", is_topic=True)
    return NameShape(score, reason)


def _latin(text: str, bare: str) -> NameShape:
    words = _WORD.findall(bare)
    large = [word for word in words if word.casefold() not in _SMALL]
    capitals = sum(word[0].isupper() or bool(_STRONG.search(word)) for word in large)
    is_strong, all_large = _STRONG.search(bare), capitals == len(large)
    acronym = _ACRONYM_GROUP.search(text)
    if topic := _TOPIC_EN.search(bare):
        return NameShape(0.3 if acronym else 0.1, f"ends with {topic.group().strip()}", is_topic=True)
    is_class = _CLASS_PLURAL.search(bare) and len(words) > 1
    is_name = is_strong and (len(words) <= 1 or 2 * capitals >= len(large))
    rules = (
        (len(words) > _LONGEST_LATIN, 0.1, "too long for a name"),
        (acronym, 0.9, "has an abbreviation"),
        (
            is_class,
            0.45 if is_strong and all_large else 0.35 if all_large else 0.25,
            "is the plural of a class",
        ),
        (is_name, 0.9 if len(words) <= _FEW_WORDS else 0.75, "is spelt as a name"),
        (len(words) == 1, 0.55 if bare[:1].isupper() else 0.3, "is one word"),
        (all_large, 0.5, "has capitals throughout"),
        (True, 0.2, "reads as plain words"),
    )
    return NameShape(*next((score, reason) for holds, score, reason in rules if holds))
