"""Source text with positions, and the diagnostics that point into it."""

from dlmap.text.catalogue import CATALOGUE, Code, Severity
from dlmap.text.diagnostic import Diagnostic, LocalDiagnostic
from dlmap.text.source import Position, SourceChunk, SourceFile, Span, read_source

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
    "read_source",
]
