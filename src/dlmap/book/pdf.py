"""The book as PDF: printed by a browser of the machine, in a process of its own that can be ended."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

VARIABLE = "DLMAP_BROWSER"
"""Names the browser to print with; what stands there comes before what is found."""
TIMEOUT_S = 600.0
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
_ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_ARGUMENTS = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    "--export-tagged-pdf",
)


class NoBrowserError(Exception):
    """There is no browser that could print."""


class BrowserFailedError(Exception):
    """The browser made no PDF."""


def find_browser(environment: Mapping[str, str] = os.environ) -> Path:
    """The browser to print with: that of `DLMAP_BROWSER`, else the first Chromium that is installed.

    Raises `NoBrowserError`, whose words say what to do.
    """
    if named := environment.get(VARIABLE):
        found = shutil.which(named, path=environment.get("PATH"))
        if found is None:
            raise NoBrowserError(f"{VARIABLE} names {named}, which is not a program")
        return Path(found)
    for name in _NAMES:
        if found := shutil.which(name, path=environment.get("PATH")):
            return Path(found)
    for place in map(Path, _ELSEWHERE):
        if place.is_file():
            return place
    raise NoBrowserError(f"a PDF needs Chromium, Chrome or Edge: install one, or name it in {VARIABLE}")


def as_pdf(html: bytes, browser: Path, *, timeout_s: float = TIMEOUT_S) -> bytes:
    """The PDF that a browser prints of a book: tagged, with its headings as outline.

    Raises `BrowserFailedError` where the browser prints nothing in `timeout_s` seconds.
    """
    with tempfile.TemporaryDirectory(prefix="dlmap-", ignore_cleanup_errors=True) as name:
        return _print(html, browser, Path(name), timeout_s)


def _print(html: bytes, browser: Path, folder: Path, timeout_s: float) -> bytes:
    source, target = folder / "book.html", folder / "book.pdf"
    source.write_bytes(html)
    target.unlink(missing_ok=True)
    command = [
        str(browser),
        *_ARGUMENTS,
        # Its own protection needs what a container's administrator lacks; it opens nothing but this file.
        *(["--no-sandbox"] if _is_root() else []),
        f"--user-data-dir={folder / 'profile'}",
        f"--print-to-pdf={target}",
        source.as_uri(),
    ]
    said = _run(command, timeout_s)
    made = target.read_bytes() if target.is_file() else b""
    if not made.startswith(b"%PDF-"):
        raise BrowserFailedError(f"{browser.name} printed nothing{f': {said}' if said else ''}")
    return made


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _run(command: list[str], timeout_s: float) -> str:
    """Run a browser and all that it starts; returns the last line of what it says."""
    with subprocess.Popen(  # noqa: S603 - the user's own browser, with arguments of ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            _, said = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            name = Path(command[0]).name
            raise BrowserFailedError(f"{name} was not ready after {timeout_s:g} seconds") from None
        finally:
            _kill(process)
    return next((line for line in reversed(said.splitlines()) if line.strip()), "")


def _kill(process: subprocess.Popen[str]) -> None:
    """End a browser with its children, however far it has come."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
