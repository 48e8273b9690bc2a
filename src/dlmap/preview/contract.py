"""What the preview is given, what a build hands back, and why it may refuse to start."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dlmap.text import Diagnostic

# Braces would be placeholders to the router, and nothing else outside this set is left as it is by a browser.
_BASE_PATH = re.compile(r"/(?:[A-Za-z0-9._~!$&'()*+,;=@%-]+/)*")


@dataclass(frozen=True, slots=True)
class RebuildResult:
    """What a build hands back; where `ok` is false nothing was published and the last good site stays."""

    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    summary: str
    """One line for the terminal."""


Rebuild = Callable[[], RebuildResult]
"""Builds and publishes the site; it is called in one worker thread, never twice at once."""


@dataclass(frozen=True, slots=True)
class PreviewOptions:
    """What to serve, where, and which files to watch."""

    site: Path
    """The published folder; every request looks it up anew, so a build may replace it at any time."""
    watch: tuple[Path, ...]
    """Files and folders; they need not exist yet."""
    ignore: tuple[Path, ...]
    """What a build writes below a watched folder; `site` itself need not be named."""
    host: str = "127.0.0.1"
    port: int = 8000
    """0 takes any free port."""
    base_path: str = "/"
    """The path prefix of the published site, percent-encoded, with a slash at both ends."""
    open_browser: bool = False

    def __post_init__(self) -> None:
        if not _BASE_PATH.fullmatch(self.base_path):
            raise ValueError(f"not a base path: {self.base_path!r} (write it as /name/)")


class ListenError(Exception):
    """The preview has no address to serve at; says why and what to do."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class PortBusy(ListenError):  # noqa: N818 - it is named by what has happened
    """Another program listens at the port."""

    def __init__(self, port: int, next_free: int | None) -> None:
        action = "choose another port with --port" if next_free is None else f"use --port {next_free}"
        super().__init__(f"port {port} is in use", action)
        self.port = port
        self.next_free = next_free
        """The next port at which the preview could listen, if there is one near."""
