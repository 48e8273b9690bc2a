"""A source file held in memory, and spans of it."""

from __future__ import annotations

import re
import stat
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from dlmap.text.diagnostic import Diagnostic

MAX_FILE_BYTES = 4 * 1024 * 1024
"""A longer source file is refused: a post of 4 MB is a mistake, not an outline."""


class Position(NamedTuple):
    """A place in a file: `line` and `column` count from 1, columns in code points."""

    line: int
    column: int


class Span(NamedTuple):
    """A half-open range of code-point offsets, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The text of one file, with LF line ends and no byte order mark."""

    path: str
    """As it is shown to the user: relative to the site folder, with forward slashes."""
    text: str
    _line_starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = (0, *(match.end() for match in re.finditer("\n", self.text)))
        object.__setattr__(self, "_line_starts", starts)

    def position(self, offset: int) -> Position:
        """The line and column of a code-point offset."""
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)

    def line_start(self, line: int) -> int:
        """The offset at which line `line` (from 1) begins; the end of the text for lines past it."""
        return self._line_starts[line - 1] if line <= len(self._line_starts) else len(self.text)

    def line_text(self, line: int) -> str:
        """Line `line` (from 1) without its line end."""
        return self.text[self.line_start(line) : self.line_start(line + 1)].rstrip("\n")

    def line_span(self, line: int) -> Span:
        """The span of line `line` without its indentation and its line end."""
        text = self.line_text(line)
        start = self.line_start(line)
        return Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))


def read_source(file: Path, shown_as: str) -> tuple[SourceFile | None, tuple[Diagnostic, ...]]:
    """Read a UTF-8 text file; what cannot be read is a diagnostic, never an exception."""

    def refuse(code: str, message: str, help: str) -> tuple[None, tuple[Diagnostic, ...]]:
        return None, (Diagnostic(code, message, help, path=shown_as),)

    try:
        mode = file.stat().st_mode
        if not stat.S_ISREG(mode):
            return refuse(
                "DL005", "is not a regular file", "name a text file; devices and pipes are not read"
            )
        size = file.stat().st_size
        if size > MAX_FILE_BYTES:
            return refuse(
                "DL004",
                f"is {size:,} bytes long; the limit is {MAX_FILE_BYTES:,}",
                "split the outline, or move long texts into notes",
            )
        data = file.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return refuse("DL001", f"cannot be read: {reason}", "check the path, the link and its permissions")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return refuse(
            "DL002", "is UTF-16, not UTF-8 (byte offset 0)", "convert it: iconv -f UTF-16 -t UTF-8 FILE"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return refuse(
            "DL002",
            f"is not UTF-8: byte 0x{data[error.start]:02x} at byte offset {error.start}",
            "save the file as UTF-8; if it is an old Chinese file: iconv -f GB18030 -t UTF-8 FILE",
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    source = SourceFile(shown_as, text)
    if (nul := text.find("\0")) >= 0:
        span = Span(nul, nul + 1)
        return None, (
            Diagnostic("DL003", "holds a NUL character", "remove it: this is no text file", source, span),
        )
    if not text.strip():
        return source, (
            Diagnostic(
                "DL006", "is empty", "write an outline: a `# Part`, a `## Type`, a `### Family`", source
            ),
        )
    return source, ()
