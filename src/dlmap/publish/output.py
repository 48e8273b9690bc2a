"""Write the site beside its folder, then switch: readers see the old site or the new one, never half of one.

Beside the output folder `site` stands dlmap's working folder `.site.dlmap`.  It holds the lock, the new site while it
is being written, and the previous one: who has just opened the old folder can go on reading it until the next build.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dlmap.publish.disk import exchange, exclusive, flush, flush_entries

if TYPE_CHECKING:  # who only checks a site need not import what renders it
    from dlmap.render import OutputFile

MARKER = ".nojekyll"
"""GitHub Pages wants this file, whatever it holds; what it holds tells that dlmap wrote the folder."""
MARKER_TEXT = b"Written by dlmap: the next build replaces this folder as a whole.\n"
_STAGE, _PREVIOUS, _LOCK, _IGNORE = "stage", "previous", "lock", ".gitignore"


class OutputRefused(Exception):  # noqa: N818 - it is named by what has happened
    """The folder cannot be the output: publishing there would destroy what is not dlmap's."""


def check_output(folder: Path, sources: Iterable[Path]) -> None:
    """Refuse an output folder that holds, or stands for, something else than a site dlmap wrote."""
    if folder.is_symlink():
        raise OutputRefused(f"{folder} is a symbolic link; name the folder itself")
    real = folder.resolve()
    _check_place(folder, real)
    _check_sources(folder, real, sources)
    if folder.is_dir():
        _check_content(folder)
    elif os.path.lexists(folder):
        raise OutputRefused(f"{folder} is no folder; name a folder")
    _check_parents(folder, real)


def _check_place(folder: Path, real: Path) -> None:
    home = _home()
    if real == home or real in home.parents or real.parent == real:
        raise OutputRefused(f"{folder} is not a folder to write a site into; name a new one: -o site")
    here = Path.cwd()
    if real == here or real in here.parents:
        # The switch would leave the shell, and whatever else stands there, in the previous site.
        raise OutputRefused(f"{folder} is the current folder or above it; name a folder inside it: -o site")
    if ".git" in real.parts or (real / ".git").exists():
        raise OutputRefused(f"{folder} is a repository; name a folder inside it: -o {folder.name}/site")
    if real.is_mount():
        raise OutputRefused(f"{folder} is a mount point; name a folder inside it: -o {folder.name}/site")


def _home() -> Path:
    try:
        return Path.home().resolve()
    except RuntimeError:  # a user without an entry in the system's list, as containers have them
        return Path("/")


def _check_sources(folder: Path, real: Path, sources: Iterable[Path]) -> None:
    for source in sources:
        place = source.resolve()
        if real == place or real in place.parents:
            raise OutputRefused(f"{folder} holds the source {source.name}; name another folder: -o site")
        if place in real.parents:
            raise OutputRefused(
                f"{folder} lies inside the source {source.name}; name another folder: -o site"
            )


def _check_content(folder: Path) -> None:
    try:
        entries = {entry.name for entry in folder.iterdir()}
    except OSError as error:
        raise OutputRefused(f"{folder} cannot be read: {error.strerror}") from None
    if entries and not is_own(folder):
        raise OutputRefused(
            f"{folder} is not empty and dlmap did not write it; empty it or name another folder"
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputRefused(f"{folder} cannot be written to; check its permissions")


def _check_parents(folder: Path, real: Path) -> None:
    """The nearest folder that exists must take new entries: the site is written beside its folder."""
    above = next(parent for parent in real.parents if os.path.lexists(parent))
    if not above.is_dir():
        raise OutputRefused(f"{folder} cannot be made: {above} is no folder")
    if not os.access(above, os.W_OK | os.X_OK):
        raise OutputRefused(f"{folder} cannot be written: nothing can be added to {above}")
    work = _working_folder(real)
    if os.path.lexists(work) and not _is_working_folder(work):
        raise OutputRefused(f"{work} is in the way; dlmap needs this name to write {folder}")


def _is_working_folder(work: Path) -> bool:
    own = {_STAGE, _PREVIOUS, _LOCK, _IGNORE}
    return not work.is_symlink() and work.is_dir() and own >= {entry.name for entry in work.iterdir()}


def is_own(folder: Path) -> bool:
    """Whether dlmap wrote what stands in a folder."""
    try:
        return (folder / MARKER).read_bytes() == MARKER_TEXT
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def publish(files: Iterable[OutputFile], folder: Path, *, durable: bool = True) -> int:
    """Make `folder` hold exactly `files`; returns how many.

    OSError passes through, with the old site intact.  `durable` waits until the files are on the disk, so that also
    a power cut leaves the old site or the new one.
    """
    folder = folder.resolve()
    work = _working_folder(folder)
    work.mkdir(parents=True, exist_ok=True)
    with exclusive(work / _LOCK) as locked:
        if not locked:
            raise OutputRefused(f"another build is writing {folder}; try again when it has ended")
        stage, previous = work / _STAGE, work / _PREVIOUS
        if not folder.exists() and is_own(previous):
            previous.rename(folder)  # a build was killed between the two renames of `_switch`
        _clear(work)
        try:
            count = _write(files, stage)
            if durable:
                flush(stage)
            if folder.exists():
                _check_content(folder)
            _switch(stage, folder, previous)
            if durable:
                # What fails from here on is no reason to say that the old site still stands.
                with suppress(OSError):
                    flush_entries(folder.parent)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    return count


def _working_folder(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.dlmap")


def _clear(work: Path) -> None:
    """Remove what earlier builds left, the previous site too: its readers have had a whole build's time."""
    for name in (_STAGE, _PREVIOUS):
        if (work / name).exists():
            shutil.rmtree(work / name)
    # The folder is no business of a repository that the site lies in.
    (work / _IGNORE).write_bytes(b"*\n")


def _write(files: Iterable[OutputFile], stage: Path) -> int:
    stage.mkdir()
    written = {MARKER}
    for file in files:
        if file.path == MARKER:
            continue
        if file.path in written:
            raise OutputRefused(f"two files of the site want the address {file.path}; see [redirects]")
        written.add(file.path)
        _write_file(file, stage / file.path)
    (stage / MARKER).write_bytes(MARKER_TEXT)
    return len(written) - 1


def _write_file(file: OutputFile, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(file.content, Path):
            shutil.copyfile(file.content, target)
        else:
            target.write_bytes(file.content)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise OutputRefused(f"{file.path} cannot be both a file and a folder; see [redirects]") from None
    except OSError as error:
        if error.filename is None:  # a full disk is noticed by a call that knows no name
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
