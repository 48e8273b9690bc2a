"""Count what a reader of the code has to know: lines by kind, top-level rooms of the package, the longest modules."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = ("src", "static", "templates", "tests", "docs")
LONGEST = 5


def tracked(part: str) -> list[Path]:
    """The files of a folder that Git knows; what the build hook fetches is none of them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", part], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    return [file for name in listed.stdout.split("\0") if name and (file := ROOT / name).is_file()]


def lines(file: Path) -> int:
    return file.read_bytes().count(b"\n")


def main() -> None:
    """Print the counts."""
    for part in PARTS:
        counts: Counter[str] = Counter()
        for file in tracked(part):
            counts[file.suffix] += lines(file)
        kinds = (
            "{}: {:,}".format(suffix.lstrip(".") or "none", count) for suffix, count in counts.most_common(4)
        )
        print(f"{part:10} {', '.join(kinds)}")
    package = ROOT / "src" / "dlmap"
    modules = [file for file in tracked("src") if file.suffix == ".py"]
    rooms = {file.relative_to(package).parts[0].removesuffix(".py") for file in modules}
    rooms -= {"__init__", "__main__"}
    packages = {room for room in rooms if (package / room / "__init__.py").is_file()}
    print(f"rooms      {len(rooms - packages)} modules, {len(packages)} packages")
    for file in sorted(modules, key=lines, reverse=True)[:LONGEST]:
        print(f"{lines(file):10} {file.relative_to(package)}")


if __name__ == "__main__":
    main()
