"""The files of the site folder that articles show or link to: where an address leads, how large a picture is."""

from __future__ import annotations

import os
import posixpath
import stat
import unicodedata
from enum import Enum
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

_PICTURES = frozenset({".apng", ".avif", ".bmp", ".gif", ".ico", ".jpeg", ".jpg", ".png", ".svg", ".webp"})
# What a post offers for download; nothing else leaves the folder, so that no link can publish what was not meant to be.
_DOWNLOADS = frozenset(
    {
        *(".7z", ".bib", ".csv", ".doc", ".docx", ".epub", ".gz", ".ipynb", ".m4a", ".mov", ".mp3", ".mp4"),
        *(".ogg", ".pdf", ".ppt", ".pptx", ".rar", ".tar", ".txt", ".wav", ".webm", ".xls", ".xlsx", ".zip"),
    }
)

_MEDIA = frozenset(
    {".aac", ".flac", ".m4a", ".m4v", ".mov", ".mp3", ".mp4", ".oga", ".ogg", ".ogv", ".wav", ".webm"}
)


class Asset(NamedTuple):
    """A file to be published."""

    path: str
    """From the site folder, with forward slashes."""
    file: Path
    width: int = 0
    height: int = 0
    """0 where they are not known."""


class AssetError(Enum):
    """Why an address leads to no file."""

    MISSING = "missing"
    OUTSIDE = "outside"
    """What stands there is not part of the site."""


class Assets:
    """Looks files up by the addresses that articles write; each file is looked at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.real_root = Path(os.path.realpath(root))
        self.picture = cache(self._picture)
        self.download = cache(self._download)
        self.medium = cache(self._medium)
        self._names = cache(self._list)

    def _picture(self, address: str, folder: str) -> Asset | AssetError:
        """The picture at an address, as an article in `folder` writes it."""
        found = self._find(address, folder, _PICTURES)
        if isinstance(found, AssetError):
            return found
        width, height = _size(found.file)
        return found._replace(width=width, height=height)

    def _download(self, address: str, folder: str) -> Asset | AssetError:
        return self._find(address, folder, _PICTURES | _DOWNLOADS)

    def _medium(self, address: str, folder: str) -> Asset | AssetError:
        return self._find(address, folder, _MEDIA)

    def _find(self, address: str, folder: str, endings: frozenset[str]) -> Asset | AssetError:
        """An address from the root begins there; a relative one at the file or, as browsers read it, at the root."""
        path = unquote(address).replace("\\", "/")
        if "\0" in path or posixpath.splitext(path)[1].lower() not in endings:
            return AssetError.MISSING
        is_whole = path.startswith("/")
        climbs = False
        for start in ("",) if is_whole else (folder, ""):
            whole = posixpath.normpath(posixpath.join(start, path.lstrip("/") if is_whole else path))
            if whole.startswith("../"):
                climbs = True
                if start:
                    continue
                # A browser stops at the root of the host.
                whole = whole.replace("../", "")
            found = self._at(whole)
            if found is not AssetError.MISSING:
                return found
        return AssetError.OUTSIDE if climbs else AssetError.MISSING

    def _at(self, path: str) -> Asset | AssetError:
        found = self._as_named(path)
        if found is AssetError.MISSING and not path.isascii():
            found = self._as_named(self._on_disk(path))
        return found

    def _on_disk(self, path: str) -> str:
        """The path as the disk names it: macOS writes `é` as two characters, and an author need not know that."""
        folder = ""
        for name in path.split("/"):
            folder = posixpath.join(folder, self._names(folder).get(unicodedata.normalize("NFC", name), name))
        return folder

    def _list(self, folder: str) -> dict[str, str]:
        """The names in a folder of the site, by their normal form."""
        try:
            return {unicodedata.normalize("NFC", name): name for name in os.listdir(self.root / folder)}  # noqa: PTH208
        except (OSError, ValueError):
            return {}

    def _as_named(self, path: str) -> Asset | AssetError:
        if any(part.startswith(".") for part in path.split("/")):
            return AssetError.MISSING
        file = self.root / path
        try:
            real = Path(os.path.realpath(file, strict=True))
            is_file = stat.S_ISREG(real.stat().st_mode)
        except (OSError, ValueError):
            return AssetError.OUTSIDE if file.is_symlink() else AssetError.MISSING
        if not real.is_relative_to(self.real_root):
            return AssetError.OUTSIDE
        return Asset(path, file) if is_file else AssetError.MISSING


def _size(file: Path) -> tuple[int, int]:
    """The size that a picture states of itself, for browsers to leave room for it; zeros where it states none."""
    import imagesize  # noqa: PLC0415 - a site without pictures does without it

    try:
        width, height = map(int, imagesize.get(file))
    except Exception:  # noqa: BLE001 - a file that is no picture, or half of one, is shown as it is
        return 0, 0
    return (width, height) if width > 0 and height > 0 else (0, 0)
