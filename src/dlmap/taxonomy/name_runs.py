"""Join the slots of a text into runs: which bold spans are siblings, and which stand beside another one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from dlmap.taxonomy.name_slots import Group, Slot, Words, cut_slots, is_noun_behind, is_short

NAMES_AGAIN = re.compile(
    r"(?:(?:又|也|亦|或|别|简|全|原|旧|统|俗)(?:被)?(?:称|名|叫)(?:为|做|作|之为)?|即|a\.?k\.?a\.?|also\s+known\s+as|"
    r"also\s+called|i\.e\.,?|short\s+for)",
    re.IGNORECASE,
)
"""What says that another name follows: `**LDM**（即**Stable Diffusion**）`."""
_MODIFIES = re.compile(
    r"(?:基于|结合|针对|面向|借助|利用|引入|使用|采用|带有|based\s+on|using)$", re.IGNORECASE
)
_OF = re.compile(r"[^的]{0,8}的")
_SEPARATORS = ("comma", "semi", "and")
_MAX_GROUP_LABEL = 12


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


ASIDE = (Role.GROUP, Role.GLOSS, Role.MODIFIER)
"""The roles that no method has."""
_HEADS = (Role.BARE, Role.COMPLETED, Role.SUBJECT, Role.INSIDE, Role.LATER, Role.ABBREVIATION)
_JOINING = (Role.BARE, Role.COMPLETED, Role.ABBREVIATION, Role.SUBJECT)


@dataclass(slots=True)
class Run:
    """Sibling slots: one enumeration."""

    cue: str = ""
    """What opens it: `Slot.before` of its first slot."""
    origin: str = ""
    """Where it opens a further clause of an enumeration, what opened that."""
    begin: int = 0
    sites: list[Site] = field(default_factory=list)
    plain: list[Words] = field(default_factory=list)
    """Its plain members: `最大池化`."""

    @property
    def size(self) -> int:
        """How many members it has, plain ones too."""
        return len(self.sites) + len(self.plain)


@dataclass(slots=True)
class Site:
    """One bold span in its surroundings."""

    index: int
    role: Role
    slot: Slot
    at: int
    """Which part of its slot it is, or stands in."""
    lead: str = ""
    """The plain words right before it in its slot."""
    tail: str = ""
    """The plain words right behind it in its slot."""
    opener: str = ""
    """For one in parentheses, the plain words before them."""
    opener_index: int = -1
    """For one in parentheses, the span right before them."""
    is_alone: bool = False
    """Whether its parentheses hold nothing else."""
    run: Run = field(default_factory=Run)


def find_sites(masked: str, start: int, spans: Sequence[tuple[int, int]]) -> list[Site]:
    """Each span of `masked[start:]`, with its slot and its run, in order."""
    finder = _Finder()
    finder.group(cut_slots(masked, start, spans), "", -1)
    return sorted(finder.sites, key=lambda site: site.index)


def find_plain_runs(masked: str, start: int, end: int) -> list[Run]:
    """The runs of plain members alone in `masked[start:end]`."""
    finder = _Finder()
    finder.group(cut_slots(masked[:end], start, (), is_whole=True), "", -1)
    return [run for run in finder.runs if len(run.plain) > 1 and not run.sites]


class _Finder:
    def __init__(self) -> None:
        self.sites: list[Site] = []
        self.runs: list[Run] = []

    def group(self, group: Group, opener: str, opener_index: int) -> None:
        """Read the slots of one depth from left to right."""
        run, is_open, origin = Run(), False, ""
        for slot in group.slots:
            sites = [] if all(isinstance(part, Words) for part in slot.parts) else self.slot(slot)
            for site in sites:
                if site.role is not Role.ABBREVIATION:
                    site.opener, site.opener_index = opener, opener_index
                    site.is_alone = group.depth > 0 and len(group.slots) == 1 and len(slot.parts) == 1
            first = next((site for site in sites if site.role not in ASIDE), None)
            plain = _plain(slot) if first is None else None
            can_join = plain is not None or (first is not None and first.role in _JOINING)
            if not (is_open and can_join and slot.before in _SEPARATORS):
                if run.sites:
                    origin = run.origin or run.cue
                if slot.before in ("stop", "colon", "start", "open"):
                    origin = ""
                run = Run(slot.before, origin if slot.before in _SEPARATORS else "", slot.begin)
                self.runs.append(run)
            if plain is not None and not any(
                isinstance(part, Group) and _names_in(part) for part in slot.parts
            ):
                run.plain.append(plain)  # 动态卷积(**A**, **B**) only heads its members
            _add(run, sites)
            is_open = _is_open_end(slot)

    def slot(self, slot: Slot) -> list[Site]:
        """The sites of a slot itself; what stands in its parentheses is noted as well."""
        sites: list[Site] = []
        for at, part in enumerate(slot.parts):
            if isinstance(part, int):
                lead, tail = _words_at(slot, at - 1), _words_at(slot, at + 1)
                if sites and sites[-1].role is Role.MODIFIER and lead.endswith("的"):
                    lead = ""
                sites.append(Site(part, _role(slot, at, sites), slot, at, lead, tail))
            elif isinstance(part, Group):
                site = _group_label(slot, at, part) or (None if sites else _abbreviation(slot, at, part))
                if site is None:
                    self.parentheses(slot, at, part)
                else:
                    sites.append(site)
        self.sites += sites
        return sites

    def parentheses(self, slot: Slot, at: int, inner: Group) -> None:
        """Read what stands in parentheses: members of their own, or a further name of the span before them."""
        before = slot.parts[at - 1] if at else None
        opener = _words_at(slot, at - 1)
        opener_index = before if isinstance(before, int) else -1
        further = slot.parts[at - 2] if at > 1 else None
        if opener and isinstance(further, int) and is_short(opener):
            opener_index = further  # **A**系列(**B**, **C**)
        already = len(self.sites)
        self.group(inner, opener, opener_index)
        found = self.sites[already:]
        if isinstance(before, int) and len(found) == 1:
            site = found[0]
            if site.is_alone or (NAMES_AGAIN.fullmatch(site.lead) and not site.tail):
                site.role = Role.GLOSS


def _add(run: Run, sites: Sequence[Site]) -> None:
    """Add the sites of a slot to a run; one behind another of its slot is a run of its own."""
    for site in sites:
        site.run = run
        if site.role is Role.LATER:
            site.run = Run(run.cue, run.origin, run.begin, [site])
        elif site.role not in ASIDE:
            run.sites.append(site)


def _words_at(slot: Slot, at: int) -> str:
    """The plain words that are a part of a slot; empty for anything else."""
    part = slot.parts[at] if 0 <= at < len(slot.parts) else None
    return part.text if isinstance(part, Words) else ""


def _role(slot: Slot, at: int, sites: Sequence[Site]) -> Role:
    if any(site.role in _HEADS for site in sites):
        return Role.LATER
    begin = sites[-1].at + 1 if sites else 0
    lead = "".join(part.text for part in slot.parts[begin:at] if isinstance(part, Words))
    if _MODIFIES.search(lead) and _OF.match(_words_at(slot, at + 1)):
        return Role.MODIFIER
    behind = slot.parts[at + 1 :]
    tail = " ".join(part.text for part in behind if isinstance(part, Words))
    is_name = is_noun_behind(tail) and not any(isinstance(part, int) for part in behind)
    if lead and not (sites and sites[-1].role is Role.MODIFIER and lead.endswith("的")):
        return Role.COMPLETED if is_short(lead) and is_name else Role.INSIDE
    return Role.BARE if is_name else Role.SUBJECT


def _names_in(group: Group) -> list[int]:
    return [part for slot in group.slots for part in slot.parts if isinstance(part, int)]


def _group_label(slot: Slot, at: int, inner: Group) -> Site | None:
    """`(**并联**)**scSE**, **BAM**`: the span in parentheses names the group behind it."""
    names = _names_in(inner)
    if at or len(names) != 1 or not any(isinstance(part, int) for part in slot.parts[1:]):
        return None
    words = "".join(part.text for each in inner.slots for part in each.parts if isinstance(part, Words))
    is_label = len(words) <= _MAX_GROUP_LABEL and is_short(_words_at(slot, 1))
    return Site(names[0], Role.GROUP, slot, at) if is_label else None


def _abbreviation(slot: Slot, at: int, inner: Group) -> Site | None:
    """`细节保留池化(**DPP**)`: the span in parentheses abbreviates the plain words before them."""
    lead, tail = _words_at(slot, at - 1), _words_at(slot, at + 1)
    only = inner.slots[0]
    if not lead or len(inner.slots) > 1 or only.before != "open" or len(only.parts) != 1:
        return None
    if not isinstance(only.parts[0], int):
        return None
    role = Role.ABBREVIATION if is_short(lead) and is_noun_behind(tail) else Role.INSIDE
    if any(isinstance(part, int) for part in slot.parts[at + 1 :]):
        # 聚类(**Clustering**)方法**Core-Set**
        role = Role.MODIFIER if tail and is_short(tail) else Role.INSIDE
    return Site(only.parts[0], role, slot, at, lead, tail, lead, is_alone=True)


def _plain(slot: Slot) -> Words | None:
    """The plain member that a slot is."""
    first = slot.parts[0] if slot.parts else None
    if isinstance(first, Words) and is_short(first.text):
        return None if any(isinstance(part, int) for part in slot.parts) else first
    return None


def _is_open_end(slot: Slot) -> bool:
    """Whether the next slot can be a sibling of this one."""
    last = slot.parts[-1] if slot.parts else None
    if not isinstance(last, Words):
        return True
    return is_noun_behind(last.text) if len(slot.parts) > 1 else is_short(last.text)
