"""Write a single file, in one step: what stood there before stays until the new content is on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from dlmap.publish.output import OutputRefusedError


def check_file(file: Path, sources: Iterable[Path]) -> None:
    """Refuse a file that cannot be written, or would take the place of something that is no earlier export."""
    real = file.resolve()
    if real.is_dir():
        raise OutputRefusedError(f"{file} is a folder; name a file in it")
    if os.path.lexists(real) and not real.is_file():
        raise OutputRefusedError(f"{file} is not a regular file; name another one")
    if not real.parent.is_dir():
        raise OutputRefusedError(f"{file} cannot be written: there is no folder {file.parent}")
    if not os.access(real.parent, os.W_OK | os.X_OK):
        raise OutputRefusedError(f"{file} cannot be written: nothing can be added to {file.parent}")
    for source in sources:
        place = source.resolve()
        if real == place or (real.exists() and place.exists() and real.samefile(place)):
            raise OutputRefusedError(f"{file} is a source of the site; name another file")
        if place in real.parents:
            raise OutputRefusedError(f"{file} lies inside the source {source.name}; name another file")


def write_file(content: bytes, file: Path) -> None:
    """Replace `file` in one step.  OSError passes through, with the old file intact."""
    file = file.resolve()  # a link stays one
    draft = file.with_name(f".{file.name}.new")
    draft.unlink(missing_ok=True)  # it may be a link to anywhere
    try:
        with draft.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
