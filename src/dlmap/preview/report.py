"""The lines that the terminal shows of a preview."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from dlmap.preview.builder import Built
from dlmap.preview.contract import PreviewOptions
from dlmap.preview.listening import in_url, is_loopback, is_wildcard, lan_address, reachable_host
from dlmap.preview.problems import printable

_NAMED_FILES = 3


def preview_url(options: PreviewOptions, port: int) -> str:
    """The address to open on this machine."""
    return f"http://{in_url(reachable_host(options.host))}:{port}{options.base_path}"


def welcome(options: PreviewOptions, port: int) -> Iterator[str]:
    """Where the preview is, and who else can see it."""
    yield f"Preview at {preview_url(options, port)} (Ctrl-C ends it)"
    if is_loopback(options.host):
        return
    others = lan_address() if is_wildcard(options.host) else options.host
    at = f": http://{in_url(others)}:{port}{options.base_path}" if others else ""
    yield f"warning: with --host {options.host} every device of this network can read the preview{at}"


def build_lines(built: Built, options: PreviewOptions) -> Iterator[str]:
    """One line for the build; of a failed one also what is wrong."""
    reason = f"{_names(built.changed, options)} changed: " if built.changed else ""
    failed = "" if built.ok else "build failed: "
    yield printable(f"{reason}{failed}{built.summary} ({built.seconds * 1000:.0f} ms)")
    yield from built.details


def _names(paths: tuple[str, ...], options: PreviewOptions) -> str:
    names = [_short(path, options) for path in paths[:_NAMED_FILES]]
    more = len(paths) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _short(path: str, options: PreviewOptions) -> str:
    """The path from the folder on that holds everything watched."""
    roots = [os.path.realpath(root) for root in options.watch]
    # On Windows there may be no such folder, and what a link leads to lies elsewhere anyway.
    with contextlib.suppress(ValueError):
        base = Path(os.path.commonpath(roots))
        short = Path(path).relative_to(base).as_posix()
        return base.name if short == "." else short
    return path
