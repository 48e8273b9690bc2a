"""The parent's side of one V8 child process: starts it, asks it, and replaces it when it hangs or dies."""

import json
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Self

from dlmap.javascript.program import EngineError, Script
from dlmap.javascript.worker import EXIT_OUT_OF_MEMORY
from dlmap.parallel import interrupts_held

START_LIMIT_SECONDS = 60.0
"""Starting takes 0.15 s; only a machine on its knees needs more than a second or two."""

_WORKER = Path(__file__).with_name("worker.py")


class WorkerFailure(Enum):
    """How a worker went down over a question."""

    TIMED_OUT = "took too long"
    OUT_OF_MEMORY = "ran out of memory"
    CRASHED = "crashed"


class WorkerDiedError(Exception):
    """The worker did not survive the question; the next question starts a new one."""

    def __init__(self, death: WorkerFailure, last_words: str) -> None:
        super().__init__(f"worker {death.value}" + (f": {last_words}" if last_words else ""))
        self.death = death


@dataclass(slots=True)
class _Child:
    process: "subprocess.Popen[bytes]"
    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]


class _Deadline:
    """Kills a process unless the `with` block ends in time."""

    def __init__(self, process: "subprocess.Popen[bytes]", seconds: float) -> None:
        self.passed = False
        self._over = False
        self._process = process
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:  # an answer that comes at the last moment must not cost the next question its worker
            self._over = True
        self._timer.cancel()

    def _pass(self) -> None:
        with self._lock:
            if not self._over:
                self.passed = True
                self._process.kill()


class WorkerProcess:
    """A worker that is there when it is asked: started on first use, and again after each death.

    One thread asks; any thread may close.
    """

    def __init__(self, program: Script) -> None:
        self._program = program
        self._child: _Child | None = None
        self._ready = False
        self._closed = False
        self._lock = threading.Lock()  # keeps a worker from being started behind the back of close()

    @property
    def started(self) -> bool:
        return self._child is not None

    def start(self) -> None:
        """Start the process without waiting for it: it loads V8 and the scripts while the caller goes on."""
        self._living_child()

    def ask(self, question: str, limit_seconds: float) -> str:
        """The answer to one line of ASCII. Raises `WorkerDiedError` when the worker takes too long or goes down."""
        child = self._living_child()
        if not self._ready:
            self._await_readiness(child)
        return self._exchange(child, question.encode("ascii") + b"\n", limit_seconds).decode("utf-8")

    def close(self) -> None:
        """Leave no process behind. A thread that waits for an answer gets an `EngineError`."""
        with self._lock:
            self._closed = True
        self._discard()

    def _living_child(self) -> _Child:
        if self._child is not None and self._child.process.poll() is not None:
            self._discard()  # it died while idle, so nothing that was asked is to blame
        with self._lock:
            if self._closed:
                raise self._error("is closed")
            if self._child is None:
                with interrupts_held():
                    self._child = _spawn(self._program)
            return self._child

    def _await_readiness(self, child: _Child) -> None:
        # Every new worker answers the probe before it says that it is ready. So an engine that cannot work at
        # all shows here, once, and is not taken for thousands of bad questions.
        try:
            greeting = self._exchange(child, b"", START_LIMIT_SECONDS)
        except WorkerDiedError as error:
            raise self._error(f"did not start: {error}") from error
        status = json.loads(greeting)
        if not status["ready"]:
            self._discard()
            raise self._error(f"did not start: {status['reason']}")
        self._ready = True

    def _exchange(self, child: _Child, request: bytes, limit_seconds: float) -> bytes:
        answer = b""
        try:
            with _Deadline(child.process, limit_seconds) as deadline, suppress(OSError, ValueError):
                child.stdin.write(request)
                child.stdin.flush()
                answer = child.stdout.readline()
        except BaseException:
            self._discard()  # interrupted: its answer must not be taken for the next one
            raise
        if answer.endswith(b"\n"):
            if deadline.passed:
                self._discard()  # it answered and was killed at the same moment
            return answer
        if self._closed:
            raise self._error("is closed")
        exit_code, last_words = self._discard(grace_seconds=2.0)
        if deadline.passed:
            raise WorkerDiedError(WorkerFailure.TIMED_OUT, last_words)
        death = WorkerFailure.OUT_OF_MEMORY if exit_code == EXIT_OUT_OF_MEMORY else WorkerFailure.CRASHED
        raise WorkerDiedError(death, last_words)

    def _error(self, what: str) -> EngineError:
        return EngineError(f"the {self._program.name} {what}")

    def _discard(self, *, grace_seconds: float = 0.0) -> tuple[int | None, str]:
        with self._lock:
            child, self._child, self._ready = self._child, None, False
        return (None, "") if child is None else _end(child, grace_seconds)


def _spawn(program: Script) -> _Child:
    for script in program.scripts:
        if not script.is_file():
            raise EngineError(
                f"{script.name} is not in the package ({script} is missing); install dlmap again"
            )
    # -P: the working directory is a site that somebody wrote, and a json.py in it must not be run.
    command = (
        sys.executable,
        "-P",
        str(_WORKER),
        str(program.memory_limit),
        program.function,
        program.probe,
        program.proof,
        *map(str, program.scripts),
    )
    stderr = tempfile.TemporaryFile()  # noqa: SIM115 - _end closes it; a pipe could fill up, as nobody reads it
    try:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own script
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        stderr.close()
        raise EngineError(f"the {program.name} did not start: {error}") from error
    assert process.stdin is not None
    assert process.stdout is not None
    return _Child(process, process.stdin, process.stdout, stderr)


def _end(child: _Child, grace_seconds: float) -> tuple[int, str]:
    """Make sure that the process is gone; its exit code and the last line that it printed."""
    with suppress(subprocess.TimeoutExpired):
        child.process.wait(grace_seconds)
    child.process.kill()
    exit_code = child.process.wait()
    child.stderr.seek(0)
    last_words = child.stderr.read().decode("utf-8", errors="replace").strip().rpartition("\n")[2]
    for pipe in (child.stdin, child.stdout, child.stderr):
        with suppress(OSError):  # what was still to be sent has nobody to go to
            pipe.close()
    return exit_code, last_words
