"""Cut a running text into slots, what stands between two separators, and join sibling slots into runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

_SIGN = re.compile(
    r"(?P<stop>[。！？!?]|(?<!e\.g)(?<!i\.e)(?<!etc)(?<!vs)(?<!et al)\.(?=\s+[A-Z“\"(]|\s*$))|(?P<colon>(?<!\d)[:：]|[:：](?!\d))|"
    r"(?P<open>[(（])|(?P<close>[)）])|(?P<semi>[;；])|(?P<comma>[,，、→]|->|/)"
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
    "such as": r"比如|例如|譬如|诸如|(?<![假正犹宛形])如(?![何果图下此前上式表同今若])|(?<![图头好])像(?!素)|"
    r"such\s+as|e\.\s?g\.|for\s+example|for\s+instance|namely|\blike\b",
    "including": r"包括|包含|涵盖|including|\bincludes?\b|comprises?|consists?\s+of",
    "are": r"(?<![具没所带含拥只固稀原享])有(?![效限关界监向序些助益利点])|分别是|(?<![而但还于])是|(?<![因作成分称])为(?![了止])|"
    r"\b(?:are|is|were|was)\b",
}
_CUE = re.compile("|".join(f"(?P<c{n}>{pattern})" for n, pattern in enumerate(CUES.values())), re.IGNORECASE)
VERB = re.compile(
    r"是|为了|将|把|被|(?<![正规法准原])则|其|先(?!验)|再(?![参生缩])|使用|采用|利用|通过|引入|提出|进行|可以|能够|"
    r"从而|使得|用于|增加|新增|添加|补充|\b(?:is|are|was|were|uses?|by|with|which|that|to|in|on|for|has|have|can)\b",
    re.IGNORECASE,
)
_MAX_PLAIN = 16
"""How many characters a plain member, or the plain words beside a bold one, may have."""
_MAX_NOUN = 8
"""How many characters a noun may have that completes the name before it."""
_MAX_PLAIN_WORDS = 4


NAMES_AGAIN = re.compile(
    r"(?:(?:又|也|亦|或|别|简|全|原|旧|统|俗)(?:被)?(?:称|名|叫)(?:为|做|作|之为)?|即|a\.?k\.?a\.?|also\s+known\s+as|"
    r"also\s+called|i\.e\.,?|short\s+for)",
    re.IGNORECASE,
)
"""What says that another name follows: `**LDM**（即**Stable Diffusion**）`."""
_MODIFIES = re.compile(r"(?:基于|结合|针对|面向|借助|利用|引入|使用|采用|带有|based\s+on|using)$", re.IGNORECASE)
_OF = re.compile(r"[^的]{0,8}的")


class Role(StrEnum):
    """What a bold span is in its slot."""

    BARE = "bare"
    """`**A**`, `**A**(an explanation)`, `**A**变换`."""
    COMPLETED = "completed"
    """`批归一化**BN**`: behind plain words of its own."""
    ABBREVIATION = "abbreviation"
    """`细节保留池化(**DPP**)`: in parentheses behind a plain name."""
    SUBJECT = "subject"
    """`**A** does something`: with a clause behind it."""
    INSIDE = "inside"
    """Within a clause."""
    LATER = "later"
    """Behind another span of the same slot."""
    GLOSS = "gloss"
    """`**A**(**B**)`: alone in parentheses behind another span."""
    MODIFIER = "modifier"
    """`基于**A**的**B**`, `引入**A**正则化的岭回归`: it only says more of the name behind it."""
    GROUP = "group"
    """`(**A**)**B**, **C**`: it names the group of what follows."""


@dataclass(slots=True)
class Slot:
    """What stands between two separators of one depth."""

    before: str
    """What opens it: `start`, `stop`, `colon`, `semi`, `comma`, `and`, `open`, or a key of `CUES`."""
    begin: int
    parts: list[Words | int | Group] = field(default_factory=list)
    after: str = "end"
    end: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text in a slot."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Group:
    """Slots of one depth: the text itself, or what stands in parentheses."""

    depth: int
    slots: list[Slot] = field(default_factory=list)


@dataclass(slots=True)
class Site:
    """One bold span in its surroundings."""

    index: int
    role: Role
    slot: Slot
    group: Group
    lead: str = ""
    """The plain words right before it in its slot."""
    at: int = -1
    """Which part of its slot it is, or stands in."""
    tail: str = ""
    """The plain words right behind it in its slot."""
    opener: str = ""
    """For one in parentheses, the plain words before them."""
    opener_index: int = -1
    """For one in parentheses, the span right before them."""
    is_alone: bool = False
    """Whether its parentheses hold nothing else."""
    run: Run = field(default_factory=lambda: Run())


@dataclass(slots=True)
class Run:
    """Sibling slots: one enumeration."""

    slots: list[Slot] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    plain: list[Words] = field(default_factory=list)
    """Its plain members: `最大池化`."""
    chain: Run | None = None
    """The run before it in the same sentence, when only a clause stands between."""

    @property
    def size(self) -> int:
        """How many members it has, plain ones too."""
        return len(self.sites) + len(self.plain)

    @property
    def cue(self) -> str:
        """What opens it."""
        return self.slots[0].before if self.slots else ""


def is_short(words: str, limit: int = _MAX_PLAIN) -> bool:
    """Whether words can stand beside a name, or be one: few, and no clause."""
    text = words.strip()
    if len(text) > (4 * limit if text.isascii() else limit) or len(text.split()) > _MAX_PLAIN_WORDS:
        return False
    return VERB.search(text) is None


def is_noun_behind(words: str) -> bool:
    """Whether words may complete the name before them: `**Xavier**初始化`."""
    return is_short(words, _MAX_NOUN)


def find_sites(masked: str, start: int, spans: Sequence[tuple[int, int]]) -> list[Site]:
    """Each span of `masked[start:]`, with its slot and its run, in order."""
    return _Sites(_parse(masked, start, spans)).sites()


# Cutting


class _Parser:
    def __init__(self, masked: str, start: int) -> None:
        self.masked = masked
        self.top = Group(0, [Slot("start", start)])
        self.stack = [self.top]
        self.words_from = start

    @property
    def slot(self) -> Slot:
        return self.stack[-1].slots[-1]

    def words(self, end: int, *, before_name: bool) -> None:
        """Take the plain text up to `end` into the current slot, cut at its conjunctions and its cue."""
        begin, self.words_from = self.words_from, end
        parts = self.slot.parts
        if parts and not isinstance(parts[-1], Words) and (
            match := _OPENS_WITH_CONJUNCTION.match(self.masked, begin, end)
        ):
            if before_name or match.end() < end:
                self.new_slot("and", match.start(), match.end())
                begin = match.end()
        tail = end
        if before_name:
            if match := _ENDS_WITH_ARTICLE.search(self.masked[begin:end]):
                tail = begin + match.start()
            text = self.masked[begin:tail]
            if (match := _ENDS_WITH_CONJUNCTION.search(text)) and match.start() > 0:
                if is_short(text[: match.start()]):
                    self.cue_and_words(begin, begin + match.start(), before_name=True)
                    self.new_slot("and", begin + match.start(), end)
                    return
            elif match and not self.slot.parts:
                begin = tail = end
        self.cue_and_words(begin, tail, before_name=before_name)

    def cue_and_words(self, begin: int, end: int, *, before_name: bool) -> None:
        text = self.masked[begin:end]
        for match in reversed(list(_CUE.finditer(text))):
            rest = text[match.end() :].lstrip(" ,，")
            if not is_short(rest) or (not before_name and not rest):
                continue
            kind = list(CUES)[int(match.lastgroup[1:])]  # type: ignore[index]
            if kind == "are" and rest and (not before_name or rest.isascii()):
                continue
            self.put(begin, begin + match.start())
            self.new_slot(kind, begin + match.start(), end - len(rest))
            begin = end - len(rest)
            break
        self.put(begin, end)

    def put(self, begin: int, end: int) -> None:
        text = self.masked[begin:end].strip()
        if text:
            self.slot.parts.append(Words(begin, end, text))

    def new_slot(self, before: str, at: int, begin: int) -> None:
        slot = self.slot
        if not slot.parts and slot.before in ("comma", "semi", "and", "start", "open") and before in ("and", "comma", "semi"):
            slot.begin = begin  # `, and`: one separator
            return
        if not slot.parts and before in CUES:
            slot.before, slot.begin = before, begin
            return
        slot.after, slot.end = before, at
        self.stack[-1].slots.append(Slot(before, begin))

    def sign(self, match: re.Match[str]) -> None:
        kind = match.lastgroup or ""
        at, self.words_from = match.span()
        if kind == "open":
            group = Group(len(self.stack), [Slot("open", match.end())])
            self.slot.parts.append(group)
            self.stack.append(group)
        elif kind == "close":
            if len(self.stack) > 1:
                self.slot.after, self.slot.end = "close", at
                self.stack.pop()
        else:
            if kind == "stop":
                while len(self.stack) > 1:
                    self.slot.after, self.slot.end = "close", at
                    self.stack.pop()
            self.new_slot(kind, at, match.end())


def _parse(masked: str, start: int, spans: Sequence[tuple[int, int]]) -> Group:
    parser = _Parser(masked, start)
    signs = _SIGN.finditer(masked, start)
    sign = next(signs, None)
    for index, (begin, end) in enumerate((*spans, (len(masked), len(masked)))):
        while sign is not None and sign.start() < begin:
            parser.words(sign.start(), before_name=False)
            parser.sign(sign)
            sign = next(signs, None)
        parser.words(begin, before_name=index < len(spans))
        if index == len(spans):
            break
        words = masked[begin:end].strip()
        opened = words[0] in "(（" and words[-1] in ")）"
        if opened:  # 主坐标分析**(PCoA)**
            group = Group(len(parser.stack), [Slot("open", begin, [index], "close", end)])
            parser.slot.parts.append(group)
        else:
            parser.slot.parts.append(index)
        parser.words_from = end
        while sign is not None and sign.start() < end:
            sign = next(signs, None)
    parser.slot.end = len(masked)
    return parser.top


# Joining


class _Sites:
    def __init__(self, top: Group) -> None:
        self.all: list[Site] = []
        self.group(top, "", -1)

    def sites(self) -> list[Site]:
        return sorted(self.all, key=lambda site: site.index)

    def group(self, group: Group, opener: str, opener_index: int) -> None:
        run: Run | None = None
        previous: Slot | None = None
        last: Run | None = None
        for slot in group.slots:
            sites = self.slot(slot, group)
            for site in sites:
                site.opener, site.opener_index = opener, opener_index
                site.is_alone = group.depth > 0 and len(group.slots) == 1 and len(slot.parts) == 1
            first = next((site for site in sites if site.role not in _ASIDE), None)
            plain = _plain(slot) if first is None else None
            joins = (
                run is not None
                and previous is not None
                and slot.before in ("comma", "semi", "and")
                and _is_open_end(previous)
                and (plain is not None or (first is not None and first.role in _JOINING))
            )
            if not joins:
                if run is not None and run.sites:
                    last = run
                if slot.before in ("stop", "colon", "start", "open"):
                    last = None
                run = Run(chain=last)
            assert run is not None
            run.slots.append(slot)
            if plain is not None:
                run.plain.append(plain)
            for site in sites:
                if site.role is Role.LATER:
                    site.run = Run([slot], [site], chain=run)
                else:
                    site.run = run
                    if site.role not in _ASIDE:
                        run.sites.append(site)
            previous = slot

    def slot(self, slot: Slot, group: Group) -> list[Site]:
        """The sites of a slot; what stands in its parentheses is read too."""
        sites: list[Site] = []
        parts = slot.parts
        for at, part in enumerate(parts):
            before, behind = parts[at - 1] if at else None, parts[at + 1] if at + 1 < len(parts) else None
            lead = before.text if isinstance(before, Words) else ""
            tail = behind.text if isinstance(behind, Words) else ""
            if isinstance(part, int):
                sites.append(Site(part, self.role(parts, at, sites, slot), slot, group, lead, at, tail))
            elif isinstance(part, Group):
                self.parentheses(part, parts, at, slot, group, sites)
        self.all += sites
        return sites

    def role(self, parts: list[Words | int | Group], at: int, sites: list[Site], slot: Slot) -> Role:
        if any(site.role in _HEADS for site in sites):
            return Role.LATER
        lead = "".join(part.text for part in parts[sites[-1].at + 1 if sites else 0 : at] if isinstance(part, Words))
        behind = parts[at + 1] if at + 1 < len(parts) else None
        if isinstance(behind, Words) and _MODIFIES.search(lead) and _OF.match(behind.text):
            return Role.MODIFIER
        tail = " ".join(part.text for part in parts[at + 1 :] if isinstance(part, Words))
        is_last = not any(isinstance(part, int) for part in parts[at + 1 :])
        if lead:
            return Role.COMPLETED if is_short(lead) and is_noun_behind(tail) and is_last else Role.INSIDE
        return Role.BARE if is_noun_behind(tail) and is_last else Role.SUBJECT

    def parentheses(
        self, inner: Group, parts: list[Words | int | Group], at: int, slot: Slot, group: Group, sites: list[Site]
    ) -> None:
        before = parts[at - 1] if at else None
        names = [part for s in inner.slots for part in s.parts if isinstance(part, int)]
        behind = parts[at + 1 :]
        if at == 0 and len(names) == 1 and any(isinstance(part, int) for part in behind):
            if not isinstance(behind[0], Words) or is_short(behind[0].text):
                words = "".join(p.text for s in inner.slots for p in s.parts if isinstance(p, Words))
                if len(words) <= 12:
                    sites.append(Site(names[0], Role.GROUP, slot, group, at=at))
                    return
        is_single = (
            len(inner.slots) == 1
            and len(names) == 1
            and len(inner.slots[0].parts) == 1
            and inner.slots[0].before == "open"
        )
        if is_single and isinstance(before, Words) and not any(site.slot is slot for site in sites):
            role = Role.ABBREVIATION if is_short(before.text) else Role.INSIDE
            tail = behind[0].text if behind and isinstance(behind[0], Words) else ""
            if tail and not is_short(tail):
                role = Role.INSIDE
            if any(isinstance(part, int) for part in behind):
                role = Role.MODIFIER if tail and is_short(tail) else Role.INSIDE
            sites.append(Site(names[0], role, slot, group, before.text, at, tail, before.text, -1, is_alone=True))
            return
        opener = before.text if isinstance(before, Words) else ""
        opener_index = before if isinstance(before, int) else -1
        if opener_index < 0 and opener and at > 1 and isinstance(parts[at - 2], int) and is_short(opener):
            opener_index = parts[at - 2]  # type: ignore[assignment]
        already = len(self.all)
        self.group(inner, opener, opener_index)
        if isinstance(before, int):
            for site in self.all[already:]:
                if site.is_alone or (len(names) == 1 and NAMES_AGAIN.fullmatch(site.lead) and not site.tail):
                    site.role = Role.GLOSS


_HEADS = (Role.BARE, Role.COMPLETED, Role.SUBJECT, Role.INSIDE, Role.LATER, Role.ABBREVIATION)
_ASIDE = (Role.GROUP, Role.GLOSS, Role.MODIFIER)
_JOINING = (Role.BARE, Role.COMPLETED, Role.ABBREVIATION, Role.SUBJECT)


def _plain(slot: Slot) -> Words | None:
    """The plain member that a slot is."""
    if slot.parts and isinstance(slot.parts[0], Words) and is_short(slot.parts[0].text):
        names = any(isinstance(part, int) for part in slot.parts)
        return None if names else slot.parts[0]
    return None


def _is_open_end(slot: Slot) -> bool:
    """Whether the next slot can be a sibling of this one."""
    last = slot.parts[-1] if slot.parts else None
    if last is None or not isinstance(last, Words):
        return True
    return is_noun_behind(last.text) if len(slot.parts) > 1 else is_short(last.text)


def walk_slots(group: Group) -> Iterator[Slot]:
    """Every slot, those in parentheses too."""
    for slot in group.slots:
        yield slot
        for part in slot.parts:
            if isinstance(part, Group):
                yield from walk_slots(part)
