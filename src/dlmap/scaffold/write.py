"""Write a new site into a folder that is not taken, and never over anything."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_MAY_BE_THERE = {".git"}


class FolderTakenError(Exception):
    """Something stands where the site should be; the message says what to do."""


def is_free(folder: Path) -> bool:
    """Whether nothing stands there, or a folder without files: one that holds a new repository will do."""
    if not folder.is_dir():
        return not (folder.exists() or folder.is_symlink())
    return {entry.name for entry in folder.iterdir()} <= _MAY_BE_THERE


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by their paths in the folder.

    Raises `FolderTakenError` before anything is written, and `OSError`.
    """
    if not is_free(folder):
        raise FolderTakenError(f"{folder} is taken, and nothing is overwritten; name a new folder")
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as opened:
            opened.write(content)
