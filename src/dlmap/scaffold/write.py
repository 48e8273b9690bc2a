"""Write a new site into an empty folder, and never overwrite a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_ALLOWED_ENTRIES = {".git"}


class FolderTakenError(Exception):
    """The folder is not empty; the message says what to do."""


def is_free(folder: Path) -> bool:
    """Whether the folder is missing, empty, or contains only a new repository."""
    if not folder.is_dir():
        return not (folder.exists() or folder.is_symlink())
    return {entry.name for entry in folder.iterdir()} <= _ALLOWED_ENTRIES


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by their paths in the folder.

    Raises `FolderTakenError` before anything is written, and `OSError`.
    """
    if not is_free(folder):
        raise FolderTakenError(f"{folder} is not empty; choose a new or empty folder")
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as opened:
            opened.write(content)
