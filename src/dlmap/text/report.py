"""Diagnostics as text for people, and as JSON, GitHub annotations and SARIF for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rich.cells import cell_len

from dlmap.text.catalogue import CATALOGUE, Severity
from dlmap.text.diagnostic import Diagnostic

_MAX_LINE = 100
"""Longer source lines are shown around the place that is meant, this many cells of them."""
_GITHUB_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning"}


def as_text(diagnostics: Sequence[Diagnostic]) -> str:
    """`path:line:col: severity[CODE] message`, the source line, a caret, and what to do."""
    return "".join(f"{_one(diagnostic)}\n" for diagnostic in diagnostics)


def _one(diagnostic: Diagnostic) -> str:
    lines = [f"{_place(diagnostic)}: {diagnostic.severity}[{diagnostic.code}] {diagnostic.message}"]
    lines += _excerpt(diagnostic)
    if diagnostic.help:
        lines.append(f"  help: {diagnostic.help}")
    return "\n".join(lines)


def _place(diagnostic: Diagnostic) -> str:
    if diagnostic.position is None:
        return diagnostic.file
    line, column = diagnostic.position
    return f"{diagnostic.file}:{line}:{column}"


def _excerpt(diagnostic: Diagnostic) -> Iterator[str]:
    """The source line and a caret under the place; both are measured in terminal cells, Chinese being two wide."""
    if diagnostic.source is None or diagnostic.span is None or diagnostic.position is None:
        return
    line, column = diagnostic.position
    text = diagnostic.source.line_text(line).replace("\t", " ")
    begin = column - 1
    end = min(len(text), begin + max(1, diagnostic.span.end - diagnostic.span.start))
    first = 0
    while cell_len(text[first:begin]) > _MAX_LINE // 2:
        first += 1
    last = len(text)
    while last > end and cell_len(text[first:last]) > _MAX_LINE:
        last -= 1
    before = "…" if first else ""
    after = "…" if last < len(text) else ""
    gutter = f"{line:>5} | "
    yield f"{gutter}{before}{text[first:last]}{after}".rstrip()
    indent = cell_len(before) + cell_len(text[first:begin])
    width = max(1, min(cell_len(text[begin:end]), _MAX_LINE))
    yield f"{' ' * (len(gutter) - 2)}| {' ' * indent}{'^' * width}"


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """A list of objects, one for each diagnostic."""
    return (
        json.dumps([_object(diagnostic) for diagnostic in diagnostics], ensure_ascii=False, indent=1) + "\n"
    )


def _object(diagnostic: Diagnostic) -> dict[str, Any]:
    made: dict[str, Any] = {
        "code": diagnostic.code,
        "name": CATALOGUE[diagnostic.code].name,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "path": diagnostic.file,
    }
    if region := _region(diagnostic):
        made |= region
    return made


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
        fields = [f"file={_escaped(diagnostic.file, ',:')}"]
        if region := _region(diagnostic):
            fields += [f"line={region['line']}", f"col={region['column']}", f"endLine={region['end_line']}"]
        fields.append(f"title={diagnostic.code}")
        words = f"{diagnostic.message}. {diagnostic.help}" if diagnostic.help else diagnostic.message
        lines.append(f"::{diagnostic.severity.value} {','.join(fields)}::{_escaped(words)}\n")
    return "".join(lines)


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
        "tool": {
            "driver": {
                "name": "dlmap",
                "rules": [
                    {
                        "id": code,
                        "name": CATALOGUE[code].name,
                        "shortDescription": {"text": CATALOGUE[code].summary},
                    }
                    for code in used
                ],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(diagnostic) for diagnostic in diagnostics],
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _sarif_result(diagnostic: Diagnostic) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": diagnostic.file}}
    if region := _region(diagnostic):
        location["region"] = {
            "startLine": region["line"],
            "startColumn": region["column"],
            "endLine": region["end_line"],
            "endColumn": region["end_column"],
        }
    words = f"{diagnostic.message}. {diagnostic.help}" if diagnostic.help else diagnostic.message
    return {
        "ruleId": diagnostic.code,
        "level": _SARIF_LEVELS[diagnostic.severity],
        "message": {"text": words},
        "locations": [{"physicalLocation": location}],
    }


FORMATS: dict[str, Callable[[Sequence[Diagnostic]], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 15 warnings`."""
    counts = Counter(diagnostic.severity for diagnostic in diagnostics)
    return ", ".join(
        f"{counts[severity]} {severity.value}{'' if counts[severity] == 1 else 's'}"
        for severity in (Severity.ERROR, Severity.WARNING)
    )
