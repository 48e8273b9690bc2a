"""The interface of the preview: its options, the result of a rebuild, and the errors that prevent it from starting."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dlmap.text import Diagnostic
from dlmap.text.explanation import Explanation

# The router treats braces as placeholders; browsers encode every other character outside this set.
_BASE_PATH = re.compile(r"/(?:[A-Za-z0-9._~!$&'()*+,;=@%-]+/)*")


class SiteView(Protocol):
    """One build of the site: immutable, with every file rendered on request."""

    def paths(self) -> Collection[str]:
        """The paths of all files, relative to the site, such as `zh/vae/index.html`; membership tests are cheap."""
        ...

    def content(self, path: str) -> bytes | Path:
        """The bytes of a file, or the file on disk to send unchanged; raises `KeyError` if the site has no such file.

        Called from one thread at a time, possibly while another thread builds.
        """
        ...

    def explanations(self) -> Sequence[Explanation]:
        """What the reader made of the outlines, doubtful decisions first."""
        ...


@dataclass(frozen=True, slots=True)
class RebuildResult:
    """The result of a rebuild; if `ok` is false, the preview keeps serving the last good site."""

    ok: bool
    site: SiteView | None
    """None only if `ok` is false."""
    diagnostics: tuple[Diagnostic, ...]
    summary: str
    """One line for the terminal."""


Rebuild = Callable[[tuple[str, ...]], RebuildResult]
"""Builds the site; takes the paths of the changed files, an empty tuple for the first build.

Called from a single worker thread.
"""


def _never(_: Path) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class PreviewOptions:
    """Where to serve, and which files to watch."""

    folder: Path
    """The folder that paths in diagnostics are relative to."""
    watch: tuple[Path, ...]
    """Files and folders to watch; they need not exist yet."""
    roots: tuple[Path, ...]
    """Files are sent from disk only if they are inside one of these folders after resolving symbolic links."""
    is_output: Callable[[Path], bool] = _never
    """Whether a watched folder is the output of a build and not a source."""
    host: str = "127.0.0.1"
    port: int = 8000
    """0 selects a free port."""
    base_path: str = "/"
    """The path prefix of the published site, percent-encoded, with a slash at each end."""
    editor: Callable[[], str] = str
    """Returns the URL template that opens a file in the author's editor, or ""; see `preview.editors`."""
    open_browser: bool = False
    is_terminal: bool = False
    """Whether output goes to a terminal, which can show a QR code."""

    def __post_init__(self) -> None:
        if not _BASE_PATH.fullmatch(self.base_path):
            raise ValueError(f"not a base path: {self.base_path!r} (write it as /name/)")


class ListenError(Exception):
    """The server cannot listen at the requested address; `message` says why, `help` what to do."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class PortBusyError(ListenError):
    """Another program listens on the port."""

    def __init__(self, port: int, next_free: int | None) -> None:
        action = "choose another port with --port" if next_free is None else f"use --port {next_free}"
        super().__init__(f"port {port} is in use", action)
        self.port = port
        self.next_free = next_free
        """The nearest higher port that is free, if any."""
