"""The built package: what the wheel and the source archive hold, and that an installed wheel works."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from dlmap import __version__

ROOT = Path(__file__).resolve().parents[2]
NAME = f"dlmap-{__version__}"


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive, and the wheel built from that archive as an installer would."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, cwd=ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    return dist / f"{NAME}-py3-none-any.whl"


@pytest.fixture(scope="module")
def wheel_files(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a virtual environment that holds the wheel, what it asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    run(
        programs / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        wheel,
        cwd=folder,
    )
    return programs


def clean_environment(**changes: str) -> dict[str, str]:
    """The environment of the tests without whatever points Python at the source tree."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | changes


def files_below(folder: Path) -> set[str]:
    return {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and file.suffix != ".pyc" and "_vendor" not in file.parts
    }


def below(folder: str, names: set[str]) -> set[str]:
    return {name.removeprefix(folder) for name in names if name.startswith(folder)}


def test_the_wheel_holds_every_source_file(wheel_files: set[str]) -> None:
    code = {
        name
        for name in below("dlmap/", wheel_files)
        if PurePosixPath(name).parts[0] not in {"_vendor", "_theme"}
    }
    assert code == files_below(ROOT / "src" / "dlmap")
    assert "py.typed" in code


@pytest.mark.parametrize("folder", ["templates", "static"])
def test_the_wheel_holds_the_theme(wheel_files: set[str], folder: str) -> None:
    assert below(f"dlmap/_theme/{folder}/", wheel_files) == files_below(ROOT / folder)


def test_the_wheel_holds_the_search_library(wheel_files: set[str]) -> None:
    assert below("dlmap/_vendor/minisearch/", wheel_files) == {"index.js", "LICENSE.txt", "VERSION"}


def test_the_wheel_holds_katex_with_woff2_fonts_only(wheel_files: set[str]) -> None:
    katex = below("dlmap/_vendor/katex/", wheel_files)
    assert {name for name in katex if "/" not in name} == {
        "katex.min.js",
        "katex.min.css",
        "mhchem.min.js",
        "LICENSE",
        "VERSION",
    }
    fonts = below("fonts/", katex)
    assert "KaTeX_Main-Regular.woff2" in fonts
    assert {PurePosixPath(font).suffix for font in fonts} == {".woff2"}


def test_the_wheel_holds_the_font_of_the_cards(wheel_files: set[str]) -> None:
    font = below("dlmap/_vendor/@fontsource-variable/noto-serif-sc/", wheel_files)
    assert {"wght.css", "LICENSE", "VERSION", "files/noto-serif-sc-latin-wght-normal.woff2"} <= font


def test_the_wheel_of_the_tree_is_the_wheel_of_the_archive(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, cwd=ROOT)
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


def test_the_source_archive_holds_what_the_build_needs(dist: Path) -> None:
    with tarfile.open(dist / f"{NAME}.tar.gz") as archive:
        names = {name.removeprefix(f"{NAME}/") for name in archive.getnames()}
    assert {"pyproject.toml", "hatch_build.py", "package.json", "package-lock.json", ".npmrc"} <= names
    assert not {name for name in names if "_vendor" in name or "node_modules" in name}


def test_the_lock_file_pins_contents_and_no_addresses() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = {
        name.rpartition("node_modules/")[2]: entry for name, entry in lock["packages"].items() if name
    }
    assert {name: packages[name]["version"] for name in wanted} == wanted
    for entry in packages.values():
        assert entry["integrity"].startswith("sha512-")
        assert "resolved" not in entry


def test_the_installed_wheel_renders_formulas_without_node(installed: Path, tmp_path: Path) -> None:
    script = (
        "import dlmap, dlmap.math as m\n"
        "print(dlmap.__version__, m.katex_version())\n"
        "print(m.render_formulas([m.Formula('x^2', display=False)])[0].html)\n"
    )
    output = run(installed / "python", "-c", script, cwd=tmp_path, env=clean_environment(PATH=""))
    versions, html = output.splitlines()
    assert versions.split()[0] == __version__
    assert html.startswith('<span class="katex">')


POST = """---
layout: post
title: 地图
---

# 部分

## 类型

### 变分自编码器 (Variational Autoencoder)

**变分自编码器**最大化$\\log p(x)$的下界，如**VQ-VAE**, **NVAE**。
"""


def test_the_installed_wheel_builds_what_the_checkout_builds(installed: Path, tmp_path: Path) -> None:
    """In an empty folder, without a network where the system lets us cut it, to the last byte."""
    folders = {"wheel": tmp_path / "wheel", "checkout": tmp_path / "checkout"}
    for folder in folders.values():
        folder.mkdir()
        (folder / "post.md").write_text(POST, encoding="utf-8")
    environment = clean_environment(PATH="/usr/bin:/bin")
    isolated = ["unshare", "--net", "--map-root-user"]
    can_isolate = subprocess.run([*isolated, "true"], capture_output=True, check=False).returncode == 0
    cut = isolated if can_isolate else []
    run(*cut, installed / "dlmap", "build", "post.md", cwd=folders["wheel"], env=environment)
    run(
        sys.executable,
        "-m",
        "dlmap",
        "build",
        "post.md",
        cwd=folders["checkout"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    sites = {
        name: {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for file in (folder / "site").rglob("*")
            if file.is_file()
        }
        for name, folder in folders.items()
    }
    assert "site/zh/vq-vae/index.html" in sites["wheel"]
    assert sites["wheel"].keys() == sites["checkout"].keys()
    assert [name for name in sites["wheel"] if sites["wheel"][name] != sites["checkout"][name]] == []


def test_the_installed_wheel_makes_new_sites(installed: Path, tmp_path: Path) -> None:
    environment = clean_environment(PATH="/usr/bin:/bin")
    run(installed / "dlmap", "init", "map", cwd=tmp_path, env=environment)
    run(installed / "dlmap", "check", "--strict", "map", cwd=tmp_path, env=environment)
    assert (tmp_path / "map" / ".github" / "workflows" / "pages.yml").is_file()


def test_a_file_that_is_newly_taken_of_a_library_is_fetched(tmp_path: Path) -> None:
    """A checkout that has the library already, in the same version, gets what the hook takes of it since."""
    copy = tmp_path / "checkout"
    shutil.copytree(
        ROOT, copy, ignore=shutil.ignore_patterns(".*", "node_modules", "site", "content", "tests", "docs")
    )
    shutil.copyfile(ROOT / ".npmrc", copy / ".npmrc")
    taken = copy / "src" / "dlmap" / "_vendor" / "minisearch"
    (taken / "index.js").unlink()
    script = "import hatch_build as h; from pathlib import Path; h.fetch_libraries(Path(), Path('src/dlmap/_vendor'))"
    run(sys.executable, "-c", script, cwd=copy)
    assert (taken / "index.js").read_bytes() == (
        (ROOT / "src" / "dlmap" / "_vendor") / "minisearch" / "index.js"
    ).read_bytes()
