"""Places in a source file."""

from __future__ import annotations

from typing import NamedTuple


class Position(NamedTuple):
    """A place in a file: `line` and `column` count from 1, columns in code points."""

    line: int
    column: int


class SourceChunk(NamedTuple):
    """A stretch of a file that is read by itself: what is read of it stays true when others change."""

    text: str
    number: int
    """The number of earlier chunks with the same text."""


class Span(NamedTuple):
    """A half-open range of code-point offsets into its chunk or, without one, into the text of the file."""

    start: int
    end: int
    passage: SourceChunk | None = None
