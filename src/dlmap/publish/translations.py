"""Write `translations.yml`: the state of every source text when its translation was accepted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dlmap.publish.output import OutputRefusedError
from dlmap.publish.single_file import write_file

_HEAD = """\
# The state of every text when it was translated; written by `dlmap check --accept-translations`.
# A text that has changed since then is reported as a stale translation.
"""


def record_translations(accepted: Mapping[tuple[str, str], str], file: Path) -> None:
    """Replace `file` in one step.  Raises `OutputRefusedError` for a link, which could lead out of the site."""
    if file.is_symlink():
        raise OutputRefusedError(f"{file} is a symbolic link; put the file itself in its place")
    lines = [_HEAD]
    for lang in sorted({lang for lang, _ in accepted}):
        lines.append(f"{lang}:\n")
        lines += sorted(f"  {key}: '{digest}'\n" for (code, key), digest in accepted.items() if code == lang)
    write_file("".join(lines).encode(), file)
