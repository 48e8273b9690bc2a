"""Write what dlmap is installed with, pinned with hashes: `python .ci/lock.py [--upgrade | --check]`.

`requirements.txt` covers everything: what dlmap needs to run, to be built, to be tested and to be developed.
`.github/requirements.txt` is the part of it that a site needs. `--check` fails where pyproject.toml has changed since.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
EVERYTHING = ROOT / "requirements.txt"
SITE = ROOT / ".github" / "requirements.txt"
UV = Path(sysconfig.get_path("scripts")) / "uv"
# Wheels only: no code runs while they are installed, and nothing is fetched that is not locked here.
COMPILE = [
    UV,
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--only-binary=:all:",
    "--no-header",
]
LOCK = [*COMPILE, "--emit-build-options", "--generate-hashes", "--no-annotate"]


def requirements() -> dict[Path, list[str]]:
    """What each file has to cover: the requirements of pyproject.toml."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = document["project"]
    site = [*document["build-system"]["requires"], *project["dependencies"]]
    extras = [wanted for extra in project["optional-dependencies"].values() for wanted in extra]
    return {EVERYTHING: sorted({*site, *extras}), SITE: sorted(site)}


def header(file: Path) -> str:
    """The first lines of a lock file: what it is for, and the digest of the requirements that it was made from."""
    purpose = {
        EVERYTHING: "All that dlmap is built, run, tested and developed with, on every system. Written by `make lock`.",
        SITE: "The part of requirements.txt that dlmap is built and run with. Written by `make lock`.",
    }
    digest = hashlib.sha256(json.dumps(requirements()[file]).encode()).hexdigest()
    return f"# {purpose[file]}\n# Made from requirements with the SHA-256 {digest}\n"


def lock(upgrade: bool) -> None:
    """Pin what each file has to cover; without `upgrade`, what is pinned already stays as long as it fits."""
    for file, wanted in requirements().items():
        options = ["--upgrade"] if upgrade and file == EVERYTHING else []
        constraints = [f"--constraint={EVERYTHING}"] if file == SITE else []
        subprocess.run(
            [*LOCK, *options, *constraints, "-", f"--output-file={file}"],
            input="\n".join(wanted),
            stdout=subprocess.DEVNULL,
            encoding="utf-8",
            check=True,
        )
        file.write_text(header(file) + file.read_text("utf-8"), "utf-8")


def stale() -> list[str]:
    """The lock files that were made from other requirements than those of pyproject.toml."""
    return [
        file.relative_to(ROOT).as_posix()
        for file in requirements()
        if not file.is_file() or not file.read_text("utf-8").startswith(header(file))
    ]


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        if names := stale():
            sys.exit(
                f"{' and '.join(names)}: not made from the requirements of pyproject.toml; run make lock"
            )
    else:
        lock("--upgrade" in sys.argv[1:])
