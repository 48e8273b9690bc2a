"""Answers of JavaScript libraries: out of the store where they are in it; only the others start V8."""

from __future__ import annotations

from dlmap.cache import Kind, Store
from dlmap.javascript import Program, Run, run


def remembering(store: Store) -> Run:
    """Asks as `run` does, and remembers in the store, which is to stay open as long as anything is asked."""

    def ask(program: Program, question: str) -> str:
        kind = Kind("answer", (program.name, program.fingerprint()))
        return store.piece(kind, (question.encode(),), lambda: run(program, question).encode()).decode()

    return ask
