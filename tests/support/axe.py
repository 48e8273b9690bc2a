"""axe on a page of a browser."""

from __future__ import annotations

import json
from collections.abc import Iterable

from playwright.sync_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def failures(page: Page, rules: Iterable[str] = RULES) -> list[str]:
    """What axe finds; it is handed to the page past its policy, which allows no foreign scripts."""
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", list(rules)
    )
    return [
        f"{page.url} {violation['id']}: {json.dumps(node['target'])}"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]
