"""What a process of Python imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# Each takes a tenth of what `dlmap check` takes to start, or more.
HEAVY = {
    "asyncio",
    "dlmap.math.engine",
    "http",
    "jinja2",
    "markdown_it",
    "pypinyin",
    "rich",
    "ssl",
    "uvicorn",
    "yaml",
}


def imported(program: str, folder: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())
