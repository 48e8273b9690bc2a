"""Build the site, and rebuild it after each change, in one thread; a failed build never ends the preview."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dlmap.preview.api import PreviewOptions, Rebuild, SiteView
from dlmap.preview.changed_assets import changed_assets
from dlmap.preview.overlay import OverlayMessage, error_texts, internal_error, overlay_messages, printable
from dlmap.preview.watcher import Watcher

_MAX_UNCOLLECTED_BUILDS = 16
"""Each may leave a megabyte that only the garbage collector frees, and under a steady stream of edits idle never comes."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """A finished build, successful or not."""

    changed: tuple[str, ...]
    """The files that triggered it; empty for the first build."""
    site: SiteView | None
    """None if the build failed."""
    summary: str
    seconds: float
    assets: frozenset[str] = frozenset()
    """The assets that differ from the last build."""
    messages: tuple[OverlayMessage, ...] = ()
    """For the overlay."""
    errors: tuple[str, ...] = ()
    """For the terminal: one text for each error of a failed build."""


class BuildWorker:
    """Owns the worker thread, and calls `report` in it after each build."""

    def __init__(
        self,
        options: PreviewOptions,
        rebuild: Rebuild,
        report: Callable[[BuildReport], None],
        log: Callable[[str], None],
    ) -> None:
        self._rebuild = rebuild
        self._watcher = Watcher(options.watch, options.is_output, log, self._collect_garbage)
        self._folder = options.folder
        self._report = report
        self._log = log
        self._site: SiteView | None = None
        self._pending: tuple[str, ...] = ()
        """Changes before failed builds, which the last good site does not contain."""
        self._uncollected_builds = 0
        # A build cannot be interrupted; in a daemon thread, one that hangs does not keep the program alive.
        self._thread = threading.Thread(target=self._run, name="dlmap-preview-builder", daemon=True)

    def start(self) -> None:
        """Build, then wait for changes."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the current build."""
        self._watcher.stop()

    def close(self, seconds: float) -> bool:
        """Wait up to `seconds` for the current build; returns whether the thread has ended."""
        self._watcher.close()
        self._thread.join(seconds)
        gc.unfreeze()
        gc.enable()
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._watcher.start()
            first = self._build(())
            # Most objects live on; collecting the rest would delay the first page by a quarter of a second.
            gc.freeze()
            self._report(first)
            # The files are scanned before each build, so edits during one trigger the next.
            while changed := self._watcher.wait():
                self._report(self._build(changed))
                if self._uncollected_builds >= _MAX_UNCOLLECTED_BUILDS:
                    self._collect_garbage()
        except Exception as error:  # noqa: BLE001 - the server keeps running, and says that it no longer builds
            self._log(f"error: stopped watching: {type(error).__name__}: {error}; restart the preview")

    def _collect_garbage(self) -> None:
        """Collect garbage between builds: during a build it would take half as long as the build itself."""
        if not gc.isenabled():
            gc.collect()
            gc.enable()
            self._uncollected_builds = 0

    def _build(self, changed: tuple[str, ...]) -> BuildReport:
        gc.disable()  # until idle, as the page is requested next
        self._uncollected_builds += 1
        start = time.perf_counter()
        pending = tuple(dict.fromkeys((*self._pending, *changed)))
        try:
            result = self._rebuild(changed)
            if result.ok and result.site is not None:
                assets = self._changed_assets(result.site, pending)
                self._site, self._pending = result.site, ()
                seconds = time.perf_counter() - start
                return BuildReport(changed, result.site, result.summary, seconds, assets)
            summary = result.summary
            messages = overlay_messages(result.diagnostics)
            errors = error_texts(result.diagnostics)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a build raises, the next may succeed
            summary = "internal error"
            message = internal_error(error, self._folder)
            messages, errors = (message,), (failure_line(message, error),)
        self._pending = pending
        return BuildReport(
            changed, None, summary, time.perf_counter() - start, messages=messages, errors=errors
        )

    def _changed_assets(self, site: SiteView, changed: tuple[str, ...]) -> frozenset[str]:
        return changed_assets(self._site, site, changed) if self._site else frozenset()


def failure_line(message: OverlayMessage, error: BaseException) -> str:
    """The line that the terminal shows for an exception, with its origin."""
    position = f"{message.path}:{message.line}: " if message.path else ""
    origin = "" if position else _origin(error)
    return printable(f"{position}error[{message.code}] {message.message}{origin}")


def _origin(error: BaseException) -> str:
    traceback = error.__traceback__
    if traceback is None:
        return ""
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return f" ({Path(traceback.tb_frame.f_code.co_filename).name}:{traceback.tb_lineno})"
