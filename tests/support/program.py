"""The real program, run as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import dlmap

SRC = Path(dlmap.__file__).parents[1]


COMMANDS = ["build", "check", "completion", "init", "serve"]


ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "PYTHONPATH": str(SRC),
    "PYTHONWARNINGS": "error",
}


def run(*arguments: str, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run `dlmap` to its end; it never shows a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "dlmap", *arguments],
        cwd=cwd,
        env=ENVIRONMENT | (env or {}),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=100,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done
