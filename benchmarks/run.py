"""Measure dlmap beside other programs on the same generated blog; print a table and write RESULTS.md.

    python benchmarks/run.py [--scale 1 3 10] [--runs 3] [--only dlmap Hugo]

In every round each program builds its own project three times: from nothing, with nothing changed, and after an edit
of one post.  The programs take turns, so that a slow minute of the machine is a slow minute for all of them.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psutil

from generate import POSTS, outline, write_blog
from measure import Run, RunFailedError, run
from tools import CHECKOUT, DLMAP, PEERS, AbsentError, Project, Tool

STEPS = ("from nothing", "nothing changed", "one post edited")
# Where dlmap wants to be, as a share of the other program's time for the same step.
GOALS = {("Eleventy", 0): 0.45, ("Hugo", 0): 0.10, ("Hugo", 1): 0.08, ("Hugo", 2): 0.10}
MARKER = "marker-of-the-edit"


@dataclass
class Row:
    """What is known of one program on one blog."""

    name: str
    version: str = ""
    remark: str = ""
    """Why there are no figures, or what has to be known to read them."""
    project: Project | None = None
    runs: tuple[list[Run], list[Run], list[Run]] = field(default_factory=lambda: ([], [], []))

    @property
    def works(self) -> bool:
        return self.project is not None

    def median(self, step: int) -> float:
        return statistics.median(run.seconds for run in self.runs[step])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, nargs="+", default=[1.0], help=f"times {POSTS} posts")
    parser.add_argument(
        "--peers-up-to", type=float, default=1.0, help="larger blogs are built by dlmap alone"
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="the programs to measure")
    parser.add_argument("--families", type=int, default=100, help="of the outline; 0 leaves it out")
    parser.add_argument("--results", type=Path, default=CHECKOUT / "benchmarks" / "RESULTS.md")
    options = parser.parse_args()

    sections = []
    base = CHECKOUT / ".bench"
    base.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="work-", dir=base) as name:
        for number, scale in enumerate(options.scale):
            tools = (DLMAP, *PEERS) if scale <= options.peers_up_to else (DLMAP,)
            chosen = [tool for tool in tools if not options.only or tool.name in options.only]
            work = Path(name) / f"blog{number}"
            sections.append(measure_blog(work, scale, options.seed, chosen, options.runs))
            shutil.rmtree(work)
        if options.families and (not options.only or DLMAP.name in options.only):
            sections.append(measure_outline(Path(name) / "outline", options.families, options.runs))
    report = "\n\n".join((f"# Results\n\n{machine()}", *sections)) + "\n"
    options.results.write_text(report, encoding="utf-8", newline="\n")
    print(report)


def measure_blog(work: Path, scale: float, seed: int, tools: Sequence[Tool], runs: int) -> str:
    """Measure programs on a blog; a section of the report."""
    work.mkdir(parents=True)
    count = round(POSTS * scale)
    blog = work / "blog"
    write_blog(blog, count, seed=seed)
    texts = [post.read_text("utf-8") for post in (blog / "_posts").iterdir()]
    formulas = sum(text.count("$$") // 2 for text in texts)
    size = sum(len(text.encode()) for text in texts) / 1e6
    rows = [prepared(tool, blog, work / tool.name.lower()) for tool in tools]
    for round_number in range(runs):
        for row, tool in zip(rows, tools, strict=True):
            attempt(row, partial(measure_round, row, tool, round_number, count, formulas))
    head = f"## A blog of {count:,} posts\n\n{size:.1f} MB of Markdown, {formulas:,} formulas. {runs} rounds."
    return "\n\n".join((head, table(rows, count), *ratios(rows)))


def prepared(tool: Tool, blog: Path, folder: Path) -> Row:
    row = Row(tool.name)
    try:
        row.version = tool.version()
        row.project = tool.prepare(blog, folder)
        row.remark = "" if tool.has_formulas else "formulas left to the browser"
    except AbsentError as error:
        row.remark = f"absent: {error}"
    return row


def attempt(row: Row, work: Callable[[], None]) -> None:
    """Do some of a program's work; when it fails, that program is left out from there on, and the report says why."""
    if not row.works:
        return
    try:
        work()
    except RunFailedError as error:
        row.project, row.remark = None, f"failed: {error}"
    print(f"{row.name}: {row.remark or 'measured'}", flush=True)


def measure_round(row: Row, tool: Tool, number: int, posts: int, formulas: int) -> None:
    assert row.project is not None
    row.project.clear()
    row.runs[0].append(build(row.project))
    pages, rendered = contents(row.project.output)
    if pages < posts:
        raise RunFailedError(f"makes {pages} pages of {posts} posts")
    if tool.has_formulas and rendered < formulas:
        raise RunFailedError(f"renders {rendered} of {formulas} formulas")
    row.runs[1].append(build(row.project))
    edit(sorted(row.project.posts.glob("*.md"))[posts // 2], number)
    row.runs[2].append(build(row.project))
    if not any(f"{MARKER}-{number}" in page.read_text("utf-8") for page in pages_of(row.project.output)):
        raise RunFailedError("does not show an edit")


def measure_outline(work: Path, families: int, runs: int) -> str:
    """Measure dlmap on an outline."""
    blog = work / "blog"
    blog.mkdir(parents=True)
    text = outline(families, 8)
    (blog / "outline.md").write_text(text, encoding="utf-8", newline="\n")
    row = prepared(DLMAP, blog, work / "site")
    for number in range(runs):
        attempt(row, partial(_outline_round, row, number))
    head = f"## An outline of {families:,} families and {families * 8:,} methods\n\n{len(text.encode()) / 1e3:.0f} kB."
    return f"{head}\n\n{table([row], families * 8)}"


def _outline_round(row: Row, number: int) -> None:
    assert row.project is not None
    row.project.clear()
    row.runs[0].append(build(row.project))
    row.runs[1].append(build(row.project))
    edit(row.project.folder / "outline.md", number)
    row.runs[2].append(build(row.project))


def build(project: Project) -> Run:
    return run(project.command, project.folder, dict(project.environment))


def edit(post: Path, number: int) -> None:
    with post.open("a", encoding="utf-8") as file:
        file.write(f"\n修改 {MARKER}-{number}。\n")


def pages_of(output: Path) -> Iterable[Path]:
    return output.rglob("*.html")


def contents(output: Path) -> tuple[int, int]:
    """How many pages a site has, and how many formulas stand in them as HTML."""
    texts = [page.read_bytes() for page in pages_of(output)]
    return len(texts), sum(text.count(b'class="katex"') for text in texts)


def table(rows: Sequence[Row], count: int) -> str:
    """The figures as a Markdown table: median, and in parentheses the least and the most."""
    lines = [
        f"| | version | {' | '.join(f'{step}, s' for step in STEPS)} | ms each | memory, MB | of its first process | |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for row in rows:
        cells = ["–"] * 6
        if row.works:
            cells = [_spread([run.seconds for run in runs]) for runs in row.runs]
            cells.append(f"{row.median(0) / count * 1000:.2f}")
            every = [run for runs in row.runs for run in runs]
            cells.append(f"{max(run.peak_bytes for run in every) / 1e6:.0f}")
            cells.append(f"{max(run.own_peak_bytes for run in every) / 1e6:.0f}")
        lines.append(f"| {row.name} | {row.version or '–'} | {' | '.join(cells)} | {row.remark} |")
    return "\n".join(lines)


def _spread(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f})"


def ratios(rows: Sequence[Row]) -> list[str]:
    """The time of dlmap as a share of each other program's, with its goals."""
    measured = {row.name: row for row in rows if row.works}
    own = measured.pop(DLMAP.name, None)
    if own is None or not measured:
        return []
    lines = [f"| dlmap ÷ | {' | '.join(STEPS)} |", "| --- | ---: | ---: | ---: |"]
    for name, row in measured.items():
        cells = []
        for step in range(len(STEPS)):
            share = own.median(step) / row.median(step)
            goal = GOALS.get((name, step))
            verdict = "" if goal is None else f" (goal {goal:.2f}: {'met' if share <= goal else 'missed'})"
            cells.append(f"{share:.3f}{verdict}")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return ["\n".join(lines)]


def machine() -> str:
    """What the figures were measured on."""
    done = subprocess.run(
        ["git", "-C", CHECKOUT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} at {done.stdout.strip() or 'no commit'} on {os.cpu_count()} cores, "
        f"{memory:.0f} GiB of memory, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; load at the end {os.getloadavg()[0]:.1f}.\n"
        "Times are wall-clock medians (least–most); memory is the most that all processes of a program had together, and the most that "
        "the one had that was started."
    )


if __name__ == "__main__":
    main()
