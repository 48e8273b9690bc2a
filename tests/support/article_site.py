"""A blog that is built, and its diagnostics."""

from __future__ import annotations

from pathlib import Path

from dlmap import BuildResult, build
from dlmap.text import Diagnostic, Severity


def built(
    folder: Path, *, base_url: str = "", drafts: bool = False, keep_going: bool = False
) -> tuple[Path, BuildResult]:
    site = folder.parent / "published"
    result = build(folder, site, base_url=base_url, drafts=drafts, keep_going=keep_going)
    assert result.published, [(d.file, d.message) for d in result.diagnostics if d.severity is Severity.ERROR]
    return site, result


def coded(result: BuildResult, code: str) -> list[Diagnostic]:
    return [diagnostic for diagnostic in result.diagnostics if diagnostic.code == code]


def where(diagnostic: Diagnostic) -> str:
    """The text that a diagnostic points at."""
    assert diagnostic.source
    assert diagnostic.span
    return diagnostic.source.text[diagnostic.span.start : diagnostic.span.end]
