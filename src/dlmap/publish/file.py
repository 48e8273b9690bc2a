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
    """What it was made of, or what it holds, in short; empty where that has to be looked at anew each time."""
