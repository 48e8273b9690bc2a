"""Results of JavaScript libraries: V8 starts only for those that are not cached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dlmap.cache.codec import TEXT
from dlmap.cache.tasks import Cache, Task
from dlmap.javascript import Run, Script, run


def _key(call: tuple[Script, str]) -> tuple[bytes, ...]:
    script, question = call
    return (script.name.encode(), script.fingerprint().encode(), question.encode())


def _compute(calls: Sequence[tuple[Script, str]]) -> Iterator[str]:
    return (run(script, question) for script, question in calls)


SCRIPT_RESULT = Task("script result", "dlmap.javascript.process", _key, TEXT, _compute)


def script_runner(cache: Cache) -> Run:
    """Runs scripts as `run` does; the cache has to stay open while it is in use."""
    return lambda script, question: cache.get(SCRIPT_RESULT, (script, question))
