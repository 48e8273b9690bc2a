"""Measure the search of a large generated site in Chromium: what is loaded, and the time of each answer.

    python benchmarks/search.py [--families 375] [--methods 8] [--posts 1500]

The queries are typed letter by letter, in five rounds; each letter is one answer of the worker, there and back, and
counts with its best round, as other programs make a machine slower but never faster.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from dlmap.cache import Cache
from dlmap.load.discover import discover
from dlmap.load.site import Loader
from dlmap.site import Site, plan_site
from dlmap.site.page_types import reserved_ids
from generate import POSTS, outline, write_blog

CHECKOUT = Path(__file__).parents[1]
QUERIES = (
    *("注意力的残差连接", "如何减小梯度误差", "bianfen", "bfzbmq", "juanji", "shenjingwangluo", "sunshi"),
    *(
        "ConvFormer v2",
        "mixnet",
        "sparse gate",
        "deepflwo",
        "特征",
        "的",
        "a",
        "学习率 归一化",
        "transformer 位置编码",
    ),
)
TYPE = """async (queries) => {
  const worker = new Worker("assets/search-worker.js");
  let answered;
  worker.onmessage = ({ data }) => answered?.(data);
  const ask = (query) => {
    const sent = performance.now();
    return new Promise((done) => {
      answered = (data) => done([performance.now() - sent, data.isWhole]);
      worker.postMessage({ query, lang: "zh", number: 0 });
    });
  };
  const start = performance.now();
  await ask("a");
  const first = performance.now() - start;
  while (!(await ask("a"))[1]) await new Promise((done) => setTimeout(done, 100));
  const whole = performance.now() - start;
  const best = {};
  for (let round = 0; round < 5; round += 1) {
    for (const query of queries) {
      for (let end = 1; end <= query.length; end += 1) {
        const typed = query.slice(0, end);
        best[typed] = Math.min(best[typed] ?? Infinity, (await ask(typed))[0]);
      }
    }
  }
  return { first, whole, times: Object.entries(best) };
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - the base class's signature
        pass


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--families", type=int, default=375)
    parser.add_argument("--methods", type=int, default=8, help="in each family")
    parser.add_argument("--posts", type=int, default=POSTS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dlmap-search-") as work:
        folder = Path(work)
        text = outline(options.families, options.methods)
        with planned(folder / "in", text, options.posts) as site:
            print(f"{len(site.taxonomy.concepts)} concepts, {len(site.library.entries)} articles")
            write(site, folder / "out")
        with served(folder / "out") as address:
            report(type_queries(address))


@contextmanager
def planned(folder: Path, text: str, posts: int) -> Iterator[Site]:
    """The site of a generated outline and blog."""
    (folder / "content").mkdir(parents=True)
    (folder / "content" / "outline.zh.md").write_text(text, "utf-8")
    write_blog(folder, posts)
    jobs = os.cpu_count() or 1
    with Cache.open(folder) as cache, Loader(cache, reserved_ids=reserved_ids(), jobs=jobs) as loader:
        sources = discover(folder)
        made = loader.load(sources)
        yield plan_site(made.taxonomy, made.config, made.articles, cache)


def write(site: Site, folder: Path) -> None:
    """The files of the search and a page to load them from."""
    (folder / "assets").mkdir(parents=True)
    (folder / "search").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>search</title>", "utf-8")
    shutil.copy(CHECKOUT / "static" / "search-worker.js", folder / "assets")
    for path, make in site.data.items():
        if path.startswith(("search/", "assets/")):
            start = time.process_time()
            content = make()
            seconds = time.process_time() - start
            (folder / path).write_bytes(content)
            packed = len(gzip.compress(content, 6))
            print(
                f"{path}: {len(content):,} bytes, {packed:,} as gzip, {seconds:.2f} s of this process to make"
            )


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder at an address of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def type_queries(address: str) -> dict[str, Any]:
    """Types all queries in Chromium."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        page = browser.new_page()
        page.goto(address)
        found: dict[str, Any] = page.evaluate(TYPE, QUERIES)
        browser.close()
    return found


def report(found: dict[str, Any]) -> None:
    """What was measured."""
    times: Sequence[tuple[str, float]] = found["times"]
    taken = sorted(milliseconds for _, milliseconds in times)
    print(f"first answer after {found['first']:.0f} ms, all texts after {found['whole']:.0f} ms")
    print(
        f"{len(taken)} keystrokes: median {statistics.median(taken):.1f} ms, "
        f"95 % below {taken[int(len(taken) * 0.95)]:.1f} ms, longest {taken[-1]:.1f} ms"
    )
    for query, milliseconds in sorted(times, key=lambda item: -item[1])[:5]:
        print(f"  {milliseconds:6.1f} ms  {query}")


if __name__ == "__main__":
    main()
