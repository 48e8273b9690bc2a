"""Parsed Markdown in the rows of a cache: tokens once, blocks as ranges of them, spans without their passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, cast

import msgspec
from markdown_it.token import Token

from dlmap.markdown.document import Block, Parsed
from dlmap.markdown.inline import InlineText, Mark, MarkKind
from dlmap.text import LocalDiagnostic, SourceChunk, Span

_Range = tuple[int, int]


class _TokenRow(msgspec.Struct, array_like=True):
    type: str
    tag: str
    nesting: int
    attrs: dict[str, str | int | float]
    map: list[int] | None
    level: int
    children: list[_TokenRow] | None
    content: str
    markup: str
    info: str
    meta: dict[str, bool | int | str | list[int | str] | None]
    block: bool
    hidden: bool


class _MarkRow(msgspec.Struct, array_like=True):
    kind: MarkKind
    start: int
    end: int
    span: _Range
    href: str
    id: str
    classes: tuple[str, ...]
    tex: str


class _InlineRow(msgspec.Struct, array_like=True):
    text: str
    marks: list[_MarkRow]
    span: _Range
    masked: str


class _BlockRow(msgspec.Struct, array_like=True):
    type: str
    size: int
    """How many tokens it has.  Those of its children are its own but the first and the last."""
    span: _Range
    children: list[_BlockRow]
    inline: _InlineRow | None
    level: int
    id: str
    classes: tuple[str, ...]


class _ProblemRow(msgspec.Struct, array_like=True):
    code: str
    message: str
    help: str
    span: _Range
    since: _Range | None


class _ParsedRow(msgspec.Struct, array_like=True):
    tokens: list[_TokenRow]
    blocks: list[_BlockRow]
    problems: list[_ProblemRow]
    is_open: bool
    defines: bool


_DECODER = msgspec.msgpack.Decoder(_ParsedRow)
_EMPTY = InlineText()


def encode_parsed(parsed: Parsed) -> bytes:
    """What the parser made of a text, as a row."""
    row = _ParsedRow(
        [_token_row(token) for block in parsed.blocks for token in block.tokens],
        [_block_row(block) for block in parsed.blocks],
        [
            _ProblemRow(each.code, each.message, each.help, each.span[:2], each.since and each.since[:2])
            for each in parsed.problems
        ],
        parsed.is_open,
        parsed.defines,
    )
    return msgspec.msgpack.encode(row)


def _token_row(token: Token) -> _TokenRow:
    children = None if token.children is None else [_token_row(child) for child in token.children]
    meta = token.meta
    if span := meta.get("span"):
        meta = {**meta, "span": span[:2]}
    return _TokenRow(
        token.type,
        token.tag,
        token.nesting,
        token.attrs,
        token.map,
        token.level,
        children,
        token.content,
        token.markup,
        token.info,
        meta,
        token.block,
        token.hidden,
    )


def _block_row(block: Block) -> _BlockRow:
    text = block.inline
    marks = [
        _MarkRow(each.kind, each.start, each.end, each.span[:2], each.href, each.id, each.classes, each.tex)
        for each in text.marks
    ]
    return _BlockRow(
        block.type,
        len(block.tokens),
        block.span[:2],
        [_block_row(child) for child in block.children],
        None if text == _EMPTY else _InlineRow(text.text, marks, text.span[:2], text.masked),
        block.level,
        block.id,
        block.classes,
    )


def decode_parsed(data: bytes, passage: SourceChunk | None) -> Parsed:
    """The parsed text again, with its spans in a passage (None: in a whole file); raises for any other bytes."""
    row = _DECODER.decode(data)
    tokens = [_token(each, passage) for each in row.tokens]
    return Parsed(
        tuple(_blocks(row.blocks, tokens, passage)),
        tuple(
            LocalDiagnostic(
                each.code,
                each.message,
                each.help,
                Span(*each.span, passage),
                each.since and Span(*each.since, passage),
            )
            for each in row.problems
        ),
        row.is_open,
        row.defines,
    )


def _token(row: _TokenRow, passage: SourceChunk | None) -> Token:
    meta: dict[Any, Any] = {
        key: tuple(value) if type(value) is list else value for key, value in row.meta.items()
    }
    if "span" in meta:
        start, end = meta["span"]
        meta["span"] = Span(start, end, passage)
    return Token(
        row.type,
        row.tag,
        cast("Any", row.nesting),
        row.attrs,
        row.map,
        row.level,
        None if row.children is None else [_token(child, passage) for child in row.children],
        row.content,
        row.markup,
        row.info,
        meta,
        row.block,
        row.hidden,
    )


def _blocks(
    rows: Sequence[_BlockRow], tokens: Sequence[Token], passage: SourceChunk | None
) -> Iterator[Block]:
    """The blocks that share out the tokens."""
    remaining = iter(tokens)
    for row in rows:
        run = tuple(islice(remaining, row.size))
        yield Block(
            row.type,
            run,
            Span(*row.span, passage),
            tuple(_blocks(row.children, run[1:-1], passage)) if row.children else (),
            _inline(row.inline, passage) if row.inline else _EMPTY,
            row.level,
            row.id,
            row.classes,
        )


def _inline(row: _InlineRow, passage: SourceChunk | None) -> InlineText:
    marks = tuple(
        Mark(
            each.kind,
            each.start,
            each.end,
            Span(*each.span, passage),
            each.href,
            each.id,
            each.classes,
            each.tex,
        )
        for each in row.marks
    )
    return InlineText(row.text, marks, Span(*row.span, passage), row.masked)
