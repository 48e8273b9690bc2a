"""Try dlmap with other versions than the locked ones: `python .ci/versions.py newest|lowest [TEST …]`.

The tests run in an environment of their own with the newest, or the lowest, releases that pyproject.toml allows. Where
some fail that pass with what is locked, each other release is tried alone, so that the report names the one that breaks
them. The report goes to standard output, and to the summary of a GitHub job.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lock import COMPILE, EVERYTHING, ROOT, SITE, UV, requirements

Pins = dict[str, str]
"""Versions by the names of packages."""

# One module or two for each stage of the way from a text to a published folder, and for what it is read with.
TESTS = (
    "tests/cli/test_cli.py",
    "tests/text",
    "tests/markdown/test_markdown.py",
    "tests/math/test_math.py",
    "tests/taxonomy/test_names.py",
    "tests/taxonomy/test_quirks.py",
    "tests/build/test_bad_inputs.py",
    "tests/build/test_checks.py",
    "tests/publish/test_publish.py",
    "tests/site/test_site.py",
    "tests/articles/test_site.py",
    "tests/preview/test_server.py",
)


def resolve(wanted: list[str], pinned: Pins, *options: str) -> Pins:
    """The versions for this system that satisfy `wanted` and hold what is `pinned`; else those that are locked."""
    with tempfile.TemporaryDirectory() as folder:
        constraints, output = Path(folder, "constraints.txt"), Path(folder, "requirements.txt")
        constraints.write_text("".join(f"{name}=={version}\n" for name, version in pinned.items()), "utf-8")
        output.write_bytes(EVERYTHING.read_bytes())
        subprocess.run(
            [
                *(option for option in COMPILE if option not in ("--universal", "--python-version=3.11")),
                f"--python={sys.executable}",
                *("--no-annotate", f"--constraint={constraints}", f"--output-file={output}", *options, "-"),
            ],
            input="\n".join(wanted),
            stdout=subprocess.DEVNULL,
            encoding="utf-8",
            check=True,
        )
        lines = (line.partition("==") for line in output.read_text("utf-8").splitlines())
        return {name: version for name, _, version in lines if version}


def versions(way: str) -> Pins:
    """All versions to try: the lowest ones are those of what dlmap itself asks for."""
    everything = requirements()[EVERYTHING]
    if way == "newest":
        return resolve(everything, {}, "--upgrade")
    return resolve(everything, resolve(requirements()[SITE], {}, "--upgrade", "--resolution=lowest-direct"))


@dataclass(frozen=True)
class Environment:
    """A virtual environment in `folder`, with dlmap as it is in the checkout."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "venv" / "bin" / "python"

    def install(self, pins: Pins) -> None:
        """Make the environment hold exactly these versions."""
        file = self.folder / "requirements.txt"
        file.write_text("".join(f"{name}=={version}\n" for name, version in pins.items()), "utf-8")
        if not self.python.exists():
            subprocess.run(
                [UV, "venv", "--quiet", f"--python={sys.executable}", self.folder / "venv"], check=True
            )
        install = [UV, "pip", "install", "--quiet", f"--python={self.python}"]
        subprocess.run([*install, "--no-deps", "--only-binary=:all:", f"--requirement={file}"], check=True)
        subprocess.run([*install, "--no-deps", "--no-build-isolation", f"--editable={ROOT}"], check=True)

    def failures(self, tests: list[str]) -> list[str]:
        """The ids of the tests that fail; raises where pytest itself does."""
        cache = self.folder / "cache"
        remembered = cache / "v" / "cache" / "lastfailed"
        remembered.unlink(missing_ok=True)
        status = subprocess.run(
            [self.python, "-m", "pytest", "-q", "--tb=short", f"--override-ini=cache_dir={cache}", *tests],
            cwd=ROOT,
            check=False,
        ).returncode
        if status not in (0, 1):
            raise SystemExit(f"pytest ended with {status}")
        return sorted(json.loads(remembered.read_bytes())) if remembered.exists() else []


def report(way: str, tests: list[str], folder: Path) -> tuple[list[str], bool]:
    """What to say of the versions, and whether all is well."""
    tried, locked = versions(way), resolve(requirements()[EVERYTHING], {})
    changed = {name: version for name, version in tried.items() if locked.get(name) != version}
    lines = [
        f"{name}: {locked.get(name, 'none')} is locked, {changed[name]} tried" for name in sorted(changed)
    ]
    environment = Environment(folder)
    environment.install(tried)
    failed = environment.failures(tests)
    if failed:
        environment.install(locked)
        always = environment.failures(failed)
        lines += [f"{test} fails with what is locked, too" for test in always]
        broken = sorted({*failed} - {*always})
        lines += breaking(environment, changed, broken) if broken else []
    return [*lines, f"{len(failed)} tests fail with the {way} versions"], not failed


def breaking(environment: Environment, changed: Pins, broken: list[str]) -> list[str]:
    """Which releases break which tests, each tried alone beside what is locked."""
    lines, explained = [], set()
    for name, version in sorted(changed.items()):
        environment.install(resolve(requirements()[EVERYTHING], {name: version}))
        for test in environment.failures(broken):
            lines.append(f"{name} {version} breaks {test}")
            explained.add(test)
    return [*lines, *(f"several releases together break {test}" for test in broken if test not in explained)]


def main(way: str, tests: list[str]) -> bool:
    """Write the report; returns whether all is well."""
    with tempfile.TemporaryDirectory() as folder:
        lines, is_well = report(way, tests, Path(folder))
    text = f"## The {way} versions\n\n" + "".join(f"- {line}\n" for line in lines)
    print(text)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(text)
    return is_well


if __name__ == "__main__":
    if sys.argv[1:2] not in (["newest"], ["lowest"]):
        sys.exit("usage: versions.py newest|lowest [TEST …]")
    sys.exit(not main(sys.argv[1], sys.argv[2:] or list(TESTS)))
