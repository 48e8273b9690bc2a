"""Entries as named methods: of lists, of tables, of paragraphs that open with a title in bold, of headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it.token import Token

from dlmap.markdown import Block, InlineText, Mark, MarkKind
from dlmap.markdown.cjk import has_han
from dlmap.markdown.inline import visible_length
from dlmap.taxonomy.entry import Entry, read_entry, title_prefix
from dlmap.taxonomy.facts import (
    NO_FACTS,
    Facts,
    facts_of,
    field_name,
    is_link_word,
    states_year,
    with_field,
    year_in,
)
from dlmap.taxonomy.html_tables import html_rows
from dlmap.taxonomy.labels import Label, split_gloss, strip_numbering
from dlmap.taxonomy.members import NamedMethod
from dlmap.taxonomy.name_shape import name_shape
from dlmap.taxonomy.names import expand_series
from dlmap.text import Span

_NAME_HEAD = re.compile(
    r"\W*(?:names?|models?|methods?|algorithms?|networks?|architectures?|approach(?:es)?|techniques?|名称|名字|模型|方法|算法|网络|架构|"
    r"模型名称|方法名称|算法名称)(?:\s*name)?\W*",
    re.IGNORECASE,
)
_YEAR_HEAD = re.compile(
    r"\W*(?:years?|dates?|time|released?|release\s+date|published|年份|年|时间|日期|发布时间|发表时间)\W*",
    re.IGNORECASE,
)
_TITLE_HEAD = re.compile(r"\W*(?:papers?|titles?|publications?|论文|标题|题目|论文标题)\W*", re.IGNORECASE)
_ALT_HEAD = re.compile(
    r"\W*(?:abbr\w*|acronyms?|full\s*names?|long\s*names?|简称|缩写|全称|英文名?|中文名?)\W*", re.IGNORECASE
)
_GLOSS_HEAD = re.compile(
    r"\W*(?:descriptions?|notes?|summary|remarks?|key\s*ideas?|ideas?|contributions?|说明|描述|简介|特点|备注|要点|核心思想|主要贡献)\W*",
    re.IGNORECASE,
)
_SLASH = re.compile(r"(?P<first>[A-Z][\w-]{3,})/(?P<second>[A-Z][\w-]{3,})")
_ASIDE = re.compile(
    r"(?:e\.?g|i\.?e|such as|like|for|with|using|see|from|in|a|an|the|no|not|and|or)\b|如|例如|见|含",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“](?P<title>[^\"“”]{12,200})[\"”]")
_MAX_OTHERS = 2
_TITLE_WORDS = 4
_CELL_FROM = 0.2
_QUOTES = " \t\"'“”‘’«»《》「」`*_~,，;；.。:："
_KEEP_DOT = re.compile(r"\w\.\w*$")


def members_of_entry(entry: Entry, sentence: str, span: Span, facts: Facts) -> Iterator[NamedMethod]:
    """The methods that an entry names."""
    names = [part for name in entry.names for part in _split(name)]
    for name in names:
        prefix, title = title_prefix(name)
        label = _without_asides(split_gloss(_clean(prefix or name)))
        if not label.text or not any(char.isalpha() for char in label.text):
            continue
        title = title or _title_of(entry, label.text)
        own = facts.or_else(Facts(paper_title=title)) if title else facts
        series, members = expand_series(label.text)
        expansion = next((alt for alt in (label.gloss, *label.alt) if _spells_out(alt, label.text)), "")
        for each in members:
            alone = len(members) == 1
            yield NamedMethod(
                name=each,
                alt=tuple(alt for alt in (label.gloss, *label.alt) if alt) if alone else (),
                series=series,
                kind="method",
                span=span,
                sentence=sentence,
                written="" if alone and len(names) == 1 else label.text,
                facts=own if len(names) == 1 else Facts(own.year),
                gloss=entry.gloss if len(names) == 1 else "",
                expansion=expansion,
                is_entry=True,
            )


def _title_of(entry: Entry, name: str) -> str:
    """The title that a name and the words behind its colon are: `U-Net: Convolutional Networks for …`."""
    if quoted := _QUOTED.match(entry.gloss):
        return quoted["title"].strip(" ,.")
    words = entry.gloss.split()
    large = sum(word[0].isupper() for word in words)
    if entry.separator != "colon" or len(words) < _TITLE_WORDS or 2 * large <= len(words):
        return ""
    return f"{name}: {entry.gloss}" if entry.facts.paper_url else ""


def _without_asides(label: Label) -> Label:
    """The label without what in parentheses is no other name: examples, lists."""
    others = [other for other in (label.gloss, *label.alt) if other]
    if len(others) > _MAX_OTHERS or any(_ASIDE.match(other) for other in others):
        return Label(label.text)
    return label


def _split(name: str) -> tuple[str, ...]:
    """`XGBoost/LightGBM` names two, `CenterNet2` one."""
    match = _SLASH.fullmatch(name.strip())
    return (match["first"], match["second"]) if match else (name,)


def _clean(name: str) -> str:
    text = name.strip()
    text = text[strip_numbering(text)[0] :]
    return text.strip(_QUOTES if not _KEEP_DOT.search(text) else _QUOTES.replace(".", ""))


def _spells_out(phrase: str, name: str) -> bool:
    """Whether a name is an abbreviation of the phrase."""
    letters = [char.casefold() for char in name if char.isalnum()]
    initials = [word[0].casefold() for word in re.findall(r"[A-Za-z0-9]+", phrase)]
    return (
        len(initials) > 1
        and len(phrase) > len(name)
        and letters[:1] == initials[:1]
        and set(letters) <= set(phrase.casefold())
    )


# The name as a link: in bold, so that it leads to the page of its method


def emphasised(paragraph: Block, entry: Entry, span: Span) -> Block:
    """The paragraph with the bare name of its entry in bold."""
    inline = paragraph.inline
    opener, token, closer = paragraph.tokens
    start, end = entry.start, entry.start + len(inline.text[entry.start : entry.end].rstrip())
    children = _wrapped(token.children or [], start, end)
    if children is None:
        return paragraph
    mark = Mark(MarkKind.BOLD, start, end, span)
    marks = tuple(sorted((*inline.marks, mark), key=lambda each: each.start))
    text = InlineText(inline.text, marks, inline.span, inline.masked)
    return replace(paragraph, tokens=(opener, token.copy(children=children), closer), inline=text)


def _wrapped(children: Sequence[Token], start: int, end: int) -> list[Token] | None:
    """Inline tokens with those from `start` to `end` in bold; None where that would cut a mark."""
    made: list[Token] = []
    at = depth = 0
    opened = closed = False
    for token in children:
        length = visible_length(token)
        if token.nesting:
            if opened and not closed:
                return None
            depth += token.nesting
            made.append(token)
            continue
        first, last = max(start - at, 0), min(end - at, length)
        inside = length and first < last
        if not inside:
            made.append(token)
        elif depth or (token.type != "text" and (first > 0 or last < length)):
            return None
        else:
            pieces = [
                (token.content[:first], False),
                (token.content[first:last], True),
                (token.content[last:], False),
            ]
            for content, is_name in pieces if token.type == "text" else [("", True)]:
                if is_name and not opened:
                    made.append(Token("strong_open", "strong", 1, markup="**", meta={"at": token.meta["at"]}))
                    opened = True
                if content or (is_name and token.type != "text"):
                    made.append(token.copy(content=content) if token.type == "text" else token)
                if is_name and at + last >= end and not closed:
                    made.append(
                        Token("strong_close", "strong", -1, markup="**", meta={"at": token.meta["at"]})
                    )
                    closed = True
        at += length
    return made if opened and closed else None


# Tables


def table_entries(table: Block) -> Iterator[NamedMethod]:
    """The methods of a table that has a column of names."""
    rows = list(_rows(table) if table.type == "table" else html_rows(table))
    if len(rows) < 2:
        return
    head = [cell.inline.text.strip() for cell in rows[0]]
    column = _name_column(head, rows[1:])
    if column is None:
        return
    for row in rows[1:]:
        if column < len(row) and row[column].inline.text.strip():
            yield from _row_members(head, row, column)


def _row_members(head: list[str], row: list[Block], column: int) -> Iterator[NamedMethod]:
    """The methods that one row of a table names in its column of names."""
    inline = row[column].inline
    entry = read_entry(inline)
    if not entry.names or name_shape(entry.names[0]).score < _CELL_FROM:
        return
    facts, alt = entry.facts, []
    for index, (title, cell) in enumerate(zip(head, row, strict=False)):
        text = " ".join(cell.inline.text.split())
        if index == column or not text:
            continue
        facts = facts.or_else(facts_of(cell.inline))
        if _YEAR_HEAD.fullmatch(title):
            facts = replace(facts, year=year_in(text) or facts.year)
        elif _ALT_HEAD.fullmatch(title):
            alt.append(text)
        elif _GLOSS_HEAD.fullmatch(title):
            entry = replace(entry, gloss=entry.gloss or text)
    sentence = " | ".join(" ".join(cell.inline.text.split()) for cell in row if cell.inline.text.strip())
    span = entry.span if entry.span.end else inline.span
    for member in members_of_entry(entry, sentence, span, facts):
        yield replace(member, alt=tuple(dict.fromkeys((*member.alt, *alt))))


def _rows(table: Block) -> Iterator[list[Block]]:
    cells: list[Block] = []
    for block in table.walk():
        if block.type == "tr" and cells:
            yield cells
            cells = []
        elif block.type == "inline":
            cells.append(block)
    if cells:
        yield cells


def _name_column(head: list[str], rows: list[list[Block]]) -> int | None:
    named = [index for index, title in enumerate(head) if title and _NAME_HEAD.fullmatch(title)]
    if not named:
        titles = (index for index, title in enumerate(head) if title and _TITLE_HEAD.fullmatch(title))
        return next((index for index in titles if _hold_names(rows, index)), None)
    return (
        max(named, key=lambda index: _likeness(rows, index))
        if _likeness(rows, named[0]) >= 0.4 or len(named) > 1
        else None
    )


def _hold_names(rows: list[list[Block]], column: int) -> bool:
    """Whether most titles of a column open with a name: `WaveFoo: a model of …`."""
    cells = [row[column].inline.text.strip() for row in rows if column < len(row)]
    named = [
        prefix for cell in cells if (prefix := title_prefix(cell)[0]) and name_shape(prefix).score >= 0.5
    ]
    return len(named) > 1 and 2 * len(named) >= len(cells)


def _likeness(rows: list[list[Block]], column: int) -> float:
    names = [
        entry.names[0]
        for row in rows
        if column < len(row) and (entry := read_entry(row[column].inline)).names
    ]
    return sum(name_shape(name).score for name in names) / len(names) if names else 0.0


# Paragraphs that open with a title in bold


def titled_paragraph(paragraph: Block) -> tuple[Entry, Facts] | None:
    """The entry that a paragraph is: `**DiffX: a fast sampler**`, then authors, venue and links."""
    inline = paragraph.inline
    opening = next(iter(inline.of(MarkKind.BOLD)), None)
    if paragraph.type != "paragraph" or opening is None or inline.text[: opening.start].strip(" [("):
        return None
    links = [
        link for link in inline.of(MarkKind.LINK) if link.start >= opening.end or link.start <= opening.start
    ]
    facts = facts_of(inline)
    if not facts.paper_url and not any(is_link_word(inline.words(link)) for link in links):
        return None
    rest = inline.text[opening.end :]
    if has_han(rest) and len(rest) > 200:
        return None
    words = inline.words(opening).strip(_QUOTES)
    prefix, title = title_prefix(words)
    name = prefix or words
    if name_shape(name).score < 0.5 or (not prefix and len(name.split()) > 5):
        return None
    facts = Facts(_venue_year(rest)).or_else(facts).or_else(Facts(paper_title=title))
    return Entry((name,), "bold", opening.start, opening.end, span=opening.span), facts


def _venue_year(text: str) -> int | None:
    """The first year of the lines under a title."""
    match = re.search(r"(?<!\d)(?:19[4-9]\d|20[0-4]\d)(?!\d|\.\d)", text)
    return int(match.group()) if match else None


# Lists of fields


def field_facts(blocks: Sequence[Block], facts: Facts = NO_FACTS) -> Facts:
    """The facts in the lists, fields and links of some blocks."""
    for block in blocks:
        for inner in block.walk():
            text = inner.inline.text
            if not text.strip():
                continue
            label = re.match(r"\s*(?P<name>[^:：]{1,40})[:：]", text)
            name = field_name(label["name"]) if label else ""
            if name and label:
                facts = with_field(facts, name, inner.inline, label.end())
            else:
                facts = facts.or_else(facts_of(inner.inline))
                if states_year(text.strip()):
                    facts = facts.or_else(Facts(year_in(text)))
    return facts
