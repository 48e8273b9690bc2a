"""Write the site beside its folder, then switch: readers see the old site or the new one, never half of one.

dlmap's working folder `.site.dlmap` is beside the output folder `site`.  It holds the lock, the new site while it
is being written, and the previous one: who has just opened the old folder can go on reading it until the next build.
The manifest with the fingerprint of each file is there too: unchanged files are linked into the new site, not written.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from dlmap.publish.disk import exchange, exclusive, flush, flush_entries
from dlmap.publish.file import OutputFile
from dlmap.publish.manifest import Manifest, record, survey

MARKER = ".nojekyll"
"""GitHub Pages wants this file, whatever it holds; its text marks folders that dlmap wrote."""
MARKER_TEXT = b"Written by dlmap: the next build replaces this folder as a whole.\n"
_STAGE, _PREVIOUS, _LOCK, _IGNORE, _CONTENTS = "stage", "previous", "lock", ".gitignore", "contents.json"


class OutputRefusedError(Exception):
    """The folder cannot be the output: publishing there would destroy what is not dlmap's."""


def check_output(folder: Path, sources: Iterable[Path]) -> None:
    """Refuse an output folder with anything in it but a site that dlmap wrote."""
    if folder.is_symlink():
        raise OutputRefusedError(f"{folder} is a symbolic link; name the folder itself")
    real = folder.resolve()
    _check_place(folder, real)
    _check_sources(folder, real, sources)
    if folder.is_dir():
        _check_content(folder)
    elif os.path.lexists(folder):
        raise OutputRefusedError(f"{folder} is not a folder; name a folder")
    _check_parents(folder, real)


def _check_place(folder: Path, real: Path) -> None:
    home = _home()
    if real == home or real in home.parents or real.parent == real:
        raise OutputRefusedError(f"{folder} is not a folder to write a site into; name a new one: -o site")
    here = Path.cwd()
    if real == here or real in here.parents:
        # The switch would leave the shell, and everything else in it, in the previous site.
        raise OutputRefusedError(
            f"{folder} is the current folder or above it; name a folder inside it: -o site"
        )
    if ".git" in real.parts or (real / ".git").exists():
        raise OutputRefusedError(f"{folder} is a repository; name a folder inside it: -o {folder.name}/site")
    if real.is_mount():
        raise OutputRefusedError(f"{folder} is a mount point; name a folder inside it: -o {folder.name}/site")


def _home() -> Path:
    try:
        return Path.home().resolve()
    except RuntimeError:  # a user without an entry in the system's list, as containers have them
        return Path("/")


def _check_sources(folder: Path, real: Path, sources: Iterable[Path]) -> None:
    for source in sources:
        place = source.resolve()
        if real == place or real in place.parents:
            raise OutputRefusedError(f"{folder} holds the source {source.name}; name another folder: -o site")
        if place in real.parents:
            raise OutputRefusedError(
                f"{folder} lies inside the source {source.name}; name another folder: -o site"
            )


def _check_content(folder: Path) -> None:
    try:
        entries = {entry.name for entry in folder.iterdir()}
    except OSError as error:
        raise OutputRefusedError(f"{folder} cannot be read: {error.strerror}") from None
    if entries and not is_own(folder):
        raise OutputRefusedError(
            f"{folder} is not empty and dlmap did not write it; empty it or name another folder"
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputRefusedError(f"{folder} cannot be written to; check its permissions")


def _check_parents(folder: Path, real: Path) -> None:
    """The nearest folder that exists must take new entries: the site is written beside its folder."""
    above = next(parent for parent in real.parents if os.path.lexists(parent))
    if not above.is_dir():
        raise OutputRefusedError(f"{folder} cannot be created: {above} is not a folder")
    if not os.access(above, os.W_OK | os.X_OK):
        raise OutputRefusedError(f"{folder} cannot be written: nothing can be added to {above}")
    work = _working_folder(real)
    if os.path.lexists(work) and not _is_working_folder(work):
        raise OutputRefusedError(f"{work} is in the way; dlmap needs this name to write {folder}")


def _is_working_folder(work: Path) -> bool:
    """Whether all in it is what dlmap makes there: through a link that came with a site it would write elsewhere."""
    folders, files = (
        {_STAGE, _PREVIOUS},
        {_LOCK, _IGNORE, _CONTENTS, Path(_CONTENTS).with_suffix(".new").name},
    )
    if not stat.S_ISDIR(work.lstat().st_mode):
        return False
    with os.scandir(work) as entries:
        return all(
            (entry.name in folders and entry.is_dir(follow_symlinks=False))
            or (entry.name in files and entry.is_file(follow_symlinks=False))
            for entry in entries
        )


def is_own(folder: Path) -> bool:
    """Whether dlmap wrote the content of a folder."""
    marker = folder / MARKER
    try:
        # Asked before it is opened: a pipe waits for ever, and a device has no end.
        status = marker.lstat()
        is_like_it = stat.S_ISREG(status.st_mode) and status.st_size == len(MARKER_TEXT)
        return is_like_it and marker.read_bytes() == MARKER_TEXT
    except (FileNotFoundError, NotADirectoryError):
        return False


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What publishing did."""

    files: int
    written: int
    """How many of them are new or differ from what stood there before."""
    vanished: tuple[Path, ...] = ()
    """The files that were to be copied and are no longer there."""


MakeFiles = Callable[[Mapping[str, str]], Iterable[OutputFile]]
"""Takes the fingerprints of the published files; unchanged files come back without content."""


def publish(make: MakeFiles, folder: Path, *, durable: bool = True) -> PublishResult:
    """Make `folder` hold exactly the files of the site; those that stay the same keep their times.

    OSError passes through, with the old site intact.  `durable` waits until the files are on the disk, so that also
    a power cut leaves the old site or the new one.
    """
    folder = folder.resolve()
    work = _working_folder(folder)
    work.mkdir(parents=True, exist_ok=True)
    with exclusive(work / _LOCK) as locked:
        if not locked:
            raise OutputRefusedError(f"another build is writing {folder}; try again when it has ended")
        stage, previous = work / _STAGE, work / _PREVIOUS
        if not folder.exists() and is_own(previous):
            previous.rename(folder)  # a build was killed between the two renames of `_switch`
        before = Manifest(folder, work / _CONTENTS)
        _clear(work)
        staged = StagedSite(stage, folder, before)
        try:
            staged.begin()
            for file in make(before.fingerprints):
                staged.add(file)
            if staged.differs():
                staged.complete()
                if durable:
                    flush(stage)
                if folder.exists():
                    _check_content(folder)
                _switch(stage, folder, previous)
                if durable:
                    # If this fails, the new site is published all the same.
                    with suppress(OSError):
                        flush_entries(folder.parent)
            with suppress(OSError):
                staged.record(work / _CONTENTS)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    return staged.published()


class StagedSite:
    """The next version of a site, written beside the published one."""

    def __init__(self, stage: Path, published_folder: Path, before: Manifest) -> None:
        self.stage = stage
        self.published_folder = published_folder
        self.before = before
        self.fingerprints: dict[str, str] = {}
        self.unchanged: list[str] = []
        self.vanished: list[Path] = []

    def begin(self) -> None:
        self.stage.mkdir()
        (self.stage / MARKER).write_bytes(MARKER_TEXT)

    def add(self, file: OutputFile) -> None:
        """Take a file up: what is the same as before is only noted, for it may be all there is."""
        if file.path == MARKER:
            return
        if file.path in self.fingerprints:
            raise OutputRefusedError(f"two files of the site want the address {file.path}; see [redirects]")
        if file.content is None or self.is_unchanged(file.path, file.content):
            self.unchanged.append(file.path)
        elif not self.write(file.path, file.content):
            return
        self.fingerprints[file.path] = file.fingerprint

    def is_unchanged(self, path: str, content: bytes | Path) -> bool:
        stamp = self.before.stamps.get(path)
        if stamp is None:
            return False
        standing = self.published_folder / path
        try:
            if isinstance(content, Path):
                return filecmp.cmp(content, standing, shallow=False)
            return stamp.size == len(content) and standing.read_bytes() == content
        except OSError:
            return False

    def write(self, path: str, content: bytes | Path) -> bool:
        """Write a file into the stage; False where there is no longer anything to copy."""
        if isinstance(content, Path) and not content.exists():
            self.vanished.append(content)
            return False
        target = self.stage / path
        with _named(path, target):
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Path):
                shutil.copyfile(content, target)
            else:
                target.write_bytes(content)
        return True

    def differs(self) -> bool:
        """Whether the folder would be another one."""
        standing = self.before.stamps.keys() - {MARKER}
        return len(self.unchanged) < len(self.fingerprints) or standing != self.fingerprints.keys()

    def complete(self) -> None:
        """Put what stays the same into the stage, as links to the files that stand."""
        for path in self.unchanged:
            target = self.stage / path
            with _named(path, target):
                target.parent.mkdir(parents=True, exist_ok=True)
                try:
                    os.link(self.published_folder / path, target)
                except OSError:  # not every file system has links, or as many of one file
                    shutil.copy2(self.published_folder / path, target)

    def record(self, file: Path) -> None:
        record(self.fingerprints, survey(self.published_folder), file)

    def published(self) -> PublishResult:
        return PublishResult(
            len(self.fingerprints), len(self.fingerprints) - len(self.unchanged), tuple(self.vanished)
        )


def _working_folder(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.dlmap")


def _clear(work: Path) -> None:
    """Remove what earlier builds left, the previous site too: its readers have had a whole build's time."""
    for name in (_STAGE, _PREVIOUS):
        if (work / name).exists():
            shutil.rmtree(work / name)
    # The folder is no business of a repository that the site lies in.
    (work / _IGNORE).write_bytes(b"*\n")


@contextmanager
def _named(path: str, target: Path) -> Iterator[None]:
    """Say of what goes wrong which file of the site it is about."""
    try:
        yield
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise OutputRefusedError(f"{path} cannot be both a file and a folder; see [redirects]") from None
    except OSError as error:
        # A full disk is noticed by a call that knows no name, or by a copy that names first what it reads.
        if error.filename is None or error.filename2 is not None:
            error.filename = str(target)
        raise


def _switch(stage: Path, folder: Path, previous: Path) -> None:
    """Put `stage` in the place of `folder`; the old site, if there was one, becomes `previous`."""
    if not folder.exists():
        stage.rename(folder)
    elif exchange(stage, folder):
        with suppress(OSError):  # then `publish` removes it
            stage.rename(previous)
    else:
        folder.rename(previous)
        try:
            stage.rename(folder)
        except OSError:
            previous.rename(folder)
            raise
