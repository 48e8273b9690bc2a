"""Parse TOML, and find the position of a key, which `tomllib` does not give."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from dlmap.text import Diagnostic, SourceFile, Span


def parse_toml(source: SourceFile) -> dict[str, Any] | Diagnostic:
    """The table of a TOML file, or the error that stopped the parser."""
    try:
        return tomllib.loads(source.text)
    except (ValueError, RecursionError) as error:
        return _syntax_error(source, error)


def _syntax_error(source: SourceFile, error: ValueError | RecursionError) -> Diagnostic:
    """`tomllib` puts the position into its message; values beyond Python's own limits raise other exceptions."""
    position = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    start = (
        source.line_start(int(position[1])) + int(position[2]) - 1 if position else len(source.text.rstrip())
    )
    reason = re.sub(r"\s*\(at .*\)", "", str(error).splitlines()[0])
    if isinstance(error, RecursionError):
        start, reason = 0, "arrays or tables are nested too deeply"
    elif not isinstance(error, tomllib.TOMLDecodeError):
        start, reason = 0, "a value is out of range"
    return Diagnostic(
        "DL901",
        f"TOML: {reason[:1].lower()}{reason[1:]}",
        "check quotes, brackets and commas",
        source,
        Span(start, start + len(source.text[start : start + 1].strip())),
    )


def key_span(source: SourceFile, key: str, inner: str = "") -> Span:
    """The span of a top-level key, or of the key `inner` in its table; line 1 if it cannot be located."""
    text = source.text
    first_table = re.compile(r"^[ \t]*\[", re.MULTILINE).search(text)
    top_end = first_table.start() if first_table else len(text)
    header = re.compile(rf"^[ \t]*\[+[ \t]*({_key_pattern(key)})[ \t]*[\].]", re.MULTILINE).search(text)
    start, end = (header.end(), len(text)) if header else (0, top_end)
    outer = header or _line_with(key, rf"(?:\.[ \t]*{_key_pattern(inner)}[ \t]*)?=", text, 0, top_end)
    match = outer
    if inner and header:
        match = _line_with(inner, "=", text, start, end) or outer
    elif inner and outer:
        inline = re.compile(rf"(?<![\w-])({_key_pattern(inner)})[ \t]*=")
        match = inline.search(text, outer.end(1)) or outer
    return Span(*match.span(1)) if match else source.line_span(1)


def _line_with(key: str, rest: str, text: str, start: int, end: int) -> re.Match[str] | None:
    """The first line between `start` and `end` that begins with `key`, followed by the pattern `rest`."""
    return re.compile(rf"^[ \t]*({_key_pattern(key)})[ \t]*{rest}", re.MULTILINE).search(text, start, end)


def _key_pattern(key: str) -> str:
    """A pattern for every way to write a key: bare or in quotes."""
    bare = re.escape(key)
    return rf"(?:\"{bare}\"|'{bare}'|{bare})"
