"""What dlmap is made of besides its own code: licences of what the wheel carries, bounds of what it asks for.

python tests/project/test_supply.py --update    writes THIRD_PARTY.md anew
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

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


if __name__ == "__main__" and sys.argv[1:] == ["--update"]:
    DOCUMENT.write_text(third_party(), "utf-8")
