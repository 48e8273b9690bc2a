"""Builds that are killed: run as a program, `killed_builds.py FOLDER NUMBER SEED`; it writes what became of each.

One process imports dlmap and forks a build for each instant, so that a kill costs no start of Python.  A record of one
is [instant, how the build ended, which site stood then, whether the next build was right].
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

from dlmap import build

OUTLINE = """\
# 视觉 (Vision)

## 骨干网络 (Backbones)

### 卷积网络 (Convolutional Network)

卷积 $y = w * x + {edition}$ 的第 {edition} 版。

- 深层：如 **VGG**、**ResNet**、**第 {edition} 网**
"""
POST = "---\ntitle: 第 {edition} 篇\ndate: 2024-05-0{edition}\n---\n\n正文 $e^{{{edition}}}$，见 [CNN](/zh/convolutional-network/)。\n"


def write_sources(folder: Path, edition: int) -> None:
    """The site of an edition: 1 or 2."""
    articles = folder / "content" / "articles"
    articles.mkdir(parents=True, exist_ok=True)
    (folder / "content" / "outline.zh.md").write_text(OUTLINE.format(edition=edition), "utf-8")
    (articles / f"post-{edition}.md").write_text(POST.format(edition=edition), "utf-8")
    (articles / f"post-{3 - edition}.md").unlink(missing_ok=True)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run_build(folder: Path, until: float | None) -> str:
    """Build in a process of its own, which is killed `until` seconds later; says how it ended."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        try:
            os._exit(0 if build(folder, folder / "site").published else 1)
        except BaseException:  # noqa: BLE001 - the parent is told by the code
            os._exit(3)
    if until is not None:
        time.sleep(until)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return "killed" if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}"


def main(base: Path, number: int, seed: int) -> list[tuple[float, str, str, bool]]:
    """What became of so many builds, each killed at a random instant."""
    random_ = random.Random(seed)  # noqa: S311 - no secret
    clean: dict[int, dict[str, bytes]] = {}
    for edition in (1, 2):
        write_sources(base / f"clean-{edition}", edition)
        assert build(base / f"clean-{edition}", base / f"clean-{edition}" / "site", cache=False).published
        clean[edition] = tree(base / f"clean-{edition}" / "site")
    assert clean[1] != clean[2]

    folder = base / "blog"
    longest = 0.0
    for edition in (1, 2, 1, 2):
        write_sources(folder, edition)
        began = time.perf_counter()
        assert run_build(folder, None) == "exit 0"
        longest = time.perf_counter() - began
    ends: list[tuple[float, str, str, bool]] = []
    for turn in range(number):
        old, new = (2, 1) if turn % 2 == 0 else (1, 2)
        write_sources(folder, new)
        if turn % 10 == 9:
            shutil.rmtree(folder / ".dlmap")  # then the formula engine is at work as well
        instant = random_.random() * longest
        how = run_build(folder, instant)
        found = tree(folder / "site")
        state = {str(found == clean[old]): "old", str(found == clean[new]): "new"}.get("True", "torn")
        healed = run_build(folder, None) == "exit 0" and tree(folder / "site") == clean[new]
        ends.append((instant, how, state, healed))
    # There is no previous site where the killed build had come to its end, and the next one found nothing to do.
    left = sorted({entry.name for entry in (folder / ".site.dlmap").iterdir()} - {"previous"})
    assert left == [".gitignore", "contents.json", "lock"], left
    return ends


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])), sys.stdout)
