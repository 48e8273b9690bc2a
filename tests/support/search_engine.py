"""The engine of the search in V8, as the browser's worker runs it, on a published site."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from py_mini_racer import MiniRacer


class SearchEngine:
    """Answers as the worker does once all texts are there."""

    def __init__(self, site: Path) -> None:
        self.names = json.loads((site / "search" / "names.json").read_bytes())
        self.context = MiniRacer()
        self.context.eval((site / "assets" / "search-engine.js").read_text("utf-8"))
        self.context.eval(f"const engine = new Engine({json.dumps(self.names)})")
        for files in self.names["texts"].values():
            for file in files:
                self.context.eval(f"engine.add({(site / 'search' / file).read_text('utf-8')})")

    def call(self, function: str, *values: object) -> Any:  # noqa: ANN401 - any JSON
        arguments = ", ".join(json.dumps(value) for value in values)
        return json.loads(str(self.context.eval(f"JSON.stringify({function}({arguments}))")))

    def search(self, query: str, lang: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.call("((query, lang) => engine.search(query, lang))", query, lang)
        return answer

    def paths(self, query: str, lang: str) -> list[str]:
        """The pages that are found, in the order shown."""
        return [hit["path"] for group in self.search(query, lang)["groups"] for hit in group["hits"]]
