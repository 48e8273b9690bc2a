"""Answers of JavaScript libraries: out of the store where they are in it; only the others start V8."""

from __future__ import annotations

from dlmap.cache import CacheNamespace, Store
from dlmap.javascript import Run, Script, run


def cached_run(store: Store) -> Run:
    """Asks as `run` does, and remembers in the store, which is to stay open as long as anything is asked."""

    def ask(program: Script, question: str) -> str:
        kind = CacheNamespace("answer", (program.name, program.fingerprint()))
        return store.piece(kind, (question.encode(),), lambda: run(program, question).encode()).decode()

    return ask
