"""The lines that the terminal shows of a preview."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from dlmap.preview.api import PreviewOptions
from dlmap.preview.overlay import printable
from dlmap.preview.sockets import in_url, is_loopback, is_wildcard, lan_address, reachable_host
from dlmap.preview.worker import BuildReport

_NAMED_FILES = 3
_MOST_ERRORS = 20


def preview_url(options: PreviewOptions, port: int) -> str:
    """The address to open on this machine."""
    return f"http://{in_url(reachable_host(options.host))}:{port}{options.base_path}"


def welcome(options: PreviewOptions, port: int) -> Iterator[str]:
    """Where the preview is, and who else can see it."""
    yield f"Preview at {preview_url(options, port)} (Ctrl-C ends it)"
    if is_loopback(options.host):
        return
    others = lan_address() if is_wildcard(options.host) else options.host
    url = f"http://{in_url(others)}:{port}{options.base_path}" if others else ""
    at = f": {url}" if url else ""
    yield f"warning: with --host {options.host} every device of this network can read the preview{at}"
    if url and options.is_terminal:
        yield from _scannable(url)


def _scannable(url: str) -> list[str]:
    """A QR code of `url`, for a phone."""
    import segno  # noqa: PLC0415 - for a preview that others can reach only

    drawn = io.StringIO()
    segno.make(url, micro=False).terminal(drawn, compact=True)
    return drawn.getvalue().splitlines()


class ConsoleReport:
    """Tells of each build in a line, and of each error once for as long as it stays."""

    def __init__(self, options: PreviewOptions) -> None:
        self._folder = options.folder.resolve()
        self._told: frozenset[str] = frozenset()

    def lines(self, built: BuildReport) -> Iterator[str]:
        """What was changed, what came of it, and how long that took; then the errors that are new."""
        reason = f"{self._names(built.changed)} changed: " if built.changed else ""
        failed = "" if built.edition else "build failed: "
        fresh = [text for text in built.details if text not in self._told]
        before = " as before" if built.details and not fresh else ""
        yield printable(f"{reason}{failed}{built.summary}{before} ({built.seconds * 1000:.0f} ms)")
        for text in fresh[:_MOST_ERRORS]:
            yield from text.splitlines()
        if len(fresh) > _MOST_ERRORS:
            yield f"and {len(fresh) - _MOST_ERRORS} more"
        self._told = frozenset(built.details)

    def _names(self, paths: tuple[str, ...]) -> str:
        names = [self._short(path) for path in paths[:_NAMED_FILES]]
        more = len(paths) - len(names)
        return ", ".join(names) + (f" and {more} more" if more else "")

    def _short(self, path: str) -> str:
        """The path inside the site; a theme, and what a link leads to, may lie elsewhere."""
        inside = Path(path).is_relative_to(self._folder)
        return Path(path).relative_to(self._folder).as_posix() if inside else path
