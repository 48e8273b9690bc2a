"""The state of files: stamps, snapshots of watched folders and what differs between two of them, values by file."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

T = TypeVar("T")

_NOISE_NAMES = frozenset({"node_modules", "__pycache__", "4913", "Thumbs.db", "desktop.ini"})
_NOISE_ENDS = ("~", ".swp", ".swo", ".swx", ".tmp", ".part", ".crdownload", "___jb_tmp___", "___jb_old___")
_YOUNG_NS = 2_000_000_000
"""File times are as coarse as this on some systems: a younger file may change without its times changing."""
_LARGEST_HASHED = 16 * 1024 * 1024
_DEEPEST = 64


def is_noise(name: str) -> bool:
    """Whether a name is one that no site is made of: hidden, a tool's folder, or an editor's temporary file."""
    return (
        name.startswith(".")
        or name in _NOISE_NAMES
        or name.endswith(_NOISE_ENDS)
        or (name.startswith("#") and name.endswith("#"))
    )


class FileStamp(NamedTuple):
    """What the file system says of a file without its being read."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Self:
        """The stamp in what the file system says."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)

    @classmethod
    def of_published(cls, status: os.stat_result) -> Self:
        """The stamp without the time of change, which linking a file into the next site alters."""
        return cls(status.st_size, status.st_mtime_ns, 0, status.st_ino)

    def is_young(self, now_ns: int) -> bool:
        """Whether the file may have changed since, or may yet, without the stamp telling."""
        return abs(now_ns - max(self.mtime_ns, self.ctime_ns)) < _YOUNG_NS


@dataclass(frozen=True, slots=True)
class FileState:
    """A file at one moment; the digest is known only where the stamp alone was not to be trusted."""

    stamp: FileStamp
    digest: bytes | None
    young: bool

    def differs_from(self, earlier: FileState) -> bool:
        """Whether the content may have changed; a mere touch is no change where both digests are known."""
        if self.digest is not None and earlier.digest is not None:
            return self.digest != earlier.digest
        return self.stamp != earlier.stamp


class Folder(NamedTuple):
    """A folder in which to ask for events; the identity tells it from another one put in its place."""

    path: str
    recursive: bool
    identity: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of every watched file, and the folders that hold them."""

    files: Mapping[str, FileState]
    folders: frozenset[Folder]

    def changes_since(self, earlier: Snapshot) -> tuple[str, ...]:
        """The paths of files that are new, gone or different."""
        changed = self.files.keys() ^ earlier.files.keys()
        for path, state in self.files.items():
            before = earlier.files.get(path)
            if before is not None and before is not state and state.differs_from(before):
                changed.add(path)
        return tuple(sorted(changed))


class FileValues:
    """Values that were read from files, for as long as the file system says that the files are unchanged."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], tuple[FileStamp, Any]] = {}

    def get(self, kind: str, file: Path, read: Callable[[], T]) -> T:
        """The value of a file; `read` is called where the file may have changed since the last call."""
        key = kind, os.fspath(file)
        try:
            # Of a link, the target is what matters: another one shows as another inode.
            stamp = FileStamp.of(os.stat(key[1]))  # noqa: PTH116 - thousands of them
        except (OSError, ValueError):
            return read()
        entry = self._values.get(key)
        if entry is not None and entry[0] == stamp:
            value: T = entry[1]
            return value
        value = read()
        if stamp.is_young(time.time_ns()):
            self._values.pop(key, None)
        else:
            self._values[key] = stamp, value
        return value


IsOutput = Callable[[Path], bool]


def scan_files(watch: Iterable[Path], is_output: IsOutput, earlier: Snapshot | None) -> Snapshot:
    """Look at every file below `watch`; `earlier` saves reading what cannot have changed."""
    walk = _Walk(is_output, earlier.files if earlier else {})
    for root in watch:
        walk.root(Path(os.path.realpath(root)))
    return Snapshot(walk.files, frozenset(walk.folders.values()))


def rescan(earlier: Snapshot, paths: Iterable[str]) -> Snapshot | None:
    """Look at these files only; None if one of them is not simply a file that was there before."""
    walk = _Walk(lambda _: False, earlier.files, dict(earlier.files))
    for path in paths:
        if path in earlier.files and Path(path).is_file():
            walk.file(path, Path(path))
        elif path in earlier.files or os.path.lexists(path):
            return None
    return Snapshot(walk.files, earlier.folders)


@dataclass
class _Walk:
    """One look at the files; paths are strings here, as there may be many thousands of them each second."""

    is_output: IsOutput
    earlier: Mapping[str, FileState]
    files: dict[str, FileState] = field(default_factory=dict)
    folders: dict[str, Folder] = field(default_factory=dict)
    _seen: dict[str, bool] = field(default_factory=dict)
    _now: int = field(default_factory=time.time_ns)

    def root(self, place: Path) -> None:
        path = str(place)
        if path in self._seen:
            return
        if place.is_dir():
            if not self.is_output(place) and self._folder(path, 0):
                self._ask_for_events(place, recursive=True)
            return
        # A file is replaced by renaming, so its folder tells more of it than it does itself.
        self.file(path, place)
        if str(place.parent) not in self.folders:
            self._ask_for_events(place.parent, recursive=False)

    def _folder(self, path: str, depth: int) -> bool:
        """Look into a folder; tells whether events may be asked for in all of it at once.

        They may not where something below is left out: a site that is published there, or a tool's folder,
        can have thousands of folders, and every one would be given a watch after every build.
        """
        if path in self._seen:
            return self._seen[path]
        self._seen[path] = True  # a link inside may lead back here
        whole, parts = True, []
        for entry in _entries(path):
            is_folder = _is_folder(entry)
            if is_noise(entry.name) or (is_folder and self.is_output(Path(entry.path))):
                whole = whole and not is_folder
            elif entry.is_symlink():
                self._link(entry)
            elif not is_folder:
                self.file(entry.path, entry)
            elif depth < _DEEPEST and self._folder(entry.path, depth + 1):
                parts.append(entry.path)
            else:
                whole = False
        if not whole:
            self._ask_for_events(Path(path), recursive=False)
            for part in parts:
                self._ask_for_events(Path(part), recursive=True)
        self._seen[path] = whole
        return whole

    def _link(self, entry: os.DirEntry[str]) -> None:
        target = Path(os.path.realpath(entry.path))
        is_folder = target.is_dir()
        if is_folder and self.is_output(target):
            return
        self.file(entry.path, entry)
        # A link to a folder above would have the whole of it watched, and this one twice.
        if is_folder and not Path(entry.path).is_relative_to(target):
            self.root(target)

    def file(self, path: str, place: os.DirEntry[str] | Path) -> None:
        try:
            status = place.stat()
        except OSError:
            # A link to nothing, or one that leads to itself, is worth a build that says so.
            try:
                status = place.stat(follow_symlinks=False)
            except OSError:
                return
        stamp = FileStamp.of(status)
        before = self.earlier.get(path)
        if stat.S_ISDIR(status.st_mode):
            # A link to a folder: only where it leads matters here.
            stamp = FileStamp(0, 0, 0, status.st_ino)
        elif stat.S_ISREG(status.st_mode):
            self.files[path] = self._regular(path, stamp, before)
            return
        self.files[path] = FileState(stamp, None, young=False)

    def _regular(self, path: str, stamp: FileStamp, before: FileState | None) -> FileState:
        young = stamp.is_young(self._now)
        doubtful = young if before is None else before.young or before.stamp != stamp
        if not doubtful and before is not None:
            return before
        return FileState(stamp, _digest(path, stamp.size) if doubtful else None, young)

    def _ask_for_events(self, place: Path, *, recursive: bool) -> None:
        with contextlib.suppress(OSError):
            status = place.stat()
            self.folders[str(place)] = Folder(str(place), recursive, (status.st_dev, status.st_ino))


def _entries(path: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return list(entries)
    except OSError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _digest(path: str, size: int) -> bytes | None:
    if size > _LARGEST_HASHED:
        return None
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).digest()
    except OSError:
        return None
