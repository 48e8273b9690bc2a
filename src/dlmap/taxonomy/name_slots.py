"""Cut a running text into slots: what stands between two separators, with what its parentheses hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

# Every pattern here begins with what it looks for, and looks back afterwards: so the engine skips the rest of a text fast.
_STOP = r"[。！？!?]|\.(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)(?<!et al\.)(?=\s+[A-Z“\"(]|\s*$)"
SENTENCE_END = re.compile(_STOP)
_SIGN = re.compile(
    rf"(?P<stop>{_STOP})|(?P<colon>[:：](?:(?<!\d.)|(?!\d)))|(?P<open>[(（])|(?P<close>[)）])|(?P<semi>[;；])|"
    r"(?P<comma>[,，、→/]|->)"
)
_CONJUNCTION = (
    r"(?:及其(?:改进|变体|变种|扩展|后续|升级|衍生)(?:版本|版|方法|模型|工作|形式)?|"
    r"以及|或者|还有|而|和|与|及|或|(?:and|or|as\s+well\s+as|plus)\b|&)"
)
_ARTICLE = r"(?:(?:the|a|an|its|their)\s+)?"
_OPENS_WITH_CONJUNCTION = re.compile(rf"\s*{_CONJUNCTION}\s*{_ARTICLE}", re.IGNORECASE)
_ENDS_WITH_CONJUNCTION = re.compile(rf"(?<![A-Za-z]){_CONJUNCTION}\s*{_ARTICLE}$", re.IGNORECASE)
_ENDS_WITH_ARTICLE = re.compile(rf"(?:^|(?<=\s)){_ARTICLE}$", re.IGNORECASE)
CUES = {
    "such as": r"比如|例如|譬如|诸如|如(?<![假正犹宛形]如)(?![何果图下此前上式表同今若])|像(?<![图头好]像)(?!素)|"
    r"such\s+as|e\.\s?g\.|for\s+example|for\s+instance|namely|like(?<![A-Za-z]like)\b",
    "including": r"包括|包含|涵盖|including|includes?(?<![A-Za-z]include)(?<![A-Za-z]includes)\b|comprises?|consists?\s+of",
    "are": r"有(?<![具没所带含拥只固稀原享]有)(?![效限关界监向序些助益利点])|分别是|是(?<![而但还于]是)|"
    r"为(?<![因作成分称]为)(?![了止])|are(?<![A-Za-z]are)\b|is(?<![A-Za-z]is)\b|were(?<![A-Za-z]were)\b|was(?<![A-Za-z]was)\b",
}
"""What opens an enumeration, by its sense."""
_CUE_KINDS = tuple(CUES)
_CUE = re.compile("|".join(f"({pattern})" for pattern in CUES.values()), re.IGNORECASE)
_VERB = re.compile(
    r"是|为了|将|把|被|则(?<![正规法准原]则)|其|先(?!验)|再(?![参生缩])|使用|采用|利用|通过|引入|提出|进行|可以|能够|"
    r"从而|使得|用于|对于|关于|针对|增加|新增|添加|补充|"
    r"\b(?:is|are|was|were|uses?|by|with|which|that|to|in|on|for|has|have|can)\b",
    re.IGNORECASE,
)
_MAX_PLAIN = 16
"""How many Chinese characters a plain member, or the plain words before a bold one, may have."""
_MAX_NOUN = 8
"""How many a noun may have that completes the name before it."""
_MAX_WORDS = 4
_LATIN_TO_HAN = 4
"""How many Latin letters say as much as one Chinese character."""
_MAX_DEPTH = 12
_MAX_REST = 80
"""How many characters a cue and the plain member behind it may have."""
_NEAR_BEHIND, _NEAR_BEFORE = 120, 160
"""How much of the text behind a span, and before it, is read."""


class Words(NamedTuple):
    """Plain text in a slot."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Slot:
    """What stands between two separators of one depth."""

    before: str
    """What opens it: `start`, `stop`, `colon`, `semi`, `comma`, `and`, `open`, or a key of `CUES`."""
    begin: int
    parts: list[Words | int | Group] = field(default_factory=list)
    """Plain words, the numbers of bold spans, and parentheses."""


@dataclass(slots=True)
class Group:
    """Slots of one depth: the text itself, or what stands in parentheses."""

    depth: int
    slots: list[Slot] = field(default_factory=list)


@lru_cache(maxsize=4096)
def is_short(words: str, limit: int = _MAX_PLAIN) -> bool:
    """Whether words can stand beside a name, or be one: few, and no clause."""
    text = words.strip()
    if len(text) > (_LATIN_TO_HAN * limit if text.isascii() else limit) or len(text.split()) > _MAX_WORDS:
        return False
    return _VERB.search(text) is None


def is_noun_behind(words: str) -> bool:
    """Whether words may complete the name before them: `**Xavier**初始化`."""
    return is_short(words, _MAX_NOUN)


def cut_slots(masked: str, start: int, spans: Sequence[tuple[int, int]], *, is_whole: bool = False) -> Group:
    """The slots of `masked[start:]`; `spans` are the bold ones, in order.

    Of a long text between two spans only its two ends are read, unless `is_whole`: what stands far from both says
    nothing about them.
    """
    cutter = _Cutter(masked, start, is_plain=is_whole)
    at = start
    for index, (begin, end) in enumerate(spans):
        near = begin - _NEAR_BEFORE
        if at < near:
            if index:
                cutter.text(at, min(near, at + _NEAR_BEHIND), until_stop=True)
            cutter.skip(near)
            at = near
        cutter.text(at, begin)
        cutter.words(begin, before_name=True)
        cutter.name(index, begin, end)
        at = end
    end = len(masked) if is_whole else min(len(masked), at + _NEAR_BEHIND)
    cutter.text(at, end, until_stop=not is_whole)
    cutter.words(end)
    return cutter.top


class _Cutter:
    def __init__(self, masked: str, start: int, *, is_plain: bool) -> None:
        self.masked = masked
        self.is_plain = is_plain
        self.top = Group(0, [Slot("start", start)])
        self.stack = [self.top]
        self.words_from = start

    @property
    def slot(self) -> Slot:
        return self.stack[-1].slots[-1]

    def text(self, begin: int, end: int, *, until_stop: bool = False) -> None:
        """Take the signs of `masked[begin:end]`, and the words before each of them."""
        for sign in _SIGN.finditer(self.masked, begin, end):
            kind = sign.lastgroup or ""
            self.words(sign.start(), before_sign=kind)
            self.sign(sign)
            if until_stop and kind == "stop":
                self.words_from = end
                return

    def skip(self, begin: int) -> None:
        """Go on at `begin`."""
        if begin > self.words_from:
            self.slot.parts.append(Words(self.words_from, begin, self.masked[self.words_from : begin]))
            if SENTENCE_END.search(self.masked, self.words_from, begin):
                del self.stack[1:]
                self.new_slot("stop", begin)
        self.words_from = begin

    def name(self, index: int, begin: int, end: int) -> None:
        """Take a bold span; one in parentheses of its own (主坐标分析**(PCoA)**) is as one in plain ones."""
        words = self.masked[begin:end].strip()
        is_opened = words.startswith(("(", "（")) and words.endswith((")", "）"))
        part = Group(len(self.stack), [Slot("open", begin, [index])]) if is_opened else index
        self.slot.parts.append(part)
        self.words_from = end

    def words(self, end: int, *, before_name: bool = False, before_sign: str = "stop") -> None:
        """Take the plain text up to `end` into the current slot, cut at its conjunctions and its cue."""
        begin, self.words_from = self.words_from, end
        if begin == end:
            return
        parts = self.slot.parts
        is_behind_comma = not parts and self.slot.before in ("comma", "semi")
        if is_behind_comma or (parts and not isinstance(parts[-1], Words)):
            opening = _OPENS_WITH_CONJUNCTION.match(self.masked, begin, end)
            if opening and (before_name or opening.end() < end):
                self.new_slot("and", opening.end())
                begin = opening.end()
        if not before_name:
            if before_sign in ("open", "comma"):
                self.cue_and_words(begin, end, is_all=before_sign == "open")
            else:
                self.put(begin, end)
            return
        if article := _ENDS_WITH_ARTICLE.search(self.masked[begin:end]):
            end = begin + article.start()
        closing = _ENDS_WITH_CONJUNCTION.search(self.masked[begin:end])
        cut = begin + closing.start() if closing else end
        if closing and cut > begin and is_short(self.masked[begin:cut]):
            self.cue_and_words(begin, cut, is_all=True)
            self.new_slot("and", self.words_from)
        elif not closing or cut > begin or self.slot.parts:
            self.cue_and_words(begin, end, is_all=True)

    def cue_and_words(self, begin: int, end: int, *, is_all: bool) -> None:
        """Take plain text, cut at its last cue; `is_all` tells that a cue may end it, as what it leads to follows."""
        for match in reversed(list(_CUE.finditer(self.masked, max(begin, end - _MAX_REST), end))):
            rest = self.masked[match.end() : end].lstrip(" ,，")
            kind = _CUE_KINDS[(match.lastindex or 1) - 1]
            # 包括引入**L1**正则化的**LASSO**回归
            is_near = is_all and kind != "are" and len(rest) <= _MAX_NOUN
            is_cue = is_all if not rest else is_short(rest) or is_near
            if kind == "are" and rest and not self.is_plain and (not is_all or rest.isascii()):
                is_cue = False  # `A is a network`
            if is_cue:
                self.put(begin, match.start())
                begin = end - len(rest)
                self.new_slot(kind, begin)
                break
        self.put(begin, end)

    def put(self, begin: int, end: int) -> None:
        if text := self.masked[begin:end].strip():
            self.slot.parts.append(Words(begin, end, text))

    def new_slot(self, before: str, begin: int) -> None:
        slot = self.slot
        if not slot.parts and before in CUES:
            slot.before, slot.begin = before, begin
        elif (
            not slot.parts
            and slot.before not in ("stop", "colon", *CUES)
            and before in ("and", "comma", "semi")
        ):
            slot.begin = begin  # `, and` is one separator
        else:
            self.stack[-1].slots.append(Slot(before, begin))

    def sign(self, match: re.Match[str]) -> None:
        kind = match.lastgroup or ""
        self.words_from = match.end()
        if kind == "open":
            if len(self.stack) < _MAX_DEPTH:
                group = Group(len(self.stack), [Slot("open", match.end())])
                self.slot.parts.append(group)
                self.stack.append(group)
        elif kind == "close":
            if len(self.stack) > 1:
                self.stack.pop()
        else:
            if kind == "stop":
                del self.stack[1:]
            self.new_slot(kind, match.end())
