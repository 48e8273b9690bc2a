"""Which bold spans of a text stand in an enumeration: behind a cue word or a colon, or joined to one that does.

The rules look only at the text between two bold spans, so they read any outline, not a list of known ones.
"""

from __future__ import annotations

import re

from dlmap.markdown import InlineText
from dlmap.markdown.cjk import has_han
from dlmap.markdown.inline import FILLER
from dlmap.taxonomy.bold_spans import SENTENCE_END, BoldSpan

_NO_SEP = r"[^,，、；;。：:()（）→]"
_SEPARATOR = r"(?:[,，、；;/→]|->)"
_CONJUNCTION = (
    r"(?:及其(?:改进|变体|变种|扩展|后续|升级|衍生)(?:版本|版|方法|模型|工作|形式)?|"
    r"以及|或者|还有|and|or|as well as|&|和|与|及|或)"
)
_GROUP = r"[(（][^()（）]{0,80}[)）]"
# A plain member of an enumeration (最大池化), with what may stand in parentheses behind it.
_PLAIN = rf"{_NO_SEP}{{1,16}}(?:{_GROUP})?"
_ARTICLE = r"(?:the\s+|a\s+|an\s+)?"
_CUES = re.compile(
    r"(?:比如|例如|譬如|诸如|(?<![假正犹宛形])如(?![何果图下此前上式表同今若])|(?<![图头好])像(?!素)|包括|包含|涵盖|"
    r"指标(?:主要)?(?:为|是)|(?<![具没所带含拥只固稀原享])有(?![效限关界监向序些助益利点])|代表(?:性)?(?:方法|模型|工作)?(?:为|是)|分别是|"
    r"such\s+as|e\.\s?g\.|including|includes?|for\s+example|for\s+instance|namely|\blike|"
    r"(?:methods|models|algorithms|functions|networks|variants|examples)\s+(?:here\s+)?are)\s*[,，:：]?\s*",
    re.IGNORECASE,
)
_ENDS_WITH_CUE = re.compile(rf"(?:{_CUES.pattern})$", re.IGNORECASE)
_NOT_METHODS = (
    r"任务|领域|问题|场景|应用|步骤|阶段|部分|概念|特点|性质|优点|缺点|因素|维度|信息|优势|挑战|特性|数据集|"
    r"方面|角度|类别|单位|基准|benchmarks?|tasks?|fields?|areas?|datasets?|steps|parts|problems?|applications?|"
    r"properties"
)
_HEAD_NOUN = re.compile(rf"(?:{_NOT_METHODS})(?:主要|通常|一般|常见|大致|也|还|\s)*$", re.IGNORECASE)
_TAIL_NOUN = re.compile(rf"\s*等?(?:多个|不同|各种|诸多|[两二三四五六七八九十几]个子?)?(?:{_NOT_METHODS})")
_DATASETS = re.compile(r"(?:数据集|基准|datasets?|benchmarks?)\s*[:：]?\s*$", re.IGNORECASE)
_LISTS_NO_METHODS = re.compile(
    rf"(?:{_NOT_METHODS})(?:主要|通常|一般|常见|大致|也|还|\s)*(?:有|包括|包含|如|include)$"
)
# What a list of Chinese names in bold must be called to be one of methods: in this script, bold is emphasis too.
_METHOD_NOUNS = (
    r"方法|算法|变体|策略|技术|技巧|函数|机制|优化器|"
    r"(?:的|代表|代表性|常见|常用|典型|经典|主流)(?:模型|网络|结构|工作)"
)
_METHOD_HEAD = re.compile(rf"(?:{_METHOD_NOUNS})(?:主要|通常|一般|常见|大致|也|还|\s)*[:：]?\s*$")
_METHOD_TAIL = re.compile(rf"\s*等?(?:{_METHOD_NOUNS}|模型|网络)")
_VERB = re.compile(
    r"是|为了|将|把|被|(?<![正规法准原])则|其|先(?!验)|再(?![参生缩])|使用|采用|利用|通过|引入|提出|进行|可以|能够|"
    r"从而|使得|用于|增加|新增|添加|补充|\b(?:is|are|was|uses?|by|with)\b"
)
# No backtracking into it: a sentence full of 和 can be cut into members in more ways than there are atoms.
_OPENING = rf"(?>{_PLAIN}\s*{_SEPARATOR}\s*(?:{_CONJUNCTION}\s*)?|{_PLAIN}\s*{_CONJUNCTION}\s*)*+"
_BEFORE = re.compile(
    rf"\s*{_OPENING}{_ARTICLE}(?P<plain>{_NO_SEP}{{1,16}}?)??\s*(?P<open>[(（]?)\s*", re.IGNORECASE
)
_BETWEEN = re.compile(
    rf"(?P<noun>{_NO_SEP}{{0,24}}?)(?:{_GROUP})?(?P<noun2>{_NO_SEP}{{0,12}}?)\s*+[)）]*+\s*+(?:{_GROUP}\s*+)?"
    rf"(?:(?:{_SEPARATOR}\s*)++(?:{_CONJUNCTION}\s*)?|{_CONJUNCTION}\s*)"
    rf"{_OPENING}{_ARTICLE}(?P<plain>{_NO_SEP}{{1,16}}?)??\s*(?P<open>[(（]?)\s*",
    re.IGNORECASE,
)
_CLAUSE_START = re.compile(r"[；;]\s*(?:以及|而|and\s+)?\s*$")
_COMMA_START = re.compile(r"[，,]\s*(?:and\s+)?$")
_ENUMERATED = re.compile(
    rf"\s*(?:$|{_SEPARATOR}|等|[)）。.]|{_CONJUNCTION}\s*$|[(（]\s*{_CONJUNCTION}|"
    rf"{_GROUP}\s*(?:$|{_SEPARATOR}|[。.]|等))",
    re.IGNORECASE,
)
_NOUN_THEN_MEMBER = re.compile(rf"\s*{_NO_SEP}{{1,8}}\s*{_SEPARATOR}\s*$")
# 其他类型：**DCANet**设计了…；**WE**对…引入注意力；…: each clause of the list says what one member does.
_CLAUSE_THEN_MEMBER = re.compile(r"[^。；;!?！？]{1,80}[；;]\s*$")
_COMMA_THEN_MEMBER = re.compile(r"[^。；;!?！？,，]{1,40}[，,]\s*$")
_LAST_CLAUSE = re.compile(r".*[；;]\s*(?:以及|而|and\s+)?")
# **Adapter**系列(**AdapterFusion**、**AdapterDrop**), **A**(及其变体**B**, **C**)
_OPENS_SUBLIST = re.compile(
    rf"\s*(?:(?:系列|家族|及其变体|变体|模型|方法|算法|网络|族)\s*[(（]|[(（]\s*{_CONJUNCTION})\s*",
    re.IGNORECASE,
)
# 改进**IN**的方法(**FRN**, **AdaIN**), 后续工作**Deformable DETR**、**DINO**
_NOUN_OF_MEMBERS = re.compile(r".*(?:方法|算法|模型|工作|变体)\s*[(（]?\s*", re.DOTALL)
_JUST_A_NOUN = re.compile(r".*(?:方法|算法|模型)")
_MODIFIES = re.compile(r"(?:基于|结合|针对|面向|借助|利用|引入|使用|采用|带有)\s*$")
_OF = re.compile(r"\s*的\s*")
_CHINESE_THEN_OPENED = re.compile(r"[\u4e00-\u9fff]\s*[(（]\s*$")
_CLOSED_THEN_NOUN = re.compile(rf"\s*[)）]\s*(?:{_METHOD_NOUNS}|模型|网络)\s*")
_GROUP_OPENED = re.compile(r"[(（][^()（）,，、；;]{0,12}$")
_GROUP_CLOSED = re.compile(r"[^()（）,，、；;]{0,12}[)）]\s*")
_ENDS_NAME = re.compile(rf"\s*(?:$|{_SEPARATOR}|等|[)）。.(（]|{_CONJUNCTION})")
_SOON_SEPARATED = re.compile(rf"{_NO_SEP}{{0,6}}(?:[)）]|{_SEPARATOR})")
_OPENED = re.compile(r"\s*[(（]\s*")
# **LDM**（即**Stable Diffusion**）
_OPENS_ALIAS = re.compile(
    r"\s*[(（]\s*(?P<lead>(?:(?:又|也|亦|或|别|简|全|原|旧|统|俗)(?:被)?(?:称|名|叫)(?:为|做|作|之为)?|即|"
    r"a\.?k\.?a\.?|also\s+known\s+as|also\s+called|i\.e\.,?)\s*[:：]?\s*)?",
    re.IGNORECASE,
)
_ENDS_OPENED = re.compile(r"[(（]\s*$")
_CLOSED = re.compile(r"\s*[)）]\s*")
_AND_SO_ON = re.compile(r"\s*等")
_LATIN = re.compile(r"[A-Za-z]")
_LINKING = re.compile(f"[的和与{FILLER}]|^[对从]|[基对由关]于")
_EMPTY_GROUP = re.compile(r"[(（]\s*[)）]")
_EMPTIED = "\0"
_EMPTIED_GROUP = re.compile(rf"(^|[,，、；;：:]\s*)[(（][^()（）]*{_EMPTIED}[^()（）]*[)）]")
_METRICS = re.compile(r"指标|\bmetrics\b", re.IGNORECASE)


class Enumeration:
    """One region of text, read from left to right: which of its bold spans are members."""

    def __init__(
        self, inline: InlineText, start: int, spans: tuple[BoldSpan, ...], *, after_label: bool
    ) -> None:
        self.inline = inline
        self.start = start
        self.spans = spans
        self.after_label = after_label
        self.is_member = [False] * len(spans)
        self.aliases: dict[int, tuple[str, ...]] = {}
        self.absorbed: set[int] = set()
        """Spans that are a further name of another one, or the gloss of a term."""
        self.refused: set[int] = set()
        """Spans that open an enumeration of what is no method."""
        self.group_labels = self._find_group_labels() | self._find_modifiers()
        self._about_metrics = bool(_METRICS.search(inline.text))
        self._run_ends: list[int] = []
        self._read()
        self._read_backwards()

    def names_metrics(self, index: int) -> bool:
        """Whether the sentence speaks of metrics before it names this one."""
        if not self._about_metrics:
            return False
        before = self.inline.text[: self.spans[index].start]
        ends = [match.end() for match in SENTENCE_END.finditer(before)]
        return bool(_METRICS.search(before, ends[-1] if ends else 0))

    # The text around a span

    def _gap(self, index: int) -> str:
        """The text between span `index` and the one before it, without group labels."""
        before = index - 1
        while before in self.group_labels:
            before -= 1
        at = self.spans[before].end if before >= 0 else self.start
        pieces: list[str] = []
        for label in self.spans[before + 1 : index]:
            pieces.append(self.inline.masked[at : label.start])
            at = label.end
        text = _EMPTIED.join((*pieces, self.inline.masked[at : self.spans[index].start]))
        if not pieces:
            return text
        text = _EMPTIED_GROUP.sub(r"\1", text)  # the whole of (改进**BN**) goes
        return _EMPTY_GROUP.sub("", text.replace(_EMPTIED, ""))

    def _right(self, index: int) -> str:
        """The text from span `index` to the next one."""
        end = self.spans[index + 1].start if index + 1 < len(self.spans) else len(self.inline.masked)
        return self.inline.masked[self.spans[index].end : end]

    def _run_end(self, index: int) -> int:
        """The last of the spans that separators join to span `index`."""
        if not self._run_ends:
            ends = list(range(len(self.spans)))
            for before in range(len(self.spans) - 2, -1, -1):
                if _BETWEEN.fullmatch(self._right(before)):
                    ends[before] = ends[before + 1]
            self._run_ends = ends
        return self._run_ends[index]

    def _find_group_labels(self) -> set[int]:
        """`(**并联**)**scSE**, **BAM**`: the bold span in parentheses names the group behind it."""
        found = set()
        for index in range(len(self.spans) - 1):
            begin = self.spans[index - 1].start if index else 0
            before = self.inline.masked[begin : self.spans[index].start].rstrip()
            between = self.inline.masked[self.spans[index].end : self.spans[index + 1].start]
            opening = _GROUP_OPENED.search(before)
            if opening is not None and _GROUP_CLOSED.fullmatch(between):
                outside = before[: opening.start()].rstrip()
                if not outside or outside[-1] in ",，、；;：:" or _ENDS_WITH_CUE.search(outside):
                    found.add(index)
        return found

    def _find_modifiers(self) -> set[int]:
        """Bold words that only tell more of the next name.

        `基于**CLIP**的**CountCLIP**`, `聚类(**Clustering**)方法**Core-Set**`.
        """
        found = set()
        for index in range(len(self.spans) - 1):
            begin = self.spans[index - 1].end if index else self.start
            before = self.inline.masked[begin : self.spans[index].start]
            between = self._right(index)
            if (_MODIFIES.search(before) and _OF.fullmatch(between)) or (
                _CHINESE_THEN_OPENED.search(before) and _CLOSED_THEN_NOUN.fullmatch(between)
            ):
                found.add(index)
        return found

    # Reading

    def _read(self) -> None:
        active = False
        depth = scope_depth = 0
        previous = anchor = -1
        for index in range(len(self.spans)):
            if index in self.group_labels:
                continue
            left = self._gap(index)
            lowest, after = _depths(left, depth)
            if ends := [match.end() for match in SENTENCE_END.finditer(left)]:
                active, left, lowest = False, left[ends[-1] :], after
                depth = after - _depths(left, 0)[1]
            if lowest < scope_depth:
                active = False
            if previous == index - 1 and self._is_gloss_of_previous(index, left):
                self.absorbed.add(index)
                if self.is_member[previous]:
                    self.aliases[previous] = (self.spans[index].words,)
            elif (
                previous == anchor == index - 1 >= 0
                and self.is_member[anchor]
                and self._is_aside(index, left)
            ):
                pass  # **SAM**（**Segment Anything**）、**SEEM**: the run goes on behind it
            else:
                cue_at = self._after_cue(index, left, is_first=previous < 0)
                joined = anchor >= 0 and self.is_member[anchor]
                if cue_at is not None:
                    scope_depth = depth + _depths(left[:cue_at], 0)[1]
                    active = self.is_member[index] = True
                elif active and self._continues(index, left, joined=joined):
                    self.is_member[index] = True
                anchor = index
            depth = after
            previous = index

    def _is_gloss_of_previous(self, index: int, left: str) -> bool:
        """`**标准化流**(**Normalizing Flow**)`: the second names the first in the other script, or spells it out."""
        if not self._is_aside(index, left):
            return False
        if (opening := _OPENS_ALIAS.fullmatch(left)) and opening["lead"]:
            return True
        first, second = self.spans[index - 1].words, self.spans[index].words
        return has_han(first) != has_han(second) or _spells_out(second, first) or _spells_out(first, second)

    def _is_aside(self, index: int, left: str) -> bool:
        """Whether the span stands alone in parentheses, or behind `即` or `又称` in them."""
        return bool(_OPENS_ALIAS.fullmatch(left) and _CLOSED.match(self._right(index)))

    def _after_cue(self, index: int, left: str, *, is_first: bool) -> int | None:
        """Where in `left` the cue ends that makes this span a member, or None."""
        for cue in reversed(list(_CUES.finditer(left))):
            if _HEAD_NOUN.search(left[: cue.start()]):
                self.refused.add(index)
                continue
            if self._fits(_BEFORE, left[cue.end() :], index) and not self._tail_says_no(index):
                return cue.end() if self._may_be_chinese(index, left[: cue.start()]) else None
        if self._follows_noun(index, left):
            return len(left.rstrip().rstrip("(（"))
        return self._after_colon(index, left, is_first=is_first)

    def _after_colon(self, index: int, left: str, *, is_first: bool) -> int | None:
        colon = max(left.rfind(":"), left.rfind("：")) + 1
        from_label = colon == 0 and is_first and self.after_label
        if not colon and not from_label:
            return None
        head = self.inline.masked[: self.start] if from_label else left[:colon].rstrip(":： ")
        if _DATASETS.search(head) or _LISTS_NO_METHODS.search(head):
            self.refused.add(index)
            return None
        if not self._fits(_BEFORE, left[colon:], index) or self._tail_says_no(index):
            return None
        return colon if self._opens_enumeration(index, left[colon:], from_label=from_label) else None

    def _opens_enumeration(self, index: int, left: str, *, from_label: bool) -> bool:
        """Whether the span behind a colon is the first of several names, or the only one."""
        words, right = self.spans[index].words, self._right(index)
        if _ENDS_OPENED.search(left) and _CLOSED.match(right):
            if words.islower() and not re.search(_SEPARATOR, left):
                return False  # ：候选区域(**region proposal**)，… glosses a word of its sentence
            right = _CLOSED.sub("", right, count=1)
        if has_han(words) and not from_label and not _LATIN.search(words):
            return False
        if index + 1 == len(self.spans) or _ENUMERATED.match(right):
            return _ENUMERATED.match(right) is not None
        if _NOUN_THEN_MEMBER.fullmatch(right):
            return True
        if not has_han(words) and (
            _OPENS_SUBLIST.fullmatch(right)
            or (self._is_aside(index + 1, right) and _ENUMERATED.match(self._behind_aside(index + 1)))
        ):
            return True
        return from_label and not left.strip() and not has_han(words) and self._has_its_clause(index, right)

    def _behind_aside(self, index: int) -> str:
        return _CLOSED.sub("", self._right(index), count=1)

    def _has_its_clause(self, index: int, right: str) -> bool:
        """Whether the text behind a span is a clause of its own, and another name opens the next."""
        if _CLAUSE_THEN_MEMBER.fullmatch(right):
            return True
        another = self.spans[index + 1].words
        is_name = not has_han(another) and not another.islower()
        return is_name and _COMMA_THEN_MEMBER.fullmatch(right) is not None

    def _follows_noun(self, index: int, left: str) -> bool:
        """Whether the span opens a run behind the noun that its members are: `后续工作**A**、**B**`."""
        return (
            self._run_end(index) > index
            and not has_han(self.spans[index].words)
            and _NOUN_OF_MEMBERS.fullmatch(left) is not None
            and not self._tail_says_no(index)
        )

    def _may_be_chinese(self, index: int, before: str) -> bool:
        """Whether a name in Chinese can be a member: only where the sentence says that it lists methods."""
        words = self.spans[index].words
        if not has_han(words) or _LATIN.search(words):
            return True
        return bool(
            _METHOD_HEAD.search(before)
            or _METHOD_TAIL.match(self._right(self._run_end(index)))
            or (self.start and _METHOD_HEAD.search(self.inline.masked[: self.start]))
        )

    def _fits(self, pattern: re.Pattern[str], text: str, index: int) -> bool:
        match = pattern.fullmatch(text)
        plain = (match["plain"] or "").strip() if match else ""
        if match is None or not plain:
            return match is not None
        return not _VERB.search(plain) and self._fits_behind(plain, index, is_opened=match["open"] != "")

    def _fits_behind(self, plain: str, index: int, *, is_opened: bool) -> bool:
        """Whether a span can be a member behind the plain words of its own."""
        right = self._right(index)
        if is_opened:
            # 细节保留池化(**DPP**): the abbreviation of a plain member, or the members of a plain group.
            if _CLOSED.match(right):
                self._add_alias(index, plain)
                return True
            return _SOON_SEPARATED.match(right) is not None
        if plain.endswith("的") and not has_han(self.spans[index].words):  # …以及端到端的**Mask TextSpotter**
            return _ENDS_NAME.match(right) is not None
        # 峰值信噪比**PSNR**: a plain name, completed by its abbreviation.
        is_name = has_han(plain) and len(plain) > 1 and not _LINKING.search(plain)
        if not is_name or has_han(self.spans[index].words):
            return False
        if not _JUST_A_NOUN.fullmatch(plain) and plain[-1] not in "为是":
            self._add_alias(index, plain)
        return True

    def _add_alias(self, index: int, plain: str) -> None:
        """Note the plain name that a span completes, unless it only leads to it (`文本方面如`)."""
        if not _ENDS_WITH_CUE.search(plain):
            self.aliases[index] = (plain,)

    def _continues(self, index: int, left: str, *, joined: bool) -> bool:
        match = _BETWEEN.fullmatch(left) if joined else None
        if match and not _VERB.search(match["noun"] + match["noun2"]) and self._fits(_BETWEEN, left, index):
            return True
        if (joined and _OPENS_SUBLIST.fullmatch(left)) or _CLAUSE_START.search(left):
            return True
        if (clause := _LAST_CLAUSE.match(left)) and self._fits(_BEFORE, left[clause.end() :], index):
            return True  # …；随机权重平均(**SWA**)
        return bool(_COMMA_START.search(left)) and not has_han(self.spans[index].words)

    def _tail_says_no(self, index: int) -> bool:
        """`…、**目标检测**等任务` enumerates tasks, not methods."""
        return bool(_TAIL_NOUN.match(self._right(self._run_end(index))))

    def _read_backwards(self) -> None:
        """`**A**、**B**等方法`: the cue may stand behind its members."""
        index = 0
        while index < len(self.spans):
            last = index
            while last + 1 < len(self.spans) and self._joins_at_one_depth(last):
                last += 1
            run = range(index, last + 1)
            right = self._right(last)
            if (
                len(run) > 1
                and _AND_SO_ON.match(right)
                and not _TAIL_NOUN.match(right)
                and not any(has_han(self.spans[i].words) for i in run)
                and not any(i in self.group_labels or i in self.absorbed or i in self.refused for i in run)
            ):
                for member in run:
                    self.is_member[member] = True
            index = last + 1

    def _joins_at_one_depth(self, index: int) -> bool:
        between = self._right(index)
        return _depths(between, 0) == (0, 0) and _BETWEEN.fullmatch(between) is not None


def _spells_out(phrase: str, acronym: str) -> bool:
    """Whether the acronym is made of the initials of the phrase."""
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z0-9]+", phrase))
    return len(initials) > 1 and initials.casefold() == acronym.casefold()


def _depths(text: str, depth: int) -> tuple[int, int]:
    """The lowest and the last depth of parentheses in `text`, which begins at `depth`."""
    lowest = depth
    for char in text:
        if char in "(（":
            depth += 1
        elif char in ")）":
            depth -= 1
            lowest = min(lowest, depth)
    return lowest, depth
