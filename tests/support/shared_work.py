"""What would cost most in hundreds of small builds is done once a process: compiling templates, running scripts.

Both are functions of their input alone, so builds that are compared with each other are still whole builds.  Commands
that run as programs share nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import dlmap.render
from dlmap.cache import javascript
from dlmap.javascript import Script, run
from dlmap.render import CompiledTemplates, Templates
from dlmap.theme import Theme


class ScriptAnswers:
    """Runs a script for each question once; the text of the script belongs to the question."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, str], str] = {}

    def run(self, script: Script, question: str) -> str:
        key = (script.name, script.fingerprint(), question)
        if key not in self._answers:
            self._answers[key] = run(script, question)
        return self._answers[key]


@pytest.fixture(autouse=True, scope="session")
def shared_work() -> Iterator[None]:
    """Lets all builds of the process share compiled templates and answers of scripts."""
    compiled = CompiledTemplates()

    def templates(theme: Theme, own: CompiledTemplates | None = None, *, trusted: bool = False) -> Templates:
        return Templates(theme, own or compiled, trusted=trusted)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dlmap.render, "Templates", templates)
        patch.setattr(javascript, "run", ScriptAnswers().run)
        yield
