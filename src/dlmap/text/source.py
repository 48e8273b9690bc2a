"""A source file held in memory."""

from __future__ import annotations

import re
import stat
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import accumulate
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from dlmap.text.diagnostic import Diagnostic
from dlmap.text.span import Position, SourceChunk, Span

# HTML and XML cannot contain these; some programs treat three of them as white space.
_NO_TEXT = dict.fromkeys((*range(1, 9), *range(0x0E, 0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF), "\ufffd")
_NO_TEXT |= dict.fromkeys((0x0B, 0x0C, 0x85), " ")
CONTROL_CHARACTER = re.compile(f"[{''.join(map(re.escape, map(chr, _NO_TEXT)))}]")
"""A character that no page can contain."""

MAX_FILE_BYTES = 4 * 1024 * 1024
"""Longer source files are refused: a post of 4 MB is a mistake."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The text of one file, with LF line ends and no byte order mark."""

    path: str
    """The path to show: relative to the site folder, with forward slashes."""
    text: str
    passages: Mapping[SourceChunk, int] = field(default_factory=dict, repr=False, compare=False)
    """The offset of each chunk, in files that are read in chunks."""
    parts: tuple[FilePart, ...] = field(default=(), repr=False)
    """The files that the text is joined from, in order; empty for the text of one file."""
    _starts: tuple[int, ...] = field(default=(), init=False, repr=False, compare=False)

    @property
    def _line_starts(self) -> tuple[int, ...]:
        # Computed on demand: a preview reads a long file after each edit, and rarely needs its lines.
        if not self._starts:
            ends = accumulate(len(line) + 1 for line in self.text.split("\n"))
            object.__setattr__(self, "_starts", (0, *ends)[:-1])
        return self._starts

    @property
    def digest(self) -> str:
        """A hash of the text."""
        return blake2b(self.text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of the files that the text comes from."""
        return tuple(part.file.path for part in self.parts) or (self.path,)

    def position(self, offset: int) -> Position:
        """The line and column of a code-point offset."""
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)

    def origin(self, span: Span) -> tuple[SourceFile, Span]:
        """The file that a span stands in, and the span with offsets from the start of that file."""
        start, end, _ = self.whole(span)
        if not self.parts:
            return self, Span(start, end)
        begin, file = self.parts[bisect_right(self.parts, start, key=itemgetter(0)) - 1]
        length = len(file.text)
        return file, Span(min(start - begin, length), min(end - begin, length))

    def place(self, span: Span) -> tuple[str, int]:
        """The path of the file in which a span begins, and its line there, from 1."""
        file, local = self.origin(span)
        return file.path, file.line_of(local)

    def line_seen_from(self, other: Span, span: Span) -> str:
        """Where a span begins, for a message about another one: `line 3`, or `line 3 of` another file."""
        return line_seen_from(self.place(other), self.place(span))

    def whole(self, span: Span) -> Span:
        """The same span with offsets from the start of the text."""
        if span.passage is None:
            return span
        begin = self.passages[span.passage]
        return Span(begin + span.start, begin + span.end)

    def written(self, span: Span) -> str:
        """The text of a span."""
        start, end, passage = span
        return (self if passage is None else passage).text[start:end]

    def line_of(self, span: Span) -> int:
        """The line of this text in which a span begins, from 1."""
        begin = 0 if span.passage is None else self.passages[span.passage]
        return bisect_right(self._line_starts, begin + span.start)

    def line_start(self, line: int) -> int:
        """The offset at which line `line` (from 1) begins; the end of the text for lines past it."""
        return self._line_starts[line - 1] if line <= len(self._line_starts) else len(self.text)

    def line_text(self, line: int) -> str:
        """Line `line` (from 1) without its line end."""
        return self.text[self.line_start(line) : self.line_start(line + 1)].rstrip("\n")

    def line_span(self, line: int) -> Span:
        """The span of line `line` without indentation and line end; empty for a blank line."""
        text = self.line_text(line).rstrip()
        start = self.line_start(line)
        return Span(start + len(text) - len(text.lstrip()), start + len(text))


def line_seen_from(place: tuple[str, int], here: tuple[str, int]) -> str:
    """A (path, line) for a message about the place `here`: `line 3`, or `line 3 of` another file."""
    path, line = place
    return f"line {line}" if path == here[0] else f"line {line} of {path}"


class FilePart(NamedTuple):
    """A file among those that a text is joined from."""

    begin: int
    """The offset at which its text begins."""
    file: SourceFile


def joined(first: SourceFile, others: Iterable[SourceFile]) -> SourceFile:
    """One text of several files, each of which begins after an empty line; places lead back to the files."""
    pieces, parts, length = [first.text], [FilePart(0, first)], len(first.text)
    for file in others:
        before = pieces[-1]
        gap = "\n" * max(0, 2 - (len(before) - len(before.rstrip("\n")))) if length else ""
        length += len(gap)
        parts.append(FilePart(length, file))
        pieces += (gap, file.text)
        length += len(file.text)
    return SourceFile(first.path, "".join(pieces), parts=tuple(parts))


def read_source(file: Path, shown_as: str) -> tuple[SourceFile | None, tuple[Diagnostic, ...]]:
    """Read a UTF-8 text file; an unreadable file is a diagnostic and never an exception."""
    try:
        text = _decoded(_bytes_of(file))
    except _UnreadableError as error:
        return None, (Diagnostic(error.code, error.message, error.help, path=shown_as),)
    source = SourceFile(shown_as, text.replace("\r\n", "\n").replace("\r", "\n"))
    if control := CONTROL_CHARACTER.search(source.text):
        source = SourceFile(shown_as, source.text.translate(_NO_TEXT))
    if (nul := source.text.find("\0")) >= 0:
        return None, (
            Diagnostic(
                "DL003",
                "holds a NUL character",
                "remove it; if it is not a text file, remove the file",
                source,
                Span(nul, nul + 1),
            ),
        )
    if not source.text.strip():
        return source, (
            Diagnostic(
                "DL006",
                "is empty",
                "write its text (an outline begins with a heading, `# Part`), or remove the file",
                source,
                Span(0, 0),
            ),
        )
    if control:
        return source, (
            Diagnostic(
                "DL009",
                f"holds control characters, the first of them U+{ord(control[0]):04X}",
                "remove them; until then pages show a replacement character",
                source,
                Span(*control.span()),
            ),
        )
    return source, ()


class _UnreadableError(Exception):
    """Why a file gives no text, as the parts of a diagnostic."""

    def __init__(self, code: str, message: str, help: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help


def _bytes_of(file: Path) -> bytes:
    try:
        state = file.stat()
        # Check before opening: opening a pipe blocks until it has a writer.
        if not stat.S_ISREG(state.st_mode):
            raise _UnreadableError(
                "DL005", "is not a regular file", "name a text file; folders, devices and pipes are not read"
            )
        if state.st_size > MAX_FILE_BYTES:
            raise _UnreadableError(
                "DL004",
                f"is {state.st_size:,} bytes long; the limit is {MAX_FILE_BYTES:,}",
                "split the outline, or move long texts into notes",
            )
        return file.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _UnreadableError(
            "DL001", f"cannot be read: {reason}", "check the path, the link and its permissions"
        ) from None


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _UnreadableError(
            "DL002", "is UTF-16, not UTF-8 (byte offset 0)", "convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The `utf-8-sig` decoder counts from after the byte order mark.
        offset = error.start + len(data) - len(error.object)
        raise _UnreadableError(
            "DL002",
            f"is not UTF-8: byte 0x{data[offset]:02x} at byte offset {offset}",
            _encoding_help(data),
        ) from None


def _encoding_help(data: bytes) -> str:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "save the file as UTF-8"
    return "save the file as UTF-8; it may be GBK, then convert it: iconv -f GB18030 -t UTF-8 FILE > NEW"
