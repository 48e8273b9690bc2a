"""Addresses that open a file in an editor, at a line and a column."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote


def editor_url(template: str, file: Path, line: int | None, column: int | None) -> str:
    """The address of a place in `file`."""
    place = {"file": quote(file.as_posix(), safe="/:"), "line": str(line or 1), "column": str(column or 1)}
    for name, value in place.items():
        template = template.replace(f"{{{name}}}", value)
    return template
