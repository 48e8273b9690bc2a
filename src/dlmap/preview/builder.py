"""Builds once and again after every change, in one thread, and never lets a failing build end the preview."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dlmap.preview.contract import Rebuild
from dlmap.preview.problems import Problem, error_lines, internal_error, printable, problems_of
from dlmap.preview.watcher import Watcher


@dataclass(frozen=True, slots=True)
class Built:
    """A build that has ended, well or not."""

    changed: tuple[str, ...]
    """The files for which it was made; none for the first one."""
    ok: bool
    summary: str
    problems: tuple[Problem, ...]
    details: tuple[str, ...]
    """What the terminal shows of a build that failed."""
    seconds: float


class Builder:
    """Owns the worker thread; `report` is called in that thread after each build."""

    def __init__(
        self,
        rebuild: Rebuild,
        watcher: Watcher,
        report: Callable[[Built], None],
        on_trouble: Callable[[str], None],
    ) -> None:
        self._rebuild = rebuild
        self._watcher = watcher
        self._report = report
        self._on_trouble = on_trouble
        # Nothing can stop a build from outside; as a daemon, one that hangs does not keep the program alive.
        self._thread = threading.Thread(target=self._run, name="dlmap-preview-builder", daemon=True)

    def start(self) -> None:
        """Make the first build, then wait for changes."""
        self._thread.start()

    def join(self, seconds: float) -> bool:
        """Whether the thread has ended; a build under way is waited for no longer than `seconds`."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._watcher.start()
            self._report(self._build(()))
            # The files are looked at before each build, so what is edited during one is built by the next.
            while changed := self._watcher.wait():
                self._report(self._build(changed))
        except Exception as error:  # noqa: BLE001 - the server goes on, and says that it no longer builds
            self._on_trouble(
                f"error: no longer watching: {type(error).__name__}: {error}; start the preview again"
            )

    def _build(self, changed: tuple[str, ...]) -> Built:
        begin = time.perf_counter()
        try:
            result = self._rebuild()
            ok, summary = result.ok, result.summary
            problems = problems_of(result.diagnostics)
            details = () if ok else error_lines(result.diagnostics)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a build raises, the next may go well
            ok, summary = False, "internal error"
            problem = internal_error(error)
            problems = (problem,)
            details = (printable(f"error[{problem.code}] {problem.message}{_origin(error)}"),)
        return Built(changed, ok, summary, problems, details, time.perf_counter() - begin)


def _origin(error: BaseException) -> str:
    trace = error.__traceback__
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})"
