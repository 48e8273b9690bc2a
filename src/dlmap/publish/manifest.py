"""The manifest of a published folder: each file as the file system knows it, and the fingerprint of its inputs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from dlmap.cache.files import FileStamp


class Manifest:
    """The files of a folder, and the fingerprints of those that are still what was published."""

    def __init__(self, folder: Path, record: Path) -> None:
        self.stamps = survey(folder)
        recorded = _read(record)
        self.fingerprints: Mapping[str, str] = {
            path: recorded[path][0]
            for path, stamp in self.stamps.items()
            if path in recorded and recorded[path][1] == stamp
        }


def survey(folder: Path) -> dict[str, FileStamp]:
    """Every plain file of a folder by its path in it."""
    return dict(_walk(str(folder), "")) if folder.is_dir() else {}


def _walk(folder: str, prefix: str) -> Iterator[tuple[str, FileStamp]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{prefix}{entry.name}/")
            elif entry.is_file(follow_symlinks=False):
                # On Windows the entry itself knows no inode.
                status = os.stat(entry.path, follow_symlinks=False)  # noqa: PTH116 - thousands of them
                yield prefix + entry.name, FileStamp.of_published(status)


def record(fingerprints: Mapping[str, str], stamps: Mapping[str, FileStamp], file: Path) -> None:
    """Write the fingerprint and the stamp of each file, for the next build."""
    rows = {path: (mark, stamps[path]) for path, mark in fingerprints.items() if mark and path in stamps}
    new = file.with_suffix(".new")
    new.write_text(json.dumps(rows, ensure_ascii=True, separators=(",", ":")), "ascii")
    new.replace(file)


def _read(file: Path) -> Mapping[str, tuple[str, FileStamp]]:
    """The record; whatever is wrong with it, it only seems to hold less."""
    try:
        rows = json.loads(file.read_bytes()) if file.is_file() else {}
        return {path: (str(mark), FileStamp(*map(int, stamp))) for path, (mark, stamp) in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}
