"""ZIP archives that hold the same bytes for the same files: without times, and as on one system."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable


def archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of files, each by its path in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as into:
        for path, content in files:
            entry = zipfile.ZipInfo(path)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            into.writestr(entry, content)
    return made.getvalue()
