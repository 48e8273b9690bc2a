"""Diagnostics as the overlay and the terminal of a preview show them."""

from __future__ import annotations

import linecache
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dlmap.text import Diagnostic, Severity
from dlmap.text.report import as_text
from dlmap.theme import ThemeError, place_in_template

_AROUND = 60
"""A paragraph is often one line of a thousand characters: this many stay on either side of the place."""
_MARKED = 160


@dataclass(frozen=True, slots=True)
class OverlayMessage:
    """One thing to mend; `marked` is the place inside its line, `before` and `after` what surrounds it."""

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


def problems_of(diagnostics: Iterable[Diagnostic]) -> tuple[OverlayMessage, ...]:
    """For the overlay: errors first, then by file and place."""
    return tuple(_problem(each) for each in _ordered(diagnostics))


def error_texts(diagnostics: Iterable[Diagnostic]) -> tuple[str, ...]:
    """For the terminal, a text for each: the errors, or the warnings where it is they that failed the build."""
    ordered = _ordered(diagnostics)
    worst = [each for each in ordered if each.severity is Severity.ERROR] or ordered
    return tuple(as_text([each]).rstrip("\n") for each in worst)


def _ordered(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    return sorted(diagnostics, key=lambda each: (each.severity is not Severity.ERROR, each.sort_key()))


def internal_error(error: BaseException, folder: Path) -> OverlayMessage:
    """What a page may say of an exception: the fact, and the place where it arose in a template of the site."""
    message = f"{type(error).__name__}: {error}".rstrip(": ")
    place = place_in_template(error)
    if isinstance(error, ThemeError):
        return OverlayMessage(
            str(Severity.ERROR), "template", str(error), "correct the theme; saving it builds again"
        )
    if place is None:
        help = "this is a fault of the program, not of the text; an edit builds again"
        return OverlayMessage(str(Severity.ERROR), "internal", message, help)
    file, line = place
    return OverlayMessage(
        severity=str(Severity.ERROR),
        code="template",
        message=message,
        help="correct the template; saving it builds again",
        path=file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.as_posix(),
        line=line,
        column=1,
        marked=linecache.getline(str(file), line).strip()[:_MARKED],
    )


def _problem(diagnostic: Diagnostic) -> OverlayMessage:
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
    # A span over several lines is marked to the end of its first one.
    end = max(start, min(start + span.end - span.start, len(text)))
    return OverlayMessage(
        severity=plain.severity,
        code=plain.code,
        message=plain.message,
        help=plain.help,
        path=plain.path,
        line=position.line,
        column=position.column,
        before=_last(text[:start], _AROUND),
        marked=_first(text[start:end], _MARKED),
        after=_first(text[end:], _AROUND),
    )


def _first(text: str, count: int) -> str:
    return text if len(text) <= count else text[:count] + "…"


def _last(text: str, count: int) -> str:
    return text if len(text) <= count else "…" + text[-count:]


def printable(text: str) -> str:
    """`text` in one line, with nothing in it that a terminal would obey."""
    return "".join(char if char.isprintable() else "�" for char in text)
