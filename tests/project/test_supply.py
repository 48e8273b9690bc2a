"""What dlmap is made of besides its own code: licences of what the wheel carries, bounds of what it asks for.

python tests/project/test_supply.py --update    writes THIRD_PARTY.md anew
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "src" / "dlmap" / "_vendor"
DOCUMENT = ROOT / "THIRD_PARTY.md"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
HEAD = """\
# Third-party work in the wheel

`python tests/project/test_supply.py --update` writes this file. The libraries come from npm when dlmap is built, in the
versions and with the hashes of `package-lock.json`; none of their code is in the repository. The whole text of each
licence is in the wheel, at the place that the table names.

| Library | Version | Licence | Copyright | Text |
|---|---|---|---|---|
"""


def third_party() -> str:
    """A row for each library that the build hook puts into the wheel."""
    locked = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    rows = []
    for name in sorted(wanted):
        package = locked[f"node_modules/{name}"]
        [text] = (VENDOR / name).glob("LICENSE*")
        place = f"dlmap/_vendor/{name}/{text.name}"
        rows.append(
            f"| {name} | {package['version']} | {package['license']} | {copyright_in(text)} | `{place}` |\n"
        )
    return HEAD + "".join(rows)


def copyright_in(text: Path) -> str:
    """The line that names whose work it is."""
    found = re.search(r"^Copyright.*$", text.read_text("utf-8")[:500], re.MULTILINE)
    return found[0].strip() if found else "see the text"


def test_the_licences_of_what_the_wheel_carries_are_told() -> None:
    assert DOCUMENT.read_text("utf-8") == third_party(), "run python tests/project/test_supply.py --update"


def test_every_library_in_the_wheel_is_in_the_list() -> None:
    carried = {
        version.parent.relative_to(VENDOR).as_posix()
        for version in VENDOR.rglob("VERSION")
        if version.is_file()
    }
    assert carried == set(re.findall(r"^\| ([@\w/-]+) \| \d", DOCUMENT.read_text("utf-8"), re.MULTILINE))


def test_every_dependency_has_both_bounds() -> None:
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    unbound = [
        wanted
        for group in groups
        for wanted in group
        if not re.fullmatch(r"[\w.-]+(\[\w+\])?>=[\d.]+,<[\d.]+", wanted)
    ]
    assert unbound == []


def lowest(wanted: str) -> str:
    """A dependency, held at its lower bound."""
    name, version = re.findall(r"([\w.-]+)>=([\d.]+)", wanted)[0]
    return f"{name}=={version}"


@pytest.mark.nightly
@pytest.mark.timeout(1200)
def test_the_lower_bounds_are_enough(tmp_path: Path) -> None:
    """dlmap with the oldest version of everything that it asks for passes the tests of the whole way."""
    constraints = tmp_path / "lowest.txt"
    constraints.write_text("".join(f"{lowest(wanted)}\n" for wanted in PROJECT["dependencies"]), "utf-8")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--constraint", constraints, "--editable", f"{ROOT}[test]"], check=True)
    installed = (
        subprocess.run([python, "-m", "pip", "freeze"], check=True, capture_output=True, encoding="utf-8")
        .stdout.lower()
        .replace("_", "-")
    )
    for wanted in PROJECT["dependencies"]:
        assert re.search(rf"^{re.escape(lowest(wanted).lower())}(\.0)*$", installed, re.MULTILINE), wanted
    modules = [
        "cli/test_cli",
        "markdown/test_markdown",
        "math/test_math",
        "taxonomy/test_names",
        "taxonomy/test_quirks",
        "build/test_checks",
        "publish/test_publish",
        "site/test_site",
        "articles/test_site",
        "preview/test_server",
    ]
    files = [f"tests/{module}.py" for module in modules]
    done = subprocess.run(
        [python, "-m", "pytest", "-q", *files], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]


if __name__ == "__main__" and sys.argv[1:] == ["--update"]:
    DOCUMENT.write_text(third_party(), "utf-8")
