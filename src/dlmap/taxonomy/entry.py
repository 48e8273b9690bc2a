"""An entry of a list: the name it opens with, and what stands behind the name.

`**LeNet-5** (1998): digits`, `BEGAN - [Boundary equilibrium](…)`, `[VGGNet](…)`, `SSD：多分辨率`, `Q-Learning，DQN`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from dlmap.markdown import InlineText, Mark, MarkKind
from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.facts import (
    NO_FACTS,
    Facts,
    arxiv_year,
    facts_of,
    is_link_word,
    is_title,
    states_year,
    year_in,
)
from dlmap.taxonomy.labels import strip_numbering
from dlmap.text import Span

_OPENERS = {MarkKind.BOLD: "bold", MarkKind.LINK: "link", MarkKind.CODE: "code", MarkKind.ITALIC: "italic"}
_PAIRS = {"(": ")", "（": "）", "[": "]", "【": "】"}
_DASH = re.compile(r"\s+(?:[-–—]+|->|→|=>|\|)\s+|\s*(?:——|--)\s*|\s+[–—]\s*|[–—]\s+")
_COLON = re.compile(r"\s*(?:：|:(?!//))")
_BREAKS = re.compile(r"[。！？；;!?]|\.\s")
_SPLIT = re.compile(r"\s*(?:[、]|，|,\s|\s/\s|\s\|\s)\s*")
_AND_SO_ON = re.compile(r"\s*(?:等等?|…+|\.\.\.|etc\.?)\s*$")
_YEAR_BEHIND = re.compile(r"\s*[(（\[](?P<year>[^()（）\[\]]{4,30})[)）\]]$")
_YEAR_BEFORE = re.compile(
    r"[(（\[]([^()（）\[\]]{4,40})[)）\]]\s*(?=\w)|((?:19|20)\d\d(?:[.\-/]\d{1,2})?)\s*[:：–—|-]\s+(?=\w)"
)
_SIGNS = re.compile(r"[\s:：–—|,，-]*")
_BRACKETED = re.compile(r"[\[【](?P<name>[^\[\]【】]{2,30})[\]】]\s*[:：]?\s*(?P<title>\S.{8,})")
_OPENING_QUOTES = "\"“《「'‘"
_LONGEST_GROUP = 80
_LONGEST_YEAR = 12
_STRIKE = " \t\u3000"


@dataclass(frozen=True, slots=True)
class Entry:
    """What an item, a heading or a table cell says as an entry."""

    names: tuple[str, ...] = ()
    """The names it opens with: one, or several in one item."""
    opener: str = ""
    """How the name is written: `bold link code italic bare`, or empty where nothing opens the item."""
    start: int = 0
    end: int = 0
    """Where the name stands: `text[start:end]`, with what belongs to it in parentheses."""
    text_start: int = 0
    """Where the text behind the name and its facts begins."""
    separator: str = ""
    """`colon`, `dash`, or empty."""
    gloss: str = ""
    """The text behind the separator, without links at its end."""
    facts: Facts = NO_FACTS
    span: Span = Span(0, 0)
    """The name in the source."""
    href: str = ""
    """The address behind the name, where it is a link."""
    is_whole: bool = False
    """Whether nothing stands behind the name but facts."""


def read_entry(inline: InlineText, start: int = 0) -> Entry:
    """Read the text from `start` on as an entry; without names where it cannot be one."""
    text = inline.text
    start += strip_numbering(text[start:])[0]
    start += len(text[start:]) - len(text[start:].lstrip(_STRIKE))
    if start >= len(text):
        return Entry()
    start, led = _behind_year(inline, start)
    opening = _opening(inline, start)
    name = text[opening.start : opening.end].strip()
    colon_inside = name.endswith((":", "："))
    name = name.rstrip(":： ").strip()
    year = None
    if (written := _YEAR_BEHIND.search(name)) and states_year(written["year"]):
        name, year = name[: written.start()].strip(), year_in(written["year"])
    if not name:
        return Entry()
    title = ""
    if (bracketed := bracketed_name(name)) and opening.opener != "bare":
        name, title = bracketed
    entry = _behind(inline, opening, name, colon_inside=colon_inside)
    if title:
        entry = replace(entry, facts=entry.facts.or_else(Facts(paper_title=title)))
    year = year or led
    return replace(entry, facts=Facts(year).or_else(entry.facts)) if year else entry


def bracketed_name(text: str) -> tuple[str, str] | None:
    """The name in brackets that stands in front of a title, and the title: `[Name] Title of its paper`."""
    match = _BRACKETED.fullmatch(text.strip())
    return (
        (match["name"].strip(), match["title"].strip()) if match and not states_year(match["name"]) else None
    )


def _behind_year(inline: InlineText, start: int) -> tuple[int, int | None]:
    """Where the name begins behind a year that leads the text: `(NIPS 2017) …`, `2015: …`, `**2017-06** …`."""
    text = inline.text
    for mark in inline.marks:
        if mark.start == start and mark.kind in _OPENERS and states_year(words := inline.words(mark)):
            behind = _SIGNS.match(text, mark.end)
            if behind and behind.end() < len(text):
                return behind.end(), year_in(words)
    match = _YEAR_BEFORE.match(text, start)
    said = match and next(filter(None, match.groups()))
    return (match.end(), year_in(said)) if match and said and states_year(said) else (start, None)


def _opening(inline: InlineText, start: int) -> Entry:
    """How the name is written that opens a text, and where it stands."""
    text = inline.text
    marks = [
        m for m in inline.marks if m.kind in _OPENERS and start <= m.start <= start + 1 and m.end > start
    ]
    mark = marks[0] if marks else None
    if mark is not None and mark.kind is not MarkKind.LINK and text[mark.end : mark.end + 1].isalnum():
        mark = None  # **S**型激活函数
    href = next((m.href for m in marks if m.kind is MarkKind.LINK), "")
    if mark is None or text[start : mark.start].strip(_OPENING_QUOTES):
        return Entry(opener="bare", start=start, end=_bare_end(inline, start), href=href)
    end = max(m.end for m in marks if m.start == mark.start)
    opener = "bold" if any(m.kind is MarkKind.BOLD for m in marks) else _OPENERS[mark.kind]
    return Entry(opener=opener, start=mark.start, end=end, span=mark.span, href=href)


def _bare_end(inline: InlineText, start: int) -> int:
    """Where a name without marks ends: before a separator, a parenthesis or a link."""
    text = inline.text
    stop = len(text)
    for mark in inline.marks:
        if mark.start > start and mark.kind in (MarkKind.LINK, MarkKind.IMAGE, MarkKind.BOLD):
            stop = mark.start
            break
    for pattern in (_COLON, _DASH):
        if match := pattern.search(text, start, stop):
            stop = min(stop, match.start())
    for index in range(start, stop):
        if text[index] in _PAIRS:
            stop = index
            break
    return stop


class _Tail:
    """What stands behind a name: years, other names in parentheses, links, and the separator before the text."""

    def __init__(self, inline: InlineText, at: int) -> None:
        self.inline = inline
        self.text = inline.text
        self.links = inline.of(MarkKind.LINK)
        self.at = self.name_end = at
        self.year: int | None = None
        self.groups: list[str] = []
        self.separator = ""

    def read(self) -> None:
        """Go on to where the text behind the name begins."""
        while self.at < len(self.text):
            rest = self.text[self.at :]
            self.at += len(rest) - len(rest.lstrip(_STRIKE + ","))
            if not (self.link() or self.group() or self.bare_year()):
                self.find_separator()
                return

    def link(self) -> bool:
        link = next((m for m in self.links if m.start <= self.at < m.end), None)
        if link is None or not is_link_word(self.inline.words(link)):
            return False
        self.at = link.end
        return True

    def group(self) -> bool:
        """A pair of parentheses: a year, links, or another name."""
        if self.at >= len(self.text) or self.text[self.at] not in _PAIRS:
            return False
        close = _closing(self.text, self.at)
        inner = self.text[self.at + 1 : close]
        if states_year(inner):
            self.year = self.year or year_in(inner)
        elif not _only_links(self.inline, self.at + 1, close):
            if len(inner) > _LONGEST_GROUP or _BREAKS.search(inner):
                return False
            self.groups.append(inner.strip())
            self.name_end = close + 1
        self.at = min(close + 1, len(self.text))
        return True

    def bare_year(self) -> bool:
        word = re.split(r"[:：,，;；()（）\[]", self.text[self.at :], maxsplit=1)[0]
        if not word.strip() or len(word) >= _LONGEST_YEAR or not states_year(word):
            return False
        self.year = self.year or year_in(word)
        self.at += len(word)
        return True

    def find_separator(self) -> None:
        if match := _COLON.match(self.text, self.at):
            self.separator, self.at = "colon", match.end()
        elif match := (
            _DASH.match(self.text, self.at) or _DASH.match(self.text, max(self.name_end, self.at - 1))
        ):
            self.separator, self.at = "dash", match.end()


def _behind(inline: InlineText, opening: Entry, name: str, *, colon_inside: bool) -> Entry:
    """The entry whose name is known, with what stands behind it."""
    tail = _Tail(inline, opening.end)
    if colon_inside:
        tail.separator = "colon"
    else:
        tail.read()
    gloss = _gloss(inline, tail.at)
    written = " ".join([name, *(f"({group})" for group in tail.groups)])
    return replace(
        opening,
        names=_names(written, name, tail.groups, opening.opener),
        end=tail.name_end,
        text_start=tail.at,
        separator=tail.separator,
        gloss=gloss,
        facts=_facts(inline, opening, tail),
        is_whole=not gloss,
    )


def _facts(inline: InlineText, opening: Entry, tail: _Tail) -> Facts:
    gloss = _gloss(inline, tail.at)
    year = tail.year or (_trailing_year(gloss) if tail.separator else None)
    facts = Facts(year).or_else(facts_of(inline, opening.end))
    if opening.href:
        facts = facts.or_else(_own_link(inline, opening.start, opening.end))
    if facts.year is None:
        facts = facts.or_else(Facts(next(filter(None, (arxiv_year(m.href) for m in tail.links)), None)))
    return facts


def _own_link(inline: InlineText, begin: int, end: int) -> Facts:
    """The facts in the link that the name itself is."""
    for link in inline.of(MarkKind.LINK):
        if begin <= link.start and link.end <= end:
            facts = facts_of(InlineText(inline.text, (link,), inline.span, inline.masked))
            return Facts(facts.year, "", facts.paper_url, facts.code)
    return Facts()


def _closing(text: str, at: int) -> int:
    closer = _PAIRS[text[at]]
    depth = 0
    for index in range(at, len(text)):
        if text[index] == text[at]:
            depth += 1
        elif text[index] == closer or (text[at] in "(（" and text[index] in ")）"):
            depth -= 1
            if depth == 0:
                return index
    return len(text)


def _only_links(inline: InlineText, begin: int, end: int) -> bool:
    inside = [m for m in inline.of(MarkKind.LINK) if begin <= m.start and m.end <= end]
    covered = sum(m.end - m.start for m in inside)
    return bool(inside) and 2 * covered >= len(inline.text[begin:end].strip())


def _gloss(inline: InlineText, start: int) -> str:
    """The text behind the name, without the links at its end that only say `paper` or `code`."""
    pieces: list[str] = []
    at = start
    for link in inline.of(MarkKind.LINK):
        if link.start < at:
            continue
        if is_link_word(inline.words(link)):
            pieces.append(inline.text[at : link.start])
            at = link.end
    text = "".join((*pieces, inline.text[at:]))
    text = re.sub(r"[(（\[]\s*[,，、/|]*\s*[)）\]]", "", text)
    return " ".join(text.split()).strip(" ,，;；|/-–—:：[]")


def _trailing_year(text: str) -> int | None:
    """The year at the end of a line, or behind a venue: `…, ICLR, 2022.`"""
    tail = text.strip().rstrip(".。)）]】 ")
    if match := re.search(r"(?:^|[,，.。(（\[【\s])(?P<year>(?:19[4-9]\d|20[0-4]\d))$", tail):
        return int(match["year"])
    if match := re.search(
        r"\b[A-Z][A-Za-z]*[A-Z]+[a-z]*[\s'’,]{1,2}(?P<year>(?:19[4-9]\d|20[0-4]\d))\b", text
    ):
        return int(match["year"])
    return None


def _names(written: str, name: str, groups: list[str], opener: str) -> tuple[str, ...]:
    """The names of an entry; several where separators join short ones."""
    clean = _AND_SO_ON.sub("", written)
    if groups or _SPLIT.search(name) is None:
        return (clean,)
    parts = [part.strip() for part in _SPLIT.split(_AND_SO_ON.sub("", name)) if part.strip()]
    longest = 12 if has_han(name) else 36
    if len(parts) > 1 and all(
        len(part) <= longest and (opener != "bare" or " and " not in part) for part in parts
    ):
        return tuple(parts)
    return (clean,)


def title_prefix(name: str) -> tuple[str, str]:
    """`BERT: Pre-training of …` as the name and the title; empty where no name opens a title."""
    head, colon, tail = (
        re.split(r"\s*(：|:\s)\s*", name, maxsplit=1) if re.search(r"：|:\s", name) else ("", "", "")
    )
    if colon and len(head.split()) <= 4 and is_title(name) and tail:
        return head.strip(), name
    return "", ""


def opening_mark(inline: InlineText, entry: Entry) -> Mark | None:
    """The bold span that the name is, if it is one."""
    return next((m for m in inline.of(MarkKind.BOLD) if entry.start <= m.start < entry.end), None)
