"""Measure how long a save takes to show up in an open page of `dlmap serve`, in a real Chromium; print a table.

    python benchmarks/live.py [--edits 30] [--posts 1500] [--only note outline]

The clock starts before the file is written and stops when the page's document holds what was written.  "preview alone"
is the same way with a site of one page that takes no time to understand: watching, telling, fetching, changing the page.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from generate import write_blog
from tools import CHECKOUT

CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
WARM_UP = 3

# In the page: `expect` starts looking for a word in the text, or in the variable --word of a style sheet.
WITNESS = """
window.expect = (word) => {
  window.seen = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`the page never showed ${word}`)), 60000);
    const look = () => {
      const style = () => getComputedStyle(document.documentElement).getPropertyValue("--word");
      if (!document.body.textContent.includes(word) && !style().includes(word)) return;
      const now = performance.timeOrigin + performance.now();
      observer.disconnect();
      removeEventListener("load", look, true);
      resolve(now);
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, characterData: true });
    addEventListener("load", look, true);
  });
};
"""

ALONE = """
import sys
from pathlib import Path
from dlmap.preview import PreviewOptions, RebuildResult, run_preview

folder = Path(sys.argv[1])

class Site(dict):
    paths = dict.keys
    content = dict.__getitem__

def rebuild(changed):
    page = "<!doctype html><title>page</title><p>" + (folder / "page.md").read_text()
    return RebuildResult(True, Site({"index.html": page.encode()}), (), "1 page")

options = PreviewOptions(folder, (folder,), (), port=0)
run_preview(options, rebuild, announce=lambda line: print(line, file=sys.stderr, flush=True))
"""


@dataclass(frozen=True, slots=True)
class Edit:
    """What is written where, and the page that shows it."""

    name: str
    page: str
    file: str
    old: str
    new: str
    """`old` with `{word}` put in."""


ON_DEFAULT_SITE = (
    Edit("note", "zh/adam/", "content/notes/adam.zh.md", "Adam用梯度", "Adam{word}用梯度"),
    Edit(
        "outline",
        "zh/optimization/",
        "content/outline.zh.md",
        "通常是用历史梯度",
        "通常是{word}用历史梯度",
    ),
    Edit(
        "methods.yml",
        "zh/optimization/",
        "content/methods.yml",
        "并校正偏差，为每个",
        "并校正{word}偏差，为每个",
    ),
    Edit("template", "zh/adam/", "templates/_footer.html", "<p><a", "<p>{word} <a"),
    Edit("CSS", "zh/adam/", "static/site.css", ":where(:root) {", ":where(:root) {{ --word: {word};"),
)
ALONE_EDIT = Edit("preview alone", "", "page.md", "words", "words {word}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--edits", type=int, default=30)
    parser.add_argument("--posts", type=int, default=1_500, help="of the generated blog; 0 leaves it out")
    parser.add_argument("--only", nargs="+", metavar="EDIT", help="the edits to measure")
    options = parser.parse_args()

    def wanted(*edits: Edit) -> list[Edit]:
        return [edit for edit in edits if not options.only or edit.name in options.only]

    print(f"{'edit':<16}{'median':>8}{'p95':>8}{'slowest':>9}   milliseconds, {options.edits} edits each")
    with tempfile.TemporaryDirectory(prefix="dlmap-live-") as name, chromium() as browser:
        work = Path(name)
        if edits := wanted(ALONE_EDIT):
            (work / "alone").mkdir()
            (work / "alone" / "page.md").write_text("words", "utf-8")
            measure(work / "alone", ["-c", ALONE, str(work / "alone")], edits, browser, options.edits)
        if edits := wanted(*ON_DEFAULT_SITE):
            site = default_site(work / "default")
            measure(site, ["-m", "dlmap", "serve", str(site), "--port", "0"], edits, browser, options.edits)
        if options.posts:
            site = work / "blog"
            edits = wanted(post_of(site, options.posts))
            if edits:
                measure(
                    site, ["-m", "dlmap", "serve", str(site), "--port", "0"], edits, browser, options.edits
                )


def default_site(folder: Path) -> Path:
    """A copy of the default site with a theme of its own, so that a template and a style sheet can be edited."""
    for name in ("content", "templates", "static"):
        shutil.copytree(CHECKOUT / name, folder / name)
    shutil.copyfile(CHECKOUT / "dlmap.toml", folder / "dlmap.toml")
    return folder


def post_of(folder: Path, posts: int) -> Edit:
    """A blog of so many posts, and the edit of one of them."""
    write_blog(folder, posts, seed=1)
    file = sorted((folder / "_posts").glob("*.md"))[posts // 2]
    slug = file.stem.split("-", 3)[3]
    text = file.read_text("utf-8")
    sentence = next(line for line in text.splitlines() if line.endswith("。") and "$" not in line[:4])
    return Edit(
        "post",
        f"zh/articles/{slug.lower()}/",
        f"_posts/{file.name}",
        sentence[:8],
        sentence[:4] + "{word}" + sentence[4:8],
    )


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS
        )
        yield browser
        browser.close()


def measure(site: Path, command: list[str], edits: list[Edit], browser: Browser, count: int) -> None:
    """Serve a site, edit it again and again, and print a row for each kind of edit."""
    with serving(command) as url:
        for edit in edits:
            page = browser.new_page()
            page.add_init_script(WITNESS)
            times = [one(page, url, site, edit, number) for number in range(-WARM_UP, count)][WARM_UP:]
            page.close()
            times.sort()
            p95 = times[max(0, -(-len(times) * 95 // 100) - 1)]
            median = statistics.median(times)
            print(f"{edit.name:<16}{median:>8.0f}{p95:>8.0f}{times[-1]:>9.0f}", flush=True)


@contextmanager
def serving(command: list[str]) -> Iterator[str]:
    """Start a preview; its address."""
    process = subprocess.Popen([sys.executable, *command], stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if line.startswith("Preview at "):
                yield line.split()[2]
                break
        else:
            raise SystemExit("".join(said))
    finally:
        process.terminate()
        process.communicate()


def one(page: Page, url: str, site: Path, edit: Edit, number: int) -> float:
    """The milliseconds from one save to the new page."""
    if page.url == "about:blank":
        with page.expect_response(lambda response: "_dlmap/events" in response.url):
            page.goto(url + edit.page)
    file = site / edit.file
    word = f"edit{number:+d}e"
    text = file.with_name(f".{file.name}.orig")
    if not text.exists():
        shutil.copyfile(file, text)
    before = text.read_text("utf-8")
    if edit.old not in before:
        raise SystemExit(f"{edit.file} no longer holds {edit.old!r}: correct {Path(__file__).name}")
    after = before.replace(edit.old, edit.new.format(word=word), 1)
    page.evaluate(f"expect({word!r})")
    # Edits come at any moment between two of the looks that the preview takes by itself.
    time.sleep(random.uniform(0.3, 1.0))
    begin = time.time()
    file.write_text(after, "utf-8")
    seen = page.evaluate("seen")
    assert isinstance(seen, float | int)
    return seen - begin * 1000


if __name__ == "__main__":
    main()
