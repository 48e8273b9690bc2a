"""What each command imports: a command that imports what it does not use is slow every time."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.imports import HEAVY, imported


@pytest.mark.parametrize(
    ("program", "used"),
    [
        ("import dlmap.cli", set()),
        ("from dlmap import build", {"markdown_it", "yaml"}),
        (
            "from pathlib import Path; from dlmap import build; build(Path('post.md'))",
            {"markdown_it", "yaml"},
        ),
        (
            "from pathlib import Path; from dlmap import build; build(Path('post.md'), Path('site'))",
            # The cards are made by genanki, and what that is made of loads asyncio.
            {"markdown_it", "yaml", "jinja2", "asyncio", "ssl"},
        ),
    ],
    ids=["start", "module", "check", "build"],
)
def test_a_command_imports_only_what_it_uses(program: str, used: set[str], tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text("# Part\n\n## Network\n\n### Family\n\nText.\n", "utf-8")
    assert imported(program, tmp_path) & HEAVY == used
