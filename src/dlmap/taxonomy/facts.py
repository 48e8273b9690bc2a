"""Facts that authors write beside a name: years, venues, links to papers and code, fields such as `arxiv: …`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from dlmap.markdown import InlineText, Mark, MarkKind
from dlmap.markdown.cjk import has_han

_PAPER_HOSTS = frozenset(
    (
        "arxiv.org",
        "openreview.net",
        "aclanthology.org",
        "aclweb.org",
        "doi.org",
        "openaccess.thecvf.com",
        "papers.nips.cc",
        "proceedings.neurips.cc",
        "proceedings.mlr.press",
        "jmlr.org",
        "ieeexplore.ieee.org",
        "dl.acm.org",
        "semanticscholar.org",
        "link.springer.com",
        "biorxiv.org",
        "nature.com",
        "sciencedirect.com",
        "isca-speech.org",
        "aaai.org",
        "ijcai.org",
        "hal.science",
        "ecva.net",
        "bmva.org",
        "roboticsproceedings.org",
    )
)
_CODE_HOSTS = frozenset(("github.com", "gitlab.com", "bitbucket.org", "gitee.com", "codeberg.org"))
_SHARED_HOSTS = frozenset(
    (
        *_PAPER_HOSTS,
        *_CODE_HOSTS,
        "huggingface.co",
        "modelscope.cn",
        "paperswithcode.com",
        "wikipedia.org",
        "youtube.com",
        "youtu.be",
        "bilibili.com",
        "medium.com",
        "kaggle.com",
        "pytorch.org",
        "tensorflow.org",
        "scikit-learn.org",
        "keras.io",
        "twitter.com",
        "x.com",
        "scholar.google.com",
        "colab.research.google.com",
        "drive.google.com",
        "docs.google.com",
        "towardsdatascience.com",
        "zhihu.com",
        "zhuanlan.zhihu.com",
        "csdn.net",
        "reddit.com",
        "linkedin.com",
        "amazon.com",
        "coursera.org",
    )
)
"""Hosts where everybody publishes: no outline's own pages."""
_HOST = re.compile(r"https?://(?:[^/@]*@)?(?P<host>[^/:?#]+)", re.IGNORECASE)
_DOT = re.compile(r"\.")
_PAPER_WORDS = re.compile(
    r"\W*(?:official\s+)?(?:papers?|pdf|arxiv|abs|abstract|preprint|publication|doi|论文|原文|文章|paper\s*link|论文地址|论文链接)\b.{0,16}",
    re.IGNORECASE,
)
_CODE_WORDS = re.compile(
    r"\W*(?:official\s+)?(?:code|github|gitlab|repo|repository|implementation|source|代码|源码|开源|代码实现|code\s*link|pytorch|tensorflow|"
    r"keras|torch|caffe|jax|mxnet)\b.{0,24}",
    re.IGNORECASE,
)
_OTHER_WORDS = re.compile(
    r"\W*(?:project(?:\s*page)?|page|website|homepage|site|demo|blog|post|video|slides?|poster|dataset|data|model|weights|checkpoints?|"
    r"wikipedia|articles?|tutorials?|documentation|colab|notebook|review|notes?|link|bibtex|appendix|supp\w*|docs?|主页|项目|项目主页|演示|博客|视频|数据|模型|链接|笔记|解读)\b.{0,16}",
    re.IGNORECASE,
)
_FIELD_NAMES = (
    r"intro|introduction|arxiv|github|gitlab|paper|papers|pdf|code|codes|project(?:\s*page)?|homepage|website|blog|slides?|poster|video|"
    r"demo|keywords?|authors?|venue|year|date|conference|journal|published|publication|institution|organi[sz]ation|affiliation|"
    r"paper\s*link|paper\s*url|code\s*link|title|abstract|tl;?dr|summary|description|notes?|link|links|url|source|sources|"
    r"license|licence|citation|cite|bibtex|dataset|model|models|weights|checkpoints?|tags?|status|openreview|doi|supp(?:lementary)?|"
    r"implementations?|tutorial|review|reading|youtube|reddit|docs?|documentation|stars?|params|parameters|size|"
    r"论文|论文地址|论文链接|论文标题|论文题目|原文|代码|代码实现|代码地址|代码链接|源码|简介|介绍|摘要|作者|年份|时间|发表|发表时间|会议|期刊|机构|单位|"
    r"主页|项目主页|项目地址|项目|链接|地址|标题|题目|关键词|关键字|博客|视频|演示|数据|备注|笔记|解读|开源地址|开源代码|参考|参考链接|来源|权重"
)
_ATTRIBUTES = (
    r"(?:代表(?:性)?|典型|常见|常用|相关|主要|经典|主流)(?:的)?(?:模型|方法|工作|算法|网络|论文|架构)|特点|优点|缺点|优缺点|优势|劣势|局限性?|"
    r"应用|应用场景|适用场景|核心思想|主要思想|基本思想|思想|思路|核心|示例|例子|公式|注意|总结|"
    r"(?:representative|typical|common|popular|notable|key|related)\s+(?:models?|methods?|works?|papers?|algorithms?|networks?)|"
    r"pros|cons|advantages?|disadvantages?|strengths?|weaknesses?|limitations?|use\s*cases?|applications?|key\s*ideas?|core\s*ideas?|"
    r"main\s*ideas?|ideas?|examples?|when\s+to\s+use|key\s+features?|key\s+points?|formula|complexity"
)
"""What tells of the section that it stands under, and is no group of methods."""
_FIELD = re.compile(
    rf"\s*(?P<name>{_FIELD_NAMES}|{_ATTRIBUTES})\s*(?:[(（\[][^()（）\[\]]{{1,40}}[)）\]])?\s*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d./\-])(?:19[4-9]\d|20[0-4]\d)(?![\d]|[./\-]\d{4,})")
_SHORT_YEAR = re.compile(r"[A-Z]{3,}[A-Za-z]*\s*['’‘](?P<year>\d\d)\b")
_ARXIV = re.compile(
    r"arxiv[^\s)]*?(?P<yy>\d\d)(?P<mm>0[1-9]|1[0-2])\.\d{4,5}|arxiv[^\s)]*/(?P<old>\d\d)(?:0[1-9]|1[0-2])\d{3}",
    re.IGNORECASE,
)
_YEAR_ONLY = re.compile(
    r"\W*(?:[A-Za-z][A-Za-z&.\-]*+[\s,'’‘]*+){0,5}+(?:19[4-9]\d|20[0-4]\d)(?:[.\-/年]\d{0,2}(?:[.\-/月]\d{0,2}日?)?)?[\s,;]*(?:[A-Za-z][\w .&\-]{0,24})?\W*"
)
_AUTHORS = re.compile(r"\bet\.?\s+al\b|^\S+\s+&\s+\S+$")
_TITLE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """What an author writes beside a name."""

    year: int | None = None
    paper_title: str = ""
    paper_url: str = ""
    code: str = ""

    def or_else(self, other: Facts) -> Facts:
        """These facts, completed by others."""
        is_other_paper = self.paper_url and other.paper_url and self.paper_url != other.paper_url
        return Facts(
            self.year or other.year,
            self.paper_title or ("" if is_other_paper else other.paper_title),
            self.paper_url or other.paper_url,
            self.code or other.code,
        )


NO_FACTS = Facts()


def host_is(href: str, hosts: frozenset[str]) -> bool:
    """Whether the address is on one of the hosts, or on a subdomain of one."""
    match = _HOST.match(href)
    if match is None:
        return False
    host = match["host"].lower()
    return host in hosts or any(host[dot.end() :] in hosts for dot in _DOT.finditer(host))


def is_shared_host(href: str) -> bool:
    """Whether everybody publishes on the host of that address, so that it is no author's own."""
    return host_is(href, _SHARED_HOSTS)


def field_name(label: str) -> str:
    """The name of the field that a label is (`github(Caffe)` is `github`), or empty."""
    match = _FIELD.match(label.strip(" \t*_`"))
    return match["name"].casefold() if match else ""


_FILE_HOSTS = frozenset(("drive.google.com", "docs.google.com", "dropbox.com", "researchgate.net"))


def is_link_word(words: str) -> bool:
    """Whether the words of a link say what it leads to and not what it is called: `paper`, `[code]`, `论文`."""
    words = words.strip(" []()（）【】|,，/")
    return any(pattern.fullmatch(words) for pattern in (_PAPER_WORDS, _CODE_WORDS, _OTHER_WORDS)) or not any(
        char.isalpha() for char in words
    )


def year_in(text: str) -> int | None:
    """The year that a short text states: `2015`, `ICLR 2016`, `CVPR'17`."""
    if match := _YEAR.search(text):
        return int(match.group())
    if match := _SHORT_YEAR.search(text):
        return _century(int(match["year"]))
    return None


def states_year(text: str) -> bool:
    """Whether a text says little but a year: `2015`, `ICLR 2016`, `2024.04`."""
    return len(text) <= 40 and bool(
        _YEAR_ONLY.fullmatch(text) or (_SHORT_YEAR.search(text) and len(text) <= 16)
    )


def arxiv_year(href: str) -> int | None:
    """The year in an arXiv address: 1610.07584 is of 2016."""
    match = _ARXIV.search(href)
    return _century(int(match["yy"] or match["old"])) if match else None


def _century(year: int) -> int:
    return 2000 + year if year < 50 else 1900 + year


def facts_of(inline: InlineText, start: int = 0) -> Facts:
    """The facts in a text from offset `start` on: the links, and a year that stands apart."""
    facts = Facts()
    for link in inline.of(MarkKind.LINK):
        if link.start >= start:
            facts = facts.or_else(_of_link(link, inline.words(link)))
    if not facts.paper_url:
        for link in inline.of(MarkKind.LINK):
            if link.start >= start and _may_be_paper(link.href, inline.words(link)):
                return facts.or_else(Facts(None, inline.words(link), link.href))
    return facts


def _may_be_paper(href: str, words: str) -> bool:
    """Whether a link leads to a paper on a host of nobody's: a title, or a file to print."""
    if not href.startswith(("http://", "https://")) or not is_title(words):
        return False
    return href.casefold().endswith(".pdf") or host_is(href, _FILE_HOSTS) or not is_shared_host(href)


def _of_link(link: Mark, words: str) -> Facts:
    href = link.href
    if not href.startswith(("http://", "https://")):
        return Facts()
    words = words.strip(" []()（）【】")
    if host_is(href, _CODE_HOSTS) or (_CODE_WORDS.fullmatch(words) and not host_is(href, _PAPER_HOSTS)):
        return Facts(code=href)
    if host_is(href, _PAPER_HOSTS) or _PAPER_WORDS.fullmatch(words):
        title = words if is_title(words) else ""
        return Facts(arxiv_year(href), title, href)
    return Facts()


def with_field(facts: Facts, name: str, inline: InlineText, start: int) -> Facts:
    """Facts, completed by what a field says."""
    said = facts_of(inline, start)
    text = inline.text[start:].strip()
    if name in (
        "year",
        "date",
        "年份",
        "时间",
        "发表",
        "发表时间",
        "venue",
        "conference",
        "journal",
        "published",
        "publication",
        "会议",
        "期刊",
    ):
        said = replace(said, year=year_in(text) or said.year)
    if name in ("title", "论文标题", "论文题目", "标题", "题目") and is_title(text):
        said = replace(said, paper_title=said.paper_title or text)
    return facts.or_else(said)


def is_title(words: str) -> bool:
    """Whether the words of a link can be the title of a paper."""
    words = words.strip()
    if is_link_word(words) or "://" in words or _AUTHORS.search(words):
        return False
    if has_han(words):
        return len(words) >= 6
    return len(words.split()) >= _TITLE_WORDS or ":" in words or len(words) >= 16
