"""Source text with positions, and the diagnostics that point into it."""

from dlmap.text.catalogue import CATALOGUE, Code, Severity
from dlmap.text.diagnostic import Diagnostic, LocalDiagnostic
from dlmap.text.source import SourceFile, joined, line_seen_from, read_source
from dlmap.text.span import Position, SourceChunk, Span

__all__ = [
    "CATALOGUE",
    "Code",
    "Diagnostic",
    "LocalDiagnostic",
    "Position",
    "Severity",
    "SourceChunk",
    "SourceFile",
    "Span",
    "joined",
    "line_seen_from",
    "read_source",
]
