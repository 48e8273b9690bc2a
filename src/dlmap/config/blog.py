"""A Jekyll blog that knows nothing of dlmap: whatever is written into it has to be out of the way."""

from __future__ import annotations

import os
from pathlib import Path

_OUTPUT = Path("site")


def is_plain_blog(folder: Path) -> bool:
    """Whether a folder holds posts of Jekyll and no `dlmap.toml`."""
    return (folder / "_posts").is_dir() and not os.path.lexists(folder / "dlmap.toml")


def default_output(path: Path) -> Path:
    """Where the site at `path` is written if nobody says: `site`; for a plain blog, inside the folder that Git ignores."""
    return path / ".dlmap" / _OUTPUT if is_plain_blog(path) else _OUTPUT
