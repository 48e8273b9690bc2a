"""Source text with positions, and the diagnostics that point into it."""

from dlmap.text.catalogue import CATALOGUE, Code, Severity
from dlmap.text.diagnostic import Diagnostic, Problem
from dlmap.text.source import Passage, Position, SourceFile, Span, read_source

__all__ = [
    "CATALOGUE",
    "Code",
    "Diagnostic",
    "Passage",
    "Position",
    "Problem",
    "Severity",
    "SourceFile",
    "Span",
    "read_source",
]
