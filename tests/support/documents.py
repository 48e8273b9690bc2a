"""The fenced blocks of the documentation."""

from __future__ import annotations

import re
from pathlib import Path

_FENCE = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(file: Path, language: str) -> list[str]:
    """The fences of a language in a document."""
    found = _FENCE.findall(file.read_text("utf-8"))
    return [text for _, name, text in found if name == language]
