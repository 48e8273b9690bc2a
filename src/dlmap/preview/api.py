"""What the preview is given, what a build hands back, and why it may refuse to start."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dlmap.text import Diagnostic

# Braces would be placeholders to the router, and nothing else outside this set is left as it is by a browser.
_BASE_PATH = re.compile(r"/(?:[A-Za-z0-9._~!$&'()*+,;=@%-]+/)*")


class SiteView(Protocol):
    """The site as one build understood it; it never changes, and every file is made when it is asked for."""

    def paths(self) -> Collection[str]:
        """Every file, relative to the site: `zh/vae/index.html`; to look one up in it is cheap."""
        ...

    def content(self, path: str) -> bytes | Path:
        """The bytes of a file, or the file to send as it is; `KeyError` for what the site does not have.

        It is called by one thread at a time, while another one may be building.
        """
        ...


@dataclass(frozen=True, slots=True)
class RebuildResult:
    """What a build hands back; where `ok` is false the last good edition stays."""

    ok: bool
    edition: SiteView | None
    """None only where `ok` is false."""
    diagnostics: tuple[Diagnostic, ...]
    summary: str
    """One line for the terminal."""


Rebuild = Callable[[tuple[str, ...]], RebuildResult]
"""Understands the site anew; it is given the paths of the files that changed, none for the first build.

It is called in one worker thread, never twice at once.
"""


def _nothing(_: Path) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class PreviewOptions:
    """Where to serve, and which files to watch."""

    folder: Path
    """What the paths in diagnostics are relative to."""
    watch: tuple[Path, ...]
    """Files and folders; they need not exist yet."""
    roots: tuple[Path, ...]
    """Folders in which a file that is sent as it is must lie, all links followed."""
    is_output: Callable[[Path], bool] = _nothing
    """Whether a watched folder holds what a build wrote, which is no source."""
    host: str = "127.0.0.1"
    port: int = 8000
    """0 takes any free port."""
    base_path: str = "/"
    """The path prefix of the published site, percent-encoded, with a slash at both ends."""
    editor: Callable[[], str] = str
    """Tells the address that opens a file in the writer's editor, empty without one; see `preview.editors`."""
    open_browser: bool = False
    is_terminal: bool = False
    """Whether what is announced stands in a terminal, where a code can be scanned."""

    def __post_init__(self) -> None:
        if not _BASE_PATH.fullmatch(self.base_path):
            raise ValueError(f"not a base path: {self.base_path!r} (write it as /name/)")


class ListenError(Exception):
    """The preview has no address to serve at; says why and what to do."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class PortBusyError(ListenError):
    """Another program listens at the port."""

    def __init__(self, port: int, next_free: int | None) -> None:
        action = "choose another port with --port" if next_free is None else f"use --port {next_free}"
        super().__init__(f"port {port} is in use", action)
        self.port = port
        self.next_free = next_free
        """The next port at which the preview could listen, if there is one near."""
