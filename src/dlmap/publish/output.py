"""Write the site beside its folder, then switch: readers see the old site or the new one, never half of one."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from dlmap.render import OutputFile

MARKER = ".dlmap-site"
"""Tells that dlmap wrote a folder; it stands beside the site's files and is never published by the workflow."""
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


class OutputRefused(Exception):
    """The folder cannot be the output: publishing there would destroy what is not dlmap's."""


def check_output(folder: Path, sources: Iterable[Path]) -> None:
    """Refuse an output folder that holds, or stands for, something else than a site dlmap wrote."""
    real = folder.resolve()
    if folder.is_symlink():
        raise OutputRefused(f"{folder} is a symbolic link; name the folder itself")
    if real in (Path("/"), Path.home().resolve(), Path(real.anchor)):
        raise OutputRefused(f"{folder} is not a folder to write a site into; name a new one")
    for source in sources:
        source = source.resolve()
        if real == source or real in source.parents:
            raise OutputRefused(f"{folder} holds the source {source.name}; name another folder: -o site")
    if folder.exists() and not folder.is_dir():
        raise OutputRefused(f"{folder} is a file; name a folder")
    if not folder.is_dir():
        return
    if (folder / ".git").exists():
        raise OutputRefused(f"{folder} is a repository; name a folder inside it: -o {folder.name}/site")
    try:
        entries = os.listdir(folder)
    except OSError as error:
        raise OutputRefused(f"{folder} cannot be read: {error.strerror}") from None
    if entries and MARKER not in entries:
        raise OutputRefused(
            f"{folder} is not empty and dlmap did not write it; empty it or name another folder"
        )
    if not os.access(folder, os.W_OK):
        raise OutputRefused(f"{folder} cannot be written to; check its permissions")


def publish(files: Iterable[OutputFile], folder: Path) -> int:
    """Make `folder` hold exactly `files`; returns how many.  OSError passes through, the old site intact."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", suffix=".stage", dir=folder.parent))
    try:
        count = 0
        for file in files:
            target = stage / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(file.content, Path):
                shutil.copyfile(file.content, target)
            else:
                target.write_bytes(file.content)
            count += 1
        (stage / MARKER).write_bytes(b"written by dlmap; it may be replaced by the next build\n")
        stage.chmod(0o755)
        _switch(stage, folder)
        return count
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _switch(stage: Path, folder: Path) -> None:
    """Put `stage` in the place of `folder`; afterwards `stage` holds the old site, if there was one."""
    if not folder.exists():
        os.rename(stage, folder)
        return
    if _exchange(stage, folder):
        return
    old = stage.with_suffix(".old")
    os.rename(folder, old)
    try:
        os.rename(stage, folder)
    except OSError:
        os.rename(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _exchange(stage: Path, folder: Path) -> bool:
    """Swap two folders in one step, where the system can (Linux `renameat2`)."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    if renameat2(_AT_FDCWD, os.fsencode(stage), _AT_FDCWD, os.fsencode(folder), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(folder))
