"""Which bold spans of a sentence are named methods (rules D8 and D9).

A bold span is a member when it stands in an enumeration: behind a cue word (`如`, `包括`, `such as` …) or a colon,
or joined to another member by separators.  The rules look only at the text between two bold spans, so they read
any outline, not a list of known ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dlmap.markdown.cjk import has_han
from dlmap.markdown.inline import FILLER, InlineText, Mark, MarkKind
from dlmap.taxonomy.labels import split_gloss
from dlmap.taxonomy.names import expand_series
from dlmap.text import Span

_NO_SEP = r"[^,，、；;。：:()（）]"
_SEPARATOR = r"[,，、；;/]"
_CONJUNCTION = r"(?:以及|或者|还有|and|or|as well as|&|和|与|及|或)"
_GROUP = r"[(（][^()（）]{0,80}[)）]"
# A plain member of an enumeration (最大池化), with what may stand in parentheses behind it.
_PLAIN = rf"{_NO_SEP}{{1,16}}(?:{_GROUP})?"
_ARTICLE = r"(?:the\s+|a\s+|an\s+)?"
_CUES = re.compile(
    r"(?:比如|例如|譬如|诸如|(?<![假正犹宛形])如(?![何果图下此前上式表同今若])|(?<![图头好])像(?!素)|包括|包含|涵盖|"
    r"(?<![具没所带含拥只固稀原享])有(?![效限关界监向序些助益利点])|代表(?:性)?(?:方法|模型|工作)?(?:为|是)|分别是|"
    r"such\s+as|e\.\s?g\.|including|includes?|for\s+example|for\s+instance|namely|\blike|"
    r"(?:methods|models|algorithms|functions|networks|variants|examples)\s+(?:here\s+)?are)\s*[,，:：]?\s*",
    re.IGNORECASE,
)
_NOT_METHODS = (
    r"任务|领域|问题|场景|应用|步骤|阶段|部分|概念|特点|性质|优点|缺点|因素|维度|信息|优势|挑战|特性|数据集|"
    r"方面|角度|类别|单位|tasks?|fields?|areas?|datasets?|steps|parts|problems?|applications?|properties"
)
_HEAD_NOUN = re.compile(rf"(?:{_NOT_METHODS})(?:主要|通常|一般|常见|大致|也|还|\s)*$", re.IGNORECASE)
_TAIL_NOUN = re.compile(rf"\s*等?(?:多个|不同|各种|诸多)?(?:{_NOT_METHODS})")
_VERB = re.compile(
    r"是|为了|将|把|被|则|其|先|再|使用|采用|利用|通过|引入|提出|进行|可以|能够|从而|使得|用于|\b(?:is|are|was|uses?|by|with)\b"
)
_OPENING = rf"(?:{_PLAIN}\s*{_SEPARATOR}\s*(?:{_CONJUNCTION}\s*)?|{_PLAIN}\s*{_CONJUNCTION}\s*)*"
_BEFORE = re.compile(
    rf"\s*{_OPENING}{_ARTICLE}(?P<plain>{_NO_SEP}{{1,16}}?)??\s*(?P<open>[(（]?)\s*", re.IGNORECASE
)
_BETWEEN = re.compile(
    rf"(?P<noun>{_NO_SEP}{{0,24}}?)(?:{_GROUP})?(?P<noun2>{_NO_SEP}{{0,12}}?)\s*[)）]*\s*"
    rf"(?:(?:{_SEPARATOR}\s*)+(?:{_CONJUNCTION}\s*)?|{_CONJUNCTION}\s*)"
    rf"{_OPENING}{_ARTICLE}(?P<plain>{_NO_SEP}{{1,16}}?)??\s*(?P<open>[(（]?)\s*",
    re.IGNORECASE,
)
_CLAUSE_START = re.compile(r"[；;]\s*(?:以及|而|and\s+)?\s*$")
_COMMA_START = re.compile(r"[，,]\s*(?:and\s+)?$")
_SENTENCE_END = re.compile(r"[。！？!?]|(?<!e\.g)(?<!i\.e)(?<!etc)(?<!vs)\.(?=\s+[A-Z“\"(]|\s*$)")
_ENUMERATED = re.compile(
    rf"\s*(?:$|{_SEPARATOR}|等|[)）。.]|{_CONJUNCTION}\s*$|{_GROUP}\s*(?:$|{_SEPARATOR}|[。.]|等))",
    re.IGNORECASE,
)
_NOUN_THEN_MEMBER = re.compile(rf"\s*{_NO_SEP}{{1,8}}\s*{_SEPARATOR}\s*$")
_EMPTY_GROUP = re.compile(r"[(（]\s*[)）]")
_GREEK_OR_SCRIPT = re.compile(r"[\^_]|\\[A-Za-z]+")
_METRICS = re.compile(r"指标|\bmetrics\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Member:
    """A named method (or metric) where the outline names it."""

    name: str
    alt: tuple[str, ...]
    series: str
    kind: str
    """`method` or `metric`."""
    span: Span
    """The bold span in the source."""
    id: str = ""
    """The explicit id behind it, if any."""
    sentence: str = ""
    """The sentence that names it, as plain text."""
    written: str = ""
    """All that the bold span says, where it names several."""


@dataclass(frozen=True, slots=True)
class BoldSpan:
    """A bold span with the formulas that are part of its name (`$\\Pi$**-Model**`)."""

    start: int
    end: int
    words: str
    mark: Mark


def bold_spans(inline: InlineText, start: int = 0) -> tuple[BoldSpan, ...]:
    """The bold spans from `start` on, joined with adjacent formulas and bold spans into whole names."""
    math = [
        mark
        for mark in inline.of(MarkKind.MATH)
        if _GREEK_OR_SCRIPT.match(mark.tex) or inline.text.startswith("-", mark.end)
    ]
    pieces = sorted(
        (mark for mark in (*inline.of(MarkKind.BOLD), *math) if mark.start >= start), key=lambda m: m.start
    )
    spans: list[BoldSpan] = []
    cluster: list[Mark] = []
    for piece in (*pieces, None):
        if piece is not None and cluster and piece.start < cluster[-1].end:
            continue  # a formula inside a bold span is already in its text
        if cluster and (piece is None or piece.start != cluster[-1].end):
            spans.extend(_whole_names(inline, cluster))
            cluster = []
        if piece is not None:
            cluster.append(piece)
    return tuple(spans)


def _whole_names(inline: InlineText, cluster: list[Mark]) -> Iterable[BoldSpan]:
    bold = [mark for mark in cluster if mark.kind is MarkKind.BOLD]
    if not bold:
        return
    joins = len(bold) > 1 or cluster[0].tex == "" or inline.words(bold[0]).startswith("-")
    first = cluster[0] if joins else bold[0]
    start, end = first.start, cluster[-1].end
    yield BoldSpan(start, end, inline.text[start:end].strip(), bold[0])


def find_members(
    inline: InlineText,
    start: int = 0,
    *,
    after_label: bool = False,
    metrics: bool = False,
) -> tuple[tuple[Member, ...], tuple[BoldSpan, ...]]:
    """The members that the text from `start` on names, and the bold spans that are none.

    `after_label` tells that a label and its colon stand before `start`; `metrics` that all members are metrics.
    """
    spans = bold_spans(inline, start)
    reader = _Reader(inline, start, spans, after_label)
    reader.read()
    members: list[Member] = []
    rest: list[BoldSpan] = []
    for index, span in enumerate(spans):
        classes = span.mark.classes
        chosen = reader.is_member[index] or "method" in classes or "metric" in classes
        if index in reader.group_labels or "term" in classes or not chosen:
            if index not in reader.absorbed:
                rest.append(span)
            continue
        is_metric = "metric" in classes or metrics or reader.names_metrics(index)
        kind = "metric" if is_metric and "method" not in classes else "method"
        sentence = sentence_at(inline, span.start, start)
        members.extend(_members(span, kind, reader.aliases.get(index, ()), sentence))
    return tuple(members), tuple(rest)


def sentence_at(inline: InlineText, offset: int, start: int = 0) -> str:
    """The sentence of `inline.text[start:]` that holds `offset`."""
    ends = [match.end() for match in _SENTENCE_END.finditer(inline.masked, start)]
    begin = max((end for end in ends if end <= offset), default=start)
    end = min((end for end in ends if end > offset), default=len(inline.text))
    return inline.text[begin:end].strip()


def _members(span: BoldSpan, kind: str, aliases: tuple[str, ...], sentence: str) -> Iterable[Member]:
    series, names = expand_series(span.words)
    if not series and re.search(r"[,，、;；]\s*", span.words):
        parts = [part.strip() for part in re.split(r"[,，、;；]\s*", span.words) if part.strip()]
        if all(part[0].isalpha() and len(part) > 1 for part in parts) and "(" not in span.words:
            names = tuple(parts)
    for name in names:
        label = split_gloss(name)
        further = tuple(alt for alt in (label.gloss, *label.alt, *aliases) if alt)
        mark, alone = span.mark, len(names) == 1
        yield Member(
            label.text,
            further,
            series,
            kind,
            mark.span,
            mark.id if alone else "",
            sentence,
            "" if alone else span.words,
        )


class _Reader:
    """Reads one region from left to right, keeping whether an enumeration is open."""

    def __init__(
        self, inline: InlineText, start: int, spans: tuple[BoldSpan, ...], after_label: bool
    ) -> None:
        self.inline = inline
        self.start = start
        self.spans = spans
        self.after_label = after_label
        self.is_member = [False] * len(spans)
        self.aliases: dict[int, tuple[str, ...]] = {}
        self.absorbed: set[int] = set()
        """Spans that are a further name of another one, or the gloss of a term."""
        self.group_labels = self._find_group_labels()

    def gap(self, index: int) -> str:
        """The text between span `index` and the one before it, without group labels."""
        begin = self.start
        for before in range(index - 1, -1, -1):
            if before not in self.group_labels:
                begin = self.spans[before].end
                break
        text = self.inline.masked[begin : self.spans[index].start]
        for group in self.group_labels:
            label = self.spans[group]
            if begin <= label.start < self.spans[index].start:
                text = text.replace(self.inline.masked[label.start : label.end], "", 1)
        return _EMPTY_GROUP.sub("", text)

    def right(self, index: int) -> str:
        """The text from span `index` to the next one."""
        end = self.spans[index + 1].start if index + 1 < len(self.spans) else len(self.inline.masked)
        return self.inline.masked[self.spans[index].end : end]

    def names_metrics(self, index: int) -> bool:
        """Whether the sentence speaks of metrics before it names this one."""
        before = self.inline.text[: self.spans[index].start]
        ends = [match.end() for match in _SENTENCE_END.finditer(before)]
        return bool(_METRICS.search(before[ends[-1] if ends else 0 :]))

    def _find_group_labels(self) -> set[int]:
        """`(**并联**)**scSE**, **BAM**`: the bold span in parentheses names the group behind it."""
        found = set()
        for index in range(len(self.spans) - 1):
            before = self.inline.masked[: self.spans[index].start].rstrip()
            between = self.inline.masked[self.spans[index].end : self.spans[index + 1].start]
            bare = not before or not before[:-1].rstrip() or before[:-1].rstrip()[-1] in ",，、；;：:"
            if before[-1:] in ("(", "（") and bare and re.fullmatch(r"\s*[)）]\s*", between):
                found.add(index)
        return found

    def read(self) -> None:
        active = False
        depth = scope_depth = 0
        previous = -1
        for index in range(len(self.spans)):
            if index in self.group_labels:
                continue
            left = self.gap(index)
            lowest, after = _depths(left, depth)
            if ends := [match.end() for match in _SENTENCE_END.finditer(left)]:
                active, left, lowest = False, left[ends[-1] :], after
                depth = after - _depths(left, 0)[1]
            if lowest < scope_depth:
                active = False
            gloss = previous == index - 1 and self._is_gloss_of_previous(index, left)
            if gloss:
                self.absorbed.add(index)
                if self.is_member[previous]:
                    self.aliases[previous] = (self.spans[index].words,)
            else:
                cue_at = self._after_cue(index, left, first=previous < 0)
                if cue_at is not None:
                    scope_depth = depth + _depths(left[:cue_at], 0)[1]
                    active = self.is_member[index] = True
                elif active and self._continues(index, left, joined=self._previous_is_member(index)):
                    self.is_member[index] = True
            depth = after
            previous = index
        self._before_deng()

    def _previous_is_member(self, index: int) -> bool:
        before = [i for i in range(index) if i not in self.group_labels and i not in self.absorbed]
        return bool(before) and self.is_member[before[-1]]

    def _is_gloss_of_previous(self, index: int, left: str) -> bool:
        """`**标准化流**(**Normalizing Flow**)`: the second names the first in the other script."""
        if not re.fullmatch(r"\s*[(（]\s*", left) or not re.match(r"\s*[)）]", self.right(index)):
            return False
        return has_han(self.spans[index - 1].words) != has_han(self.spans[index].words)

    def _after_cue(self, index: int, left: str, *, first: bool) -> int | None:
        """Where in `left` the cue ends that makes this span a member, or None."""
        right = self.right(index)
        for cue in reversed(list(_CUES.finditer(left))):
            if _HEAD_NOUN.search(left[: cue.start()]):
                continue
            if self._fits(_BEFORE, left[cue.end() :], index) and not self._tail_says_no(index):
                return cue.end()
        colons = [match.end() for match in re.finditer(r"[:：]", left)]
        if not colons and first and self.after_label:
            colons = [0]
        if not colons:
            return None
        at = colons[-1]
        from_label = first and self.after_label and at == 0
        if not self._fits(_BEFORE, left[at:], index) or self._tail_says_no(index):
            return None
        in_parentheses = re.search(r"[(（]\s*$", left) and re.match(r"\s*[)）]", right)
        if in_parentheses and not re.search(_SEPARATOR, left[at:]) and self.spans[index].words.islower():
            return None  # ：候选区域(**region proposal**)，… glosses a word of its sentence
        han = has_han(self.spans[index].words)
        if han and not from_label and not re.search(r"[A-Za-z]", self.spans[index].words):
            return None
        followed = index + 1 < len(self.spans)
        if in_parentheses:
            right = re.sub(r"^\s*[)）]", "", right)
        if _ENUMERATED.match(right) or (followed and _NOUN_THEN_MEMBER.fullmatch(right)):
            return at
        return None

    def _fits(self, pattern: re.Pattern[str], text: str, index: int) -> bool:
        match = pattern.fullmatch(text)
        if match is None:
            return False
        plain = (match["plain"] or "").strip()
        if not plain:
            return True
        if match["open"]:
            # 细节保留池化(**DPP**): the abbreviation of a plain member, or the members of a plain group.
            if _VERB.search(plain) or not re.match(rf"\s*(?:[)）]|{_SEPARATOR})", self.right(index)):
                return False
            if re.match(r"\s*[)）]", self.right(index)):
                self.aliases[index] = (plain,)
            return True
        # 峰值信噪比**PSNR**: a plain name, completed by its abbreviation.
        if has_han(plain) and not has_han(self.spans[index].words) and len(plain) > 1:
            if not _VERB.search(plain) and not re.search(r"[的于对从和与" + FILLER + "]", plain):
                self.aliases[index] = (plain,)
                return True
        return False

    def _continues(self, index: int, left: str, *, joined: bool) -> bool:
        if joined and (match := _BETWEEN.fullmatch(left)):
            if not _VERB.search(match["noun"] + match["noun2"]) and self._fits(_BETWEEN, left, index):
                return True
        if _CLAUSE_START.search(left):
            return True
        return bool(_COMMA_START.search(left)) and not has_han(self.spans[index].words)

    def _tail_says_no(self, index: int) -> bool:
        """`…、**目标检测**等任务` enumerates tasks, not methods."""
        last = index
        while last + 1 < len(self.spans) and _BETWEEN.fullmatch(self.right(last)):
            last += 1
        return bool(_TAIL_NOUN.match(self.right(last)))

    @staticmethod
    def _is_level_separator(text: str) -> bool:
        return bool(_BETWEEN.fullmatch(text)) and _depths(text, 0) == (0, 0)

    def _before_deng(self) -> None:
        """`**A**、**B**等方法`: the cue may stand behind its members."""
        index = 0
        while index < len(self.spans):
            last = index
            while last + 1 < len(self.spans) and self._is_level_separator(self.right(last)):
                last += 1
            run = range(index, last + 1)
            if (
                len(run) > 1
                and re.match(r"\s*等", self.right(last))
                and not _TAIL_NOUN.match(self.right(last))
                and not any(has_han(self.spans[i].words) for i in run)
                and not any(i in self.group_labels or i in self.absorbed for i in run)
            ):
                for member in run:
                    self.is_member[member] = True
            index = last + 1


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
