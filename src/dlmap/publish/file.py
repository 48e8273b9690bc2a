"""A file of the published site, before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class OutputFile:
    """One file of the published folder."""

    path: str
    content: bytes | Path | None
    """Its bytes, or the file that holds them; None where what is published under this fingerprint is still right."""
    fingerprint: str = ""
    """A digest of its inputs or its content; empty where only the content itself can be compared."""
