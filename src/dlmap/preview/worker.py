"""Builds once and again after every change, in one thread, and never lets a failing build end the preview."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dlmap.preview.api import PreviewOptions, Rebuild, SiteView
from dlmap.preview.changed_assets import changed_assets
from dlmap.preview.overlay import OverlayMessage, error_texts, internal_error, printable, problems_of
from dlmap.preview.watcher import Watcher


@dataclass(frozen=True, slots=True)
class BuildReport:
    """A build that has ended, well or not."""

    changed: tuple[str, ...]
    """The files for which it was made; none for the first one."""
    edition: SiteView | None
    """None if it went wrong."""
    summary: str
    seconds: float
    assets: frozenset[str] = frozenset()
    """What has changed beside pages."""
    problems: tuple[OverlayMessage, ...] = ()
    details: tuple[str, ...] = ()
    """What the terminal shows of a build that failed, a text for each error."""


class BuildWorker:
    """Owns the worker thread; `report` is called in that thread after each build."""

    def __init__(
        self,
        options: PreviewOptions,
        rebuild: Rebuild,
        report: Callable[[BuildReport], None],
        on_trouble: Callable[[str], None],
    ) -> None:
        self._rebuild = rebuild
        self._watcher = Watcher(options.watch, options.is_output, on_trouble, self._tidy_up)
        self._folder = options.folder
        self._report = report
        self._on_trouble = on_trouble
        self._edition: SiteView | None = None
        self._unseen: tuple[str, ...] = ()
        """What changed before builds that failed: the last good edition does not have it yet."""
        # Nothing can stop a build from outside; as a daemon, one that hangs does not keep the program alive.
        self._thread = threading.Thread(target=self._run, name="dlmap-preview-builder", daemon=True)

    def start(self) -> None:
        """Make the first build, then wait for changes."""
        self._thread.start()

    def stop(self) -> None:
        """Let the thread end, after the build under way."""
        self._watcher.stop()

    def close(self, seconds: float) -> bool:
        """Whether everything has ended; a build under way is waited for no longer than `seconds`."""
        self._watcher.close()
        self._thread.join(seconds)
        gc.unfreeze()
        gc.enable()
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._watcher.start()
            first = self._build(())
            # Most of what it has made stays; to look for the rest would hold the first page up by a quarter of a second.
            gc.freeze()
            self._report(first)
            # The files are looked at before each build, so what is edited during one is built by the next.
            while changed := self._watcher.wait():
                self._report(self._build(changed))
        except Exception as error:  # noqa: BLE001 - the server goes on, and says that it no longer builds
            self._on_trouble(
                f"error: no longer watching: {type(error).__name__}: {error}; start the preview again"
            )

    @staticmethod
    def _tidy_up() -> None:
        """Look for garbage when nobody waits: amid a build it takes half as long as the build itself."""
        if not gc.isenabled():
            gc.collect()
            gc.enable()

    def _build(self, changed: tuple[str, ...]) -> BuildReport:
        gc.disable()  # until it is quiet, for the page is fetched next
        begin = time.perf_counter()
        unseen = tuple(dict.fromkeys((*self._unseen, *changed)))
        try:
            result = self._rebuild(changed)
            if result.ok and result.edition is not None:
                assets = self._assets(result.edition, unseen)
                self._edition, self._unseen = result.edition, ()
                seconds = time.perf_counter() - begin
                return BuildReport(changed, result.edition, result.summary, seconds, assets)
            summary = result.summary
            problems = problems_of(result.diagnostics)
            details = error_texts(result.diagnostics)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a build raises, the next may go well
            summary = "internal error"
            problem = internal_error(error, self._folder)
            problems, details = (problem,), (failure_line(problem, error),)
        self._unseen = unseen
        return BuildReport(
            changed, None, summary, time.perf_counter() - begin, problems=problems, details=details
        )

    def _assets(self, edition: SiteView, changed: tuple[str, ...]) -> frozenset[str]:
        return changed_assets(self._edition, edition, changed) if self._edition else frozenset()


def failure_line(problem: OverlayMessage, error: BaseException) -> str:
    """What the terminal says of an exception: the fact, and where it arose."""
    place = f"{problem.path}:{problem.line}: " if problem.path else ""
    origin = "" if place else _origin(error)
    return printable(f"{place}error[{problem.code}] {problem.message}{origin}")


def _origin(error: BaseException) -> str:
    trace = error.__traceback__
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})"
