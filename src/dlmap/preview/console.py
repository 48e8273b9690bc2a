"""What a preview prints to the terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from dlmap.preview.api import PreviewOptions
from dlmap.preview.overlay import printable
from dlmap.preview.sockets import is_loopback, is_wildcard, lan_address, reachable_host, url_host
from dlmap.preview.worker import BuildReport

_MAX_FILES = 3
_MAX_ERRORS = 20


def preview_url(options: PreviewOptions, port: int) -> str:
    """The URL to open on this machine."""
    return f"http://{url_host(reachable_host(options.host))}:{port}{options.base_path}"


def welcome(options: PreviewOptions, port: int) -> Iterator[str]:
    """The URL of the preview, and a warning if other machines can reach it."""
    yield f"Preview at {preview_url(options, port)} (press Ctrl-C to stop)"
    if is_loopback(options.host):
        return
    host = lan_address() if is_wildcard(options.host) else options.host
    url = f"http://{url_host(host)}:{port}{options.base_path}" if host else ""
    where = f" at {url}" if url else ""
    yield f"warning: --host {options.host} makes the preview readable for every device on this network{where}"
    if url and options.is_terminal:
        yield from _qr_code(url)


def _qr_code(url: str) -> list[str]:
    """`url` as a QR code, to open it on a phone."""
    import segno  # noqa: PLC0415 - needed only if other machines can reach the preview

    output = io.StringIO()
    segno.make(url, micro=False).terminal(output, compact=True)
    return output.getvalue().splitlines()


class BuildLog:
    """One line for each build, and each error once until it is fixed."""

    def __init__(self, options: PreviewOptions) -> None:
        self._folder = options.folder.resolve()
        self._reported: frozenset[str] = frozenset()

    def lines(self, report: BuildReport) -> Iterator[str]:
        """The changed files, the result and the time; then the errors that are new."""
        cause = f"{self._file_list(report.changed)} changed: " if report.changed else ""
        failed = "" if report.site else "build failed: "
        errors = [text for text in report.errors if text not in self._reported]
        unchanged = ", as before" if report.errors and not errors else ""
        yield printable(f"{cause}{failed}{report.summary}{unchanged} ({report.seconds * 1000:.0f} ms)")
        for text in errors[:_MAX_ERRORS]:
            yield from text.splitlines()
        if len(errors) > _MAX_ERRORS:
            yield f"and {len(errors) - _MAX_ERRORS} more"
        self._reported = frozenset(report.errors)

    def _file_list(self, paths: tuple[str, ...]) -> str:
        names = [self._short_path(path) for path in paths[:_MAX_FILES]]
        more = len(paths) - len(names)
        return ", ".join(names) + (f" and {more} more" if more else "")

    def _short_path(self, path: str) -> str:
        """The path relative to the site; files of a theme or behind a symbolic link may be elsewhere."""
        inside = Path(path).is_relative_to(self._folder)
        return Path(path).relative_to(self._folder).as_posix() if inside else path
