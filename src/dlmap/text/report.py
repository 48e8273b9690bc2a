"""Diagnostics as text for people, and as JSON, GitHub annotations and SARIF for programs."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.cells import cell_len

from dlmap.text.catalogue import CATALOGUE, Severity
from dlmap.text.count import count
from dlmap.text.diagnostic import Diagnostic

_MAX_CELLS = 100
"""Longer source lines are cut to this many terminal cells around the position."""
_GITHUB_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning"}


def as_text(diagnostics: Sequence[Diagnostic]) -> str:
    """`path:line:column: severity[CODE] message`, the source line, a caret, and what to do."""
    return "".join(f"{_one(diagnostic)}\n" for diagnostic in diagnostics)


def _one(diagnostic: Diagnostic) -> str:
    head = f"{_place(diagnostic)}{diagnostic.severity}[{diagnostic.code}] {diagnostic.message}"
    lines = [_visible(head), *_excerpt(diagnostic)]
    if diagnostic.help:
        lines.append(_visible(f"  help: {diagnostic.help}"))
    return "\n".join(lines)


def _place(diagnostic: Diagnostic) -> str:
    if diagnostic.position is None:
        return f"{diagnostic.file}: " if diagnostic.file else ""
    line, column = diagnostic.position
    return f"{diagnostic.file}:{line}:{column}: "


def _excerpt(diagnostic: Diagnostic) -> Iterator[str]:
    """The source line with a caret below; widths are in terminal cells, two for a Chinese character."""
    if diagnostic.source is None or diagnostic.span is None or diagnostic.position is None:
        return
    line, column = diagnostic.position
    text = diagnostic.source.line_text(line)
    begin = column - 1
    end = min(len(text), begin + max(1, diagnostic.span.end - diagnostic.span.start))
    # Half of the width is for the text after the position; the rest is for the text before it.
    ahead = text[begin : begin + _fitting(text[begin : begin + _MAX_CELLS], _MAX_CELLS // 2)]
    behind = _MAX_CELLS - cell_len(_visible(ahead))
    first = begin - _fitting(reversed(text[max(0, begin - behind) : begin]), behind)
    room = _MAX_CELLS - cell_len(_visible(text[first:begin]))
    last = begin + _fitting(text[begin : begin + room], room)
    # Keep combining characters with their base character.
    while last < len(text) and unicodedata.combining(text[last]):
        last += 1
    before = "…" if first else ""
    after = "…" if last < len(text) else ""
    gutter = f"{line:>5} | "
    yield f"{gutter}{before}{_visible(text[first:last])}{after}".rstrip()
    indent = cell_len(before) + cell_len(_visible(text[first:begin]))
    width = max(1, cell_len(_visible(text[begin : min(end, last)])))
    yield f"{' ' * (len(gutter) - 2)}| {' ' * indent}{'^' * width}"


def _fitting(chars: Iterable[str], cells: int) -> int:
    """How many of `chars` fit into `cells`."""
    number = 0
    for char in chars:
        cells -= cell_len(_visible(char))
        if cells < 0:
            break
        number += 1
    return number


def _visible(text: str) -> str:
    """`text` without characters that move the cursor, change colours or change the text direction."""
    return text if text.isprintable() else "".join(map(_visible_char, text))


def _visible_char(char: str) -> str:
    if char == "\t":
        return " "
    # Joiners are kept: they combine characters into one.
    if char.isprintable() or char == "\u200d" or unicodedata.category(char) == "Zs":
        return char
    return "\N{REPLACEMENT CHARACTER}"


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """A list of objects, one for each diagnostic."""
    return (
        json.dumps([_object(diagnostic) for diagnostic in diagnostics], ensure_ascii=False, indent=1) + "\n"
    )


def _object(diagnostic: Diagnostic) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "code": diagnostic.code,
        "name": CATALOGUE[diagnostic.code].name,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "path": diagnostic.file,
    }
    if region := _region(diagnostic):
        fields |= region
    return fields


def _region(diagnostic: Diagnostic) -> dict[str, int]:
    if diagnostic.source is None or diagnostic.span is None:
        return {}
    start = diagnostic.source.position(diagnostic.span.start)
    end = diagnostic.source.position(max(diagnostic.span.start, diagnostic.span.end))
    return {"line": start.line, "column": start.column, "end_line": end.line, "end_column": end.column}


def as_github(diagnostics: Sequence[Diagnostic]) -> str:
    """GitHub's workflow commands: annotations on the lines of a pull request."""
    lines = []
    for diagnostic in diagnostics:
        fields = [f"file={_escaped(diagnostic.file, ',:')}"] if diagnostic.file else []
        if region := _region(diagnostic):
            fields += [f"line={region['line']}", f"endLine={region['end_line']}", f"col={region['column']}"]
            if region["line"] == region["end_line"]:  # GitHub's columns are those of one line
                fields.append(f"endColumn={region['end_column']}")
        fields.append(f"title={diagnostic.code} {CATALOGUE[diagnostic.code].name}")
        lines.append(f"::{diagnostic.severity.value} {','.join(fields)}::{_escaped(_words(diagnostic))}\n")
    return "".join(lines)


def _words(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.message}. {diagnostic.help}" if diagnostic.help else diagnostic.message


def _escaped(text: str, more: str = "") -> str:
    for char, code in _GITHUB_ESCAPES.items():
        text = text.replace(char, code)
    for char in more:
        text = text.replace(char, f"%{ord(char):02X}")
    return text


def as_sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """SARIF 2.1.0, for code scanning services."""
    used = sorted({diagnostic.code for diagnostic in diagnostics})
    run = {
        "tool": {"driver": {"name": "dlmap", "rules": [_sarif_rule(code) for code in used]}},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(diagnostic) for diagnostic in diagnostics],
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _sarif_rule(code: str) -> dict[str, Any]:
    kind = CATALOGUE[code]
    return {
        "id": code,
        "name": kind.name,
        "shortDescription": {"text": kind.summary},
        "defaultConfiguration": {"level": _SARIF_LEVELS[kind.severity]},
    }


def _sarif_result(diagnostic: Diagnostic) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "level": _SARIF_LEVELS[diagnostic.severity],
        "message": {"text": _words(diagnostic)},
    }
    if diagnostic.file:
        place: dict[str, Any] = {"artifactLocation": {"uri": quote(diagnostic.file)}}
        if region := _region(diagnostic):
            place["region"] = {
                "startLine": region["line"],
                "startColumn": region["column"],
                "endLine": region["end_line"],
                "endColumn": region["end_column"],
            }
        result["locations"] = [{"physicalLocation": place}]
    return result


FORMATS: dict[str, Callable[[Sequence[Diagnostic]], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}


def with_folder(diagnostics: Iterable[Diagnostic], folder: Path) -> list[Diagnostic]:
    """The diagnostics with paths that start with `folder`, the location of the site."""
    return [_with_folder(diagnostic, folder) if diagnostic.file else diagnostic for diagnostic in diagnostics]


def _with_folder(diagnostic: Diagnostic, folder: Path) -> Diagnostic:
    path = (folder / diagnostic.file).as_posix()
    source = replace(diagnostic.source, path=path) if diagnostic.source else None
    return replace(diagnostic, source=source, path=path)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 15 warnings`."""
    counts = Counter(diagnostic.severity for diagnostic in diagnostics)
    return ", ".join(
        count(counts[severity], severity.value) for severity in (Severity.ERROR, Severity.WARNING)
    )


def count_errors(diagnostics: Iterable[Diagnostic]) -> int:
    """The number of errors among the diagnostics."""
    return sum(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
