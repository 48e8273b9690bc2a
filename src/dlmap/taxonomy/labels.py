"""Labels: numbering off, the Chinese name and its English gloss apart (rules D2 and D3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dlmap.markdown.cjk import has_han, is_han
from dlmap.markdown.inline import InlineText, MarkKind
from dlmap.taxonomy.facts import is_link_word, states_year, year_in
from dlmap.taxonomy.names import INVISIBLE

_BULLETS = "⚪⭐⚫●○◯◎•·■□▪▫◆◇★☆▲△▶►◉\ufe0f"
# Emoji around a name are decoration, as bullets are; ♯ is not: it ends names of notes and languages.
_EMOJI = r"[\U0001F000-\U0001FAFF\u2600-\u266C\u2670-\u27BF\u2B00-\u2BFF][\u200D\uFE0E\uFE0F\u20E3]*"
_EMOJI_BEHIND = re.compile(rf"(?<=[\w)）])(?:\s*{_EMOJI})+\s*$")
_NUMBERING = re.compile(
    r"\s*(?P<bullet>[" + _BULLETS + r"])"
    rf"|\s*(?P<emoji>{_EMOJI}|:[a-z_]{{2,30}}:)(?=.*\w)"
    r"|\s*(?P<number>[(（]\s*[0-9一二三四五六七八九十IVXivx]{0,3}\s*[)）]"
    r"|(?:\d+\.)+\d+(?=\s)|\d+(?:\.\d+)*[.、．)）](?!\d)"
    r"|第[0-9一二三四五六七八九十]+[章节部分篇]{1,2}(?=[\s:：])[:：]?|[一二三四五六七八九十]+[、.．]|[①-⑳]|[0-9]\ufe0f?\u20e3"
    r"|[(（]\s*[A-Za-z]\s*[)）](?=\s)|[A-Za-z][.、．)](?=\s*[\u4e00-\u9fff])|[A-Za-z][.)](?=\s+[A-Z])"
    r"|(?:[IVX]{2,6}|[ivx]{2,6})[.、．)](?=\s)|\[\d{1,3}\](?=\s)|\d{1,2}(?:\.\d{1,2})*(?=\s+[\u4e00-\u9fff])"
    r"|(?:[Cc]hapter|[Pp]art|[Ss]ection|[Ll]ecture|[Ww]eek|[Ss]tage|[Pp]hase|[Mm]odule|[Uu]nit|[Ll]esson)\s+"
    r"(?:\d+(?:\.\d+)*|[IVX]+)\s*[:：.、\-–—](?=\s*\w))"
)
_YEAR_BEHIND = re.compile(r"\s*[(（\[](?P<year>[^()（）\[\]]{4,40})[)）\]]\s*$")
_AROUND_BADGES = " \t,，|/·"
_AROUND_NUMBER = " \t()（）.、．:：第章节部分篇\ufe0f\u20e3"
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&/+\-]*s?")
_LATIN_TAIL = re.compile(
    r"(?P<base>.*?\S)(?:\s*(?P<bar>[|｜])\s*|\s+[/／\-–—]\s+|\s+)(?P<gloss>[A-Za-z][A-Za-z0-9 '’&/+\-]*)"
)
_PARTS = re.compile(r"\s*[,，;；、]\s*")
_LAST_OF_LIST = re.compile(r"[,，]\s*(?:and|or)\s")
_LOWER_WORD = re.compile(r"[a-z]{2,}(?!\w)")
_SPACE_IN_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_ONE_WORD = re.compile(r"[a-z][a-z0-9]*|[A-Za-z]*[A-Z][a-z]*[A-Z0-9]\w*")
"""What stands in parentheses amid a name and is no part of it: `Encoder+decoder (seq2seq) models`."""
_IN_BRACKETS = re.compile(r"\[[^\[\]]+\]|【[^【】]+】")
_FULL_STOP = re.compile(r"(?<=[a-z]{2})\.$")
_OPENERS, _CLOSERS = "(（", ")）"
# Parentheses of a formula enclose no gloss: they wait under letters of private use while a label is split.
_HIDDEN = str.maketrans("()（）", "\ue000\ue001\ue002\ue003")
_SHOWN = str.maketrans("\ue000\ue001\ue002\ue003", "()（）")


@dataclass(frozen=True, slots=True)
class Label:
    """The names that a heading or a bullet gives to its concept."""

    text: str
    """In the language of the outline, without gloss and number."""
    gloss: str = ""
    """The name in the other language, in parentheses or behind it."""
    alt: tuple[str, ...] = ()
    """Abbreviations and further names."""
    number: str | None = None
    """The numbering that was taken off; empty for `()`; None without any."""
    bullet: bool = False
    formulas: tuple[str, ...] = ()
    """TeX of the formulas behind the name: shown with it, but no part of it."""
    year: int | None = None
    """The year behind the name."""


def strip_numbering(text: str) -> tuple[int, str | None, bool]:
    """How much numbering begins `text`, its number (None without one), and whether a bullet was in it."""
    at, number, bullet = 0, None, False
    while match := _NUMBERING.match(text, at):
        if match["bullet"]:
            bullet = True
        elif match["number"]:
            number = match["number"].strip(_AROUND_NUMBER)
        at = match.end()
    return at, number, bullet


def parse_label(inline: InlineText, start: int = 0, end: int | None = None) -> Label:
    """Read the label that stands in `inline.text[start:end]`."""
    stop = len(inline.text) if end is None else end
    offset, number, bullet = strip_numbering(inline.text[start:stop])
    start += offset
    start, stop = _without_badges(inline, start, stop)
    if decorated := _EMOJI_BEHIND.search(inline.text[start:stop]):
        stop = start + decorated.start()
    year = None
    if (behind := _YEAR_BEHIND.search(inline.text, start, stop)) and states_year(behind["year"]):
        year, stop = year_in(behind["year"]), behind.start()
        start, stop = _without_badges(inline, start, stop)
    stop, formulas = _without_trailing_formulas(inline, start, stop)
    label = split_gloss(_formulas_hidden(inline, start, stop), bold_tail=_ends_bold(inline, start, stop))
    text, gloss, *alt = (name.translate(_SHOWN) for name in (label.text, label.gloss, *label.alt))
    return Label(text, gloss, tuple(alt), number, bullet, formulas, year)


def _without_badges(inline: InlineText, start: int, stop: int) -> tuple[int, int]:
    """Where a label stands without pictures and links such as `[paper]` at its ends."""
    drop = [
        mark
        for mark in inline.marks
        if mark.kind is MarkKind.IMAGE or (mark.kind is MarkKind.LINK and is_link_word(inline.words(mark)))
    ]
    begin, end = start, stop
    for mark in reversed(drop):
        if begin <= mark.start and mark.end <= end and not inline.text[mark.end : end].strip(_AROUND_BADGES):
            end = mark.start
    for mark in drop:
        if begin <= mark.start and mark.end <= end and not inline.text[begin : mark.start].strip():
            begin = mark.end
    text = inline.text[begin:end].rstrip(" \t")
    end = begin + len(text.rstrip(_AROUND_BADGES) if end < stop else text)
    return (begin, end) if inline.text[begin:end].strip() else (start, stop)


def _formulas_hidden(inline: InlineText, start: int, stop: int) -> str:
    """`inline.text[start:stop]`, the parentheses of its formulas hidden."""
    pieces: list[str] = []
    at = start
    for mark in inline.of(MarkKind.MATH):
        if at <= mark.start and mark.end <= stop:
            pieces += (inline.text[at : mark.start], inline.text[mark.start : mark.end].translate(_HIDDEN))
            at = mark.end
    return "".join((*pieces, inline.text[at:stop]))


def _without_trailing_formulas(inline: InlineText, start: int, stop: int) -> tuple[int, tuple[str, ...]]:
    """`后验分布$q(z|x)$`: the formula behind a Chinese label is shown, but is no part of the name."""
    formulas: list[str] = []
    for mark in reversed(inline.of(MarkKind.MATH)):
        if mark.end > stop:
            continue
        behind = inline.text[mark.end : stop].strip()
        before = inline.text[start : mark.start].rstrip()
        if mark.start > start and not behind and before and is_han(before[-1]):
            stop = mark.start
            formulas.insert(0, mark.tex)
    return stop, tuple(formulas)


def _ends_bold(inline: InlineText, start: int, stop: int) -> bool:
    tail = len(inline.text[:stop].rstrip())
    return any(start < mark.start < tail == mark.end for mark in inline.of(MarkKind.BOLD))


def split_gloss(text: str, *, bold_tail: bool = False) -> Label:
    """Split `中文 (English)` in all the ways authors write it."""
    base, groups = _take_groups(INVISIBLE.sub("", text).strip())
    other = [group for group in groups if _is_gloss(group, base)]
    for group in reversed(groups):
        if group not in other:
            base = f"{base[: group.at]}{group.raw}{base[group.at :]}"
    gloss, alt = "", []
    if tail := _latin_tail(base, is_gloss=bold_tail or bool(other), is_name=bold_tail):
        base, gloss = tail
    for part in (part for group in other for part in _names_in(group.words, base) if part):
        if not gloss and not _ACRONYM.fullmatch(part):
            gloss = part
        elif part not in alt and part != gloss:
            alt.append(part)
    base = _SPACE_IN_CHINESE.sub("", re.sub(r"\s+", " ", base)).strip(" \t:：。")
    base = base[1:-1].strip() if _IN_BRACKETS.fullmatch(base) else base
    base = _FULL_STOP.sub("", base)
    return Label(base, gloss, tuple(alt))


def _names_in(gloss: str, base: str) -> list[str]:
    """The names in a gloss; `人脸检测, 识别与验证 (Face Detection, Recognition, and Verification)` is one."""
    parts = _PARTS.split(gloss)
    is_list = _PARTS.search(base) or _LAST_OF_LIST.search(gloss)
    if is_list and not any(map(_ACRONYM.fullmatch, parts[1:])):
        return [gloss]
    return parts


def _latin_tail(base: str, *, is_gloss: bool, is_name: bool) -> tuple[str, str] | None:
    """`概率语言建模 Language Modeling`: the Chinese label, and the gloss behind it.

    A single word may as well belong to the label, unless something else says that it `is_gloss`; and so may an
    acronym, unless it `is_name`.
    """
    match = _LATIN_TAIL.fullmatch(base)
    if match is None or not has_han(match["base"]):
        return None
    tail = match["gloss"].strip()
    if (is_gloss or match["bar"] or re.search(r"[ \-]", tail)) and (is_name or not _ACRONYM.fullmatch(tail)):
        return match["base"], tail
    return None


@dataclass(frozen=True, slots=True)
class _Group:
    at: int
    """Where it stood in the text without groups."""
    raw: str
    words: str


def _take_groups(text: str) -> tuple[str, list[_Group]]:
    base: list[str] = []
    groups: list[_Group] = []
    depth, begin = 0, 0
    for index, char in enumerate(text):
        if char in _OPENERS:
            if depth == 0:
                begin = index
            depth += 1
        elif char in _CLOSERS and depth:
            depth -= 1
            if depth == 0:
                raw = text[begin : index + 1]
                groups.append(_Group(len("".join(base)), raw, raw[1:-1].strip()))
        elif depth == 0:
            base.append(char)
    if depth:
        return text, []
    return "".join(base), groups


def _is_gloss(group: _Group, base: str) -> bool:
    """A group is a gloss when it is in the other script, or spells out a Latin label."""
    if not any(char.isalpha() for char in group.words):
        return False
    if has_han(base):
        return not has_han(group.words)
    if has_han(group.words):
        return True
    return group.at >= len(base.rstrip()) or bool(_ONE_WORD.fullmatch(group.words))


def opening_pair(label: str, text: str) -> Label | None:
    """The gloss that a concept's text opens with: `**生成模型**(**generative model**)是指…`."""
    match = re.match(
        re.escape(label) + r"\s*[(（]\s*(?P<gloss>[^()（）]*[A-Za-z][^()（）]*)[)）]", text.lstrip()
    )
    return split_gloss(f"{label}({match['gloss']})") if match else None


def upper_first(text: str) -> str:
    """`generative model` as a title: only the first letter changes, so that names keep theirs."""
    return text[:1].upper() + text[1:] if _LOWER_WORD.match(text) else text
