"""Whole builds under faults: killed at any moment, on a disk without room, in any surroundings."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.checkout import ROOT, require

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
OUTLINE = "# 视觉 (Vision)\n\n## 网络 (Networks)\n\n### 卷积 (Convolution)\n\n滤波 $w * x$，如 **VGG**。\n"
MANY = OUTLINE + "".join(f"\n### 第 {n} 族 (Family {n})\n\n" + "文字。" * 2000 + "\n" for n in range(40))


def content_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


# Killed


def ends_of_killed_builds(number: int, folder: Path) -> list[tuple[float, str, str, bool]]:
    run = subprocess.run(
        [sys.executable, ROOT / "tests" / "support" / "killed_builds.py", folder, str(number), "20240501"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return [tuple(end) for end in json.loads(run.stdout)]


@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize(
    "number",
    [
        pytest.param(8, id="some"),
        pytest.param(200, id="all", marks=[pytest.mark.nightly, pytest.mark.timeout(900)]),
    ],
)
def test_2c_a_build_killed_at_a_random_instant(number: int, tmp_path: Path) -> None:
    ends = ends_of_killed_builds(number, tmp_path)
    assert len(ends) == number
    assert [end for end in ends if end[2] == "torn"] == []
    assert [end for end in ends if not end[3]] == []
    assert sum(how == "killed" for _, how, _, _ in ends) > number // 2


# Without room


def test_2c_a_file_system_of_a_megabyte(tmp_path: Path) -> None:
    """A real file system that is full: the old site stays, and the place is told."""
    disk, blog = tmp_path / "disk", tmp_path / "blog"
    disk.mkdir()
    (blog / "content").mkdir(parents=True)
    outline = blog / "content" / "outline.zh.md"
    outline.write_text(OUTLINE, "utf-8")
    (tmp_path / "many.md").write_text(MANY, "utf-8")
    before, after = tmp_path / "before", tmp_path / "after"
    script = f"""
        set -e
        mount -t tmpfs -o size=1m none {disk}
        {sys.executable} -m dlmap build {blog} -o {disk}/site
        cp -r {disk}/site {before}
        cp {tmp_path}/many.md {outline}
        code=0
        {sys.executable} -m dlmap build {blog} -o {disk}/site || code=$?
        cp -r {disk}/site {after}
        exit $code
    """
    isolated = ["unshare", "--mount", "--map-root-user"]
    can_mount = subprocess.run([*isolated, "true"], capture_output=True, check=False).returncode == 0
    require(can_mount, "the right to mount a file system in a namespace (unshare --mount)")
    done = subprocess.run(
        [*isolated, "sh", "-c", script], env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(f"error: {disk}/.site.dlmap/stage/")
    assert last.endswith(f"No space left on device; the site in {disk}/site is unchanged")
    assert "Traceback" not in done.stderr
    assert content_of(after) == content_of(before)


# Anywhere


def test_2e_the_same_bytes_in_any_surroundings(tmp_path: Path) -> None:
    """Time zone, locale, mask of rights, working folder, hash seed, order of files, processes, place of the checkout."""
    surroundings = [
        ({"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}, 0o022, "", 1),
        ({"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "2"}, 0o077, REVERSED, 4),
    ]
    made = []
    for number, (environment, umask, setup, jobs) in enumerate(surroundings):
        place = tmp_path / ("here" if number == 0 else "somewhere/else with spaces")
        shutil.copytree(ROOT / "src", place / "src", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("templates", "static", "docs"):
            shutil.copytree(ROOT / name, place / name)
        write_blog(place / "blog")
        cwd = place if number == 0 else place / "blog" / "content"
        output = place / "out" / "site"
        code = f"{setup}\nimport sys\nfrom dlmap.cli import main\nsys.argv[0] = 'dlmap'\nmain()\n"
        arguments = [
            "build",
            os.path.relpath(place / "blog", cwd),
            "-o",
            os.path.relpath(output, cwd),
            f"-j{jobs}",
        ]
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments, "--base-url", "https://example.org/map/"],
            cwd=cwd,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(place / "src"), **environment},
            preexec_fn=lambda mask=umask: os.umask(mask),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        made.append(content_of(output))
    one, other = made
    assert len(one) > 250
    assert one.keys() == other.keys()
    assert [path for path in one if one[path] != other[path]] == []


REVERSED = """
import os
scandir, listdir = os.scandir, os.listdir
class Reversed:
    def __init__(self, *args):
        with scandir(*args) as entries:
            self.entries = sorted(entries, key=lambda entry: entry.name)
    def __iter__(self): return self
    def __next__(self):
        if not self.entries: raise StopIteration
        return self.entries.pop()
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def close(self): pass
os.scandir = Reversed
os.listdir = lambda *args: sorted(listdir(*args), reverse=True)
"""
"""The order in which a file system tells its files is nobody's choice."""


def write_blog(folder: Path) -> None:
    """More than 64 posts, so that processes share them; an outline in two languages, notes and facts."""
    articles = folder / "content" / "articles"
    articles.mkdir(parents=True)
    (folder / "content" / "notes").mkdir()
    for number in range(80):
        text = (
            f"---\ntitle: 第 {number} 篇\ndate: 2024-01-{number % 28 + 1:02}\ntags: [t{number % 7}]\n---\n\n"
        )
        text += f"正文 $x_{{{number}}}$，见 [卷积](/zh/convolution/)。\n"
        (articles / f"{number * 37 % 80}-post.md").write_text(text, "utf-8")
    (folder / "content" / "outline.zh.md").write_text(MANY, "utf-8")
    (folder / "content" / "outline.en.md").write_text(
        "# Vision\n\n## Networks\n\n### Convolution\n\nFilters, such as **VGG**, **ResNet**.\n", "utf-8"
    )
    for number in range(9):
        (folder / "content" / "notes" / f"family-{number}.zh.md").write_text(
            f"注 {number} $y_{number}$\n", "utf-8"
        )
    (folder / "content" / "methods.yml").write_text("vgg:\n  name: VGG\n  year: 2014\n", "utf-8")
