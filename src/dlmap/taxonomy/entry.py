"""An entry of a list: the name it opens with, and what stands behind the name.

`**LeNet-5** (1998): digits`, `BEGAN - [Boundary equilibrium](…)`, `[VGGNet](…)`, `SSD：多分辨率`, `Q-Learning，DQN`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from dlmap.markdown import InlineText, Mark, MarkKind
from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.facts import Facts, arxiv_year, facts_of, is_link_word, is_title, states_year, year_in
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
    facts: Facts = Facts()
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
    marks = [
        m
        for m in inline.marks
        if m.kind in _OPENERS and m.start <= start + 1 and m.end > start and m.start >= start
    ]
    mark = marks[0] if marks else None
    if mark is not None and mark.kind is not MarkKind.LINK and text[mark.end : mark.end + 1].isalnum():
        mark = None  # **S**型激活函数
    href = next((m.href for m in marks if m.kind is MarkKind.LINK), "")
    if mark is not None and text[start : mark.start].strip("\"“《「'‘") == "":
        end = max(m.end for m in marks if m.start == mark.start)
        opener = "bold" if any(m.kind is MarkKind.BOLD for m in marks) else _OPENERS[mark.kind]
        begin = mark.start
        span = mark.span
    else:
        begin, end, opener = start, _bare_end(inline, start), "bare"
        span = Span(0, 0)
    name = text[begin:end].strip()
    colon_inside = name.endswith((":", "："))
    name = name.rstrip(":： ").strip()
    year = None
    if (written := _YEAR_BEHIND.search(name)) and states_year(written["year"]):
        name, year = name[: written.start()].strip(), year_in(written["year"])
    if not name:
        return Entry()
    entry = _behind(inline, begin, end, opener, name, span, href, colon_inside=colon_inside)
    return replace(entry, facts=Facts(year).or_else(entry.facts)) if year else entry


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


def _behind(
    inline: InlineText,
    begin: int,
    end: int,
    opener: str,
    name: str,
    span: Span,
    href: str,
    *,
    colon_inside: bool,
) -> Entry:
    text = inline.text
    links = inline.of(MarkKind.LINK)
    at, year = end, None
    groups: list[str] = []
    separator = "colon" if colon_inside else ""
    name_end = end
    while at < len(text) and not colon_inside:
        rest = text[at:]
        at += len(rest) - len(rest.lstrip(_STRIKE + ","))
        if at >= len(text):
            break
        link = next((m for m in links if m.start <= at < m.end), None)
        if link is not None and is_link_word(inline.words(link)):
            at = link.end
            continue
        if text[at] in _PAIRS:
            close = _closing(text, at)
            inner = text[at + 1 : close]
            if states_year(inner):
                year = year or year_in(inner)
            elif _only_links(inline, at + 1, close):
                pass
            elif len(inner) <= 80 and not _BREAKS.search(inner):
                groups.append(inner.strip())
                name_end = close + 1
            else:
                break
            at = min(close + 1, len(text))
            continue
        if match := _COLON.match(text, at):
            separator, at = "colon", match.end()
            break
        if match := (_DASH.match(text, at) or _DASH.match(text, max(end, at - 1))):
            separator, at = "dash", match.end()
            break
        if states_year(word := re.split(r"[:：,，;；()（）\[]", text[at:], maxsplit=1)[0]) and len(word) < 12:
            year = year or year_in(word)
            at += len(word)
            continue
        break
    rest = text[at:]
    facts = Facts(year=year).or_else(facts_of(inline, end))
    if href and opener in ("link", "bold"):
        facts = facts.or_else(_own_link(inline, begin, end))
    if facts.year is None and (separator or not rest.strip()):
        facts = facts.or_else(Facts(year=_trailing_year(rest)))
    if facts.year is None:
        years = (arxiv_year(m.href) for m in links)
        facts = facts.or_else(Facts(year=next(filter(None, years), None)))
    gloss = _gloss(inline, at)
    written = " ".join([name, *(f"({group})" for group in groups)])
    return Entry(
        names=_names(written, name, groups, opener),
        opener=opener,
        start=begin,
        end=name_end,
        text_start=at,
        separator=separator,
        gloss=gloss,
        facts=facts,
        span=span,
        href=href,
        is_whole=not gloss,
    )


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
