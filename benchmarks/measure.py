"""Run a program and say how long it took and how much memory it had at most, alone and with its children."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

_SAMPLE_SECONDS = 0.05
TIME_LIMIT_SECONDS = 1_800


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a program; memory that processes share is counted for each of them."""

    seconds: float
    peak_bytes: int
    """All its processes together."""
    own_peak_bytes: int
    """The process that was started, without its children."""


class RunFailedError(Exception):
    """The program did not do its work; the message is the last line that it printed."""


def run(command: Sequence[str | Path], folder: Path, environment: dict[str, str] | None = None) -> Run:
    """Run a program to its end.  Raises `RunFailedError`."""
    log = folder.with_name(f"{folder.name}.log")
    with log.open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        watch = _Watch(process.pid)
        watch.start()
        try:
            code = process.wait(TIME_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise RunFailedError(f"takes more than {TIME_LIMIT_SECONDS} s") from None
        finally:
            watch.over.set()
        seconds = time.perf_counter() - began
    watch.join()
    if code != 0:
        lines = log.read_text("utf-8", errors="replace").strip().splitlines()
        raise RunFailedError(lines[-1][:160] if lines else f"exit code {code}")
    return Run(seconds, watch.peak, watch.own_peak)


class _Watch(threading.Thread):
    """Looks at the memory of a process and of all below it, again and again."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = self.own_peak = 0
        self.over = threading.Event()

    def run(self) -> None:
        with suppress(psutil.Error):
            root = psutil.Process(self.pid)
            while not self.over.wait(_SAMPLE_SECONDS):
                total = own = root.memory_info().rss
                for process in root.children(recursive=True):
                    with suppress(psutil.Error):
                        total += process.memory_info().rss
                self.peak, self.own_peak = max(self.peak, total), max(self.own_peak, own)
