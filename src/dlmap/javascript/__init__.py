"""Runs JavaScript libraries in V8, in a child process that can be killed whatever it is doing.

    from dlmap.javascript import Program, run

    answer = run(Program("index engine", (library, script), "makeIndex", "[]", "{"), json.dumps(documents))

A question and its answer are a line of text each, as a rule JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from dlmap.javascript.program import VENDOR, EngineError, Script

if TYPE_CHECKING:
    from dlmap.javascript.process import WorkerDiedError, WorkerFailure, WorkerProcess

Run: TypeAlias = Callable[[Script, str], str]
"""Asks a program; `run` does, and so does what remembers its answers."""

TIME_LIMIT_SECONDS = 30.0

__all__ = [
    "TIME_LIMIT_SECONDS",
    "VENDOR",
    "EngineError",
    "Run",
    "Script",
    "WorkerDiedError",
    "WorkerFailure",
    "WorkerProcess",
    "run",
]


def run(program: Script, question: str, time_limit: float = TIME_LIMIT_SECONDS) -> str:
    """Start the program, ask it once, and end it.  A death on the way is an `EngineError`."""
    from dlmap.javascript.process import WorkerDiedError, WorkerProcess  # noqa: PLC0415 - most builds need none

    worker = WorkerProcess(program)
    try:
        return worker.ask(question, time_limit)
    except WorkerDiedError as error:
        raise EngineError(f"the {program.name} failed: {error}") from error
    finally:
        worker.close()


def __getattr__(name: str) -> object:
    """Import what starts processes when it is first used: a build that finds all in its store never needs it."""
    if name in ("WorkerFailure", "WorkerDiedError", "WorkerProcess"):
        from dlmap.javascript import process  # noqa: PLC0415

        return getattr(process, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
