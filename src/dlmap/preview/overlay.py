"""Diagnostics and exceptions as the overlay and the terminal of a preview show them."""

from __future__ import annotations

import linecache
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dlmap.text import Diagnostic, Severity
from dlmap.text.report import as_text
from dlmap.theme import ThemeError, place_in_template

_MAX_CONTEXT = 60
"""Characters shown on each side of the position: a paragraph is often a line of a thousand characters."""
_MAX_MARKED = 160


@dataclass(frozen=True, slots=True)
class OverlayMessage:
    """A diagnostic with an excerpt of its line: the text `before`, the `marked` span and the text `after`."""

    severity: str
    code: str
    message: str
    help: str = ""
    path: str = ""
    line: int | None = None
    column: int | None = None
    before: str = ""
    marked: str = ""
    after: str = ""


def overlay_messages(diagnostics: Iterable[Diagnostic]) -> tuple[OverlayMessage, ...]:
    """The messages for the overlay: errors first, then by file and position."""
    return tuple(_overlay_message(diagnostic) for diagnostic in _ordered(diagnostics))


def error_texts(diagnostics: Iterable[Diagnostic]) -> tuple[str, ...]:
    """The texts for the terminal, one for each error; if there are no errors, one for each warning."""
    ordered = _ordered(diagnostics)
    errors = [diagnostic for diagnostic in ordered if diagnostic.severity is Severity.ERROR]
    return tuple(as_text([diagnostic]).rstrip("\n") for diagnostic in errors or ordered)


def _ordered(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    return sorted(diagnostics, key=lambda each: (each.severity is not Severity.ERROR, each.sort_key()))


def internal_error(error: BaseException, folder: Path) -> OverlayMessage:
    """The message for an exception, with its position if it was raised in a template of the site."""
    message = f"{type(error).__name__}: {error}".rstrip(": ")
    place = place_in_template(error)
    if isinstance(error, ThemeError):
        return OverlayMessage(
            str(Severity.ERROR), "template", str(error), "correct the theme; saving it rebuilds the site"
        )
    if place is None:
        help = "this is a bug in dlmap, not in your text; the next edit rebuilds the site"
        return OverlayMessage(str(Severity.ERROR), "internal", message, help)
    file, line = place
    return OverlayMessage(
        severity=str(Severity.ERROR),
        code="template",
        message=message,
        help="correct the template; saving it rebuilds the site",
        path=file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.as_posix(),
        line=line,
        column=1,
        marked=linecache.getline(str(file), line).strip()[:_MAX_MARKED],
    )


def _overlay_message(diagnostic: Diagnostic) -> OverlayMessage:
    plain = OverlayMessage(
        severity=str(diagnostic.severity),
        code=diagnostic.code,
        message=diagnostic.message,
        help=diagnostic.help,
        path=diagnostic.file,
    )
    source, span, position = diagnostic.source, diagnostic.span, diagnostic.position
    if source is None or span is None or position is None:
        return plain
    text = source.line_text(position.line)
    start = position.column - 1
    # A span of several lines is marked up to the end of its first line.
    end = max(start, min(start + span.end - span.start, len(text)))
    return OverlayMessage(
        severity=plain.severity,
        code=plain.code,
        message=plain.message,
        help=plain.help,
        path=plain.path,
        line=position.line,
        column=position.column,
        before=_last(text[:start], _MAX_CONTEXT),
        marked=_first(text[start:end], _MAX_MARKED),
        after=_first(text[end:], _MAX_CONTEXT),
    )


def _first(text: str, count: int) -> str:
    return text if len(text) <= count else text[:count] + "…"


def _last(text: str, count: int) -> str:
    return text if len(text) <= count else "…" + text[-count:]


def printable(text: str) -> str:
    """`text` without line breaks and control characters, safe for a terminal."""
    return "".join(char if char.isprintable() else "�" for char in text)
