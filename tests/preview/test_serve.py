"""`dlmap serve` as a program: whatever happens to the files, it shows what a clean build would publish."""

import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from dlmap import build
from support.checkout import require
from support.preview import PATIENCE, Events, ask, write

OUTLINE = """---
title: 生成模型
lang: zh
---
# 生成模型 (Generative Models)

## 隐变量模型 (Latent Variable Models)

### 变分自编码器 (Variational Autoencoder)

**变分自编码器**用变分推断学习隐变量，第一版。

- 改进先验：如 **VampPrior**, **VQ-VAE**。
"""
METHODS = """vq-vae:
  name: VQ-VAE
  year: 2017
"""
NOTE = "VQ-VAE把隐变量离散化。\n"
CLIENT = re.compile(rb'<script type="module" src="/_dlmap/preview.js"[^>]*></script>')
CONFIG = "offline = false\n"
"""A preview never has a service worker; with one every page of the published site would be another."""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "site"
    make(folder)
    return folder


def make(folder: Path, text: str = "第一版") -> None:
    write(folder / "content" / "outline.zh.md", OUTLINE.replace("第一版", text))
    write(folder / "content" / "methods.yml", METHODS)
    write(folder / "dlmap.toml", CONFIG)
    write(folder / "content" / "notes" / "vq-vae.zh.md", NOTE)
    write(folder / "static" / "own.css", "p { color: red }")


class Serving:
    """The command in a process group of its own."""

    def __init__(self, folder: Path, *options: str, under: tuple[str, ...] = ()) -> None:
        self.process = subprocess.Popen(
            [*under, sys.executable, "-m", "dlmap", "serve", folder, "--port", "0", *options],
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=folder.parent,
            start_new_session=True,
        )
        self.said: list[str] = []
        self.port = 0

    def wait_until_ready(self) -> None:
        self.port = int(re.findall(r":(\d+)/", self.line_with("Preview at"))[0])

    def line_with(self, text: str) -> str:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line.rstrip())
            if text in line:
                return line.rstrip()
        raise AssertionError(self.said)

    def end(self) -> float:
        """Press Ctrl-C; the seconds to the end."""
        begin = time.perf_counter()
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(PATIENCE)
        return time.perf_counter() - begin

    def is_anything_left(self) -> bool:
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True


@pytest.fixture
def serve() -> Iterator[Callable[..., Serving]]:
    started: list[Serving] = []

    def start(folder: Path, *options: str, under: tuple[str, ...] = ()) -> Serving:
        started.append(Serving(folder, *options, under=under))
        started[-1].wait_until_ready()
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.communicate()


def clean_build(folder: Path) -> dict[str, bytes]:
    """Every file of the site as `dlmap build` publishes it."""
    output = folder.with_name("clean")
    if (folder / ".git").exists():  # of its history a preview tells nothing
        copy = folder.with_name("copy")
        shutil.rmtree(copy, ignore_errors=True)
        folder = shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".git"))
    result = build(folder, output, base_url="http://localhost/", cache=False, durable=False)
    assert result.published, result.diagnostics
    files = [file for file in output.rglob("*") if file.is_file() and file.name != ".nojekyll"]
    assert len(files) > 20
    return {file.relative_to(output).as_posix(): file.read_bytes() for file in files}


def difference(preview: Serving, published: dict[str, bytes]) -> str:
    """The first path where the preview differs from what is published; empty where there is none."""
    for path, content in published.items():
        answer = ask(preview.port, f"/{quote(path)}")
        if (answer.status, CLIENT.sub(b"", answer.body)) != (200, content):
            return path
    return ""


def settles(preview: Serving, folder: Path) -> bool:
    """Whether the preview comes to show what a clean build makes."""
    published = clean_build(folder)
    with Events(preview.port) as events:
        events.next()
        while difference(preview, published):
            try:
                events.next()
            except TimeoutError:
                return False
    return True


@pytest.mark.timeout(300)
def test_every_kind_of_change(site: Path, serve: Callable[..., Serving]) -> None:
    preview = serve(site)
    assert settles(preview, site)
    content = site / "content"
    outline = content / "outline.zh.md"

    def rename_over() -> None:
        write(content / "outline.new", OUTLINE.replace("第一版", "另存"))
        (content / "outline.new").replace(outline)

    def save_as_vim_does() -> None:
        outline.rename(content / "outline.zh.md~")
        write(outline, OUTLINE.replace("第一版", "改过"))
        (content / "outline.zh.md~").unlink()

    def link_a_folder() -> None:
        shutil.rmtree(content / "notes")
        write(content / "more" / "vq-vae.zh.md", "链接里的说明。\n")
        (content / "notes").symlink_to("more")

    def make_anew() -> None:
        shutil.rmtree(site)
        make(site, "重建")

    changes: list[Callable[[], object]] = [
        lambda: write(outline, OUTLINE.replace("第一版", "第二版")),
        rename_over,
        save_as_vim_does,
        lambda: write(content / "methods.yml", METHODS.replace("2017", "2018")),
        lambda: write(content / "notes" / "vampprior.zh.md", "新的说明。\n"),
        (content / "notes" / "vampprior.zh.md").unlink,
        lambda: write(site / "templates" / "_footer.html", "<footer>自己的页脚</footer>\n"),
        lambda: write(site / "templates" / "_footer.html", "<footer>改了的页脚</footer>\n"),
        lambda: write(site / "templates" / "_footer.html", '{% include "default/_footer.html" %}\n'),
        lambda: write(site / "templates" / "strings" / "zh.toml", 'home = "起点"\n'),
        lambda: shutil.rmtree(site / "templates"),
        lambda: write(content / "pages" / "about.zh.md", "---\ntitle: 关于\n---\n见[它](#vq-vae)。\n"),
        lambda: write(content / "pages" / "about.zh.md", "---\ntitle: 说明\nnav: bar\n---\n改了。\n"),
        (content / "pages" / "about.zh.md").unlink,
        lambda: write(site / "static" / "custom.css", ":root { --paper: #fff }"),
        (site / "static" / "custom.css").unlink,
        lambda: write(site / "static" / "favicon.svg", "<svg/>"),
        lambda: write(site / "static" / "own.css", "p { color: blue }"),
        lambda: write(site / "static" / "site.css", "p { color: green }"),
        lambda: write(site / "static" / "深" / "图.svg", "<svg/>"),
        lambda: write(site / "dlmap.toml", CONFIG + 'title = "新的标题"\n'),
        lambda: write(outline, OUTLINE + "\n### 流模型 (Flow)\n\n- 耦合层：如 **NICE**。\n"),
        link_a_folder,
        lambda: write(content / "more" / "vq-vae.zh.md", "链接里改过的说明。\n"),
        make_anew,
        lambda: build(site, site / "public", durable=False),
        lambda: write(outline, OUTLINE.replace("第一版", "最后")),
    ]
    for number, change in enumerate(changes):
        change()
        assert settles(preview, site), number
    assert not any("error" in line for line in preview.said)


@pytest.mark.timeout(300)
def test_2d_a_checkout_of_a_thousand_files(site: Path, serve: Callable[..., Serving]) -> None:
    def git(*command: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *command],
            cwd=site,
            check=True,
            capture_output=True,
        )

    git("init", "-q", "-b", "one")
    git("add", "-A")
    git("commit", "-qm", "one")
    git("checkout", "-qb", "two")
    names = [f"名字{number}" for number in range(1000)]
    bullets = "".join(f"- 分支{number}：如 **Net-{number}**。\n" for number, _ in enumerate(names))
    write(site / "content" / "outline.zh.md", OUTLINE + bullets)
    for number, name in enumerate(names):
        write(site / "content" / "notes" / f"net-{number}.zh.md", f"{name}的说明。\n")
    git("add", "-A")
    git("commit", "-qm", "two")
    preview = serve(site)
    git("checkout", "-q", "one")
    assert settles(preview, site)
    git("checkout", "-q", "two")
    with Events(preview.port) as events:
        while ask(preview.port, "/zh/net-999/").status != 200:
            events.next()
        while "名字999的说明" not in ask(preview.port, "/zh/net-999/").text:
            events.next()
    git("checkout", "-q", "one")
    assert settles(preview, site)
    assert ask(preview.port, "/zh/net-999/").status == 404


@pytest.mark.timeout(300)
def test_2d_more_events_than_the_system_keeps(site: Path, serve: Callable[..., Serving]) -> None:
    limit = Path("/proc/sys/fs/inotify/max_queued_events")
    require(limit.exists() and int(limit.read_text()) <= 100_000, "inotify with a queue of its usual length")
    content = site / "content"
    preview = serve(site)
    os.killpg(preview.process.pid, signal.SIGSTOP)  # nobody takes events out of the queue
    noise, other = content / ".noise", content / ".other"
    noise.touch()
    for _ in range(int(limit.read_text()) // 4 + 1000):  # each makes four events
        noise.rename(other)
        other.rename(noise)
    make(site, "第二版")
    write(content / "notes" / "vampprior.zh.md", "VampPrior的说明。\n")
    (site / "static" / "own.css").unlink()
    os.killpg(preview.process.pid, signal.SIGCONT)
    assert settles(preview, site)
    with Events(preview.port) as events:
        write(content / "notes" / "vampprior.zh.md", "新的说明。\n")
        while "新的说明" not in ask(preview.port, "/zh/vampprior/").text:
            events.next()


def test_without_inotify_it_polls(site: Path, serve: Callable[..., Serving]) -> None:
    """In a user namespace that may not have a single instance, as where other programs hold all of them."""
    limit = "echo 0 > /proc/sys/user/max_inotify_instances"
    namespace = ("unshare", "--user", "--map-root-user", "sh", "-c")
    permitted = shutil.which("unshare") and subprocess.run([*namespace, limit], check=False).returncode == 0
    require(bool(permitted), "a user namespace with limits of its own")
    preview = serve(site, under=(*namespace, f'{limit}; exec "$@"', "sh"))
    assert any("polling once a second instead" in line for line in preview.said)
    make(site, "第二版")
    with Events(preview.port) as events:
        while "第二版" not in ask(preview.port, "/zh/variational-autoencoder/").text:
            events.next()


def resident_megabytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) // 1024


def test_memory_is_bounded_while_somebody_writes_without_a_pause(
    site: Path, serve: Callable[..., Serving]
) -> None:
    require(Path("/proc/self/status").exists(), "the process table of Linux")
    families = [f"### 第{n}族\n\n这一族的说明。如**Net-{n}A**、**Net-{n}B**。\n" for n in range(150)]
    write(site / "content" / "outline.zh.md", "\n".join([OUTLINE, *families]))
    preview = serve(site)
    before = resident_megabytes(preview.process.pid)
    for number in range(120):
        write(site / "content" / "outline.zh.md", "\n".join([OUTLINE, f"第{number}版。\n", *families]))
        time.sleep(0.05)  # the pace of the writer is what is tested
    assert resident_megabytes(preview.process.pid) < 1.5 * before
    assert preview.end() < 2


def test_the_editor_is_the_one_that_the_configuration_names_now(
    site: Path, serve: Callable[..., Serving]
) -> None:
    preview = serve(site)
    with Events(preview.port) as events:
        events.next()
        write(site / "dlmap.toml", f'{CONFIG}editor = "zed"\n')
        assert events.next()["ok"] is True
        write(site / "content" / "outline.zh.md", OUTLINE.replace("第一版", "[x](javascript:x)"))
        assert events.next()["ok"] is False
        problem, *_ = json.loads(ask(preview.port, "/_dlmap/diagnostics.json").body)["problems"]
    assert problem["editor"].startswith("zed://file/")


def test_a_fault_and_its_fix(site: Path, serve: Callable[..., Serving]) -> None:
    preview = serve(site)
    outline = site / "content" / "outline.zh.md"
    with Events(preview.port) as events:
        events.next()
        write(outline, OUTLINE.replace("第一版", "[x](javascript:x)"))
        assert events.next()["ok"] is False
        assert "第一版" in ask(preview.port, "/zh/variational-autoencoder/").text
        assert "outline.zh.md:11:" in preview.line_with("error[DL303]")
        write(site / "dlmap.toml", "titel = 1\n")
        assert events.next()["ok"] is False
        preview.line_with("error[DL902]")
        write(site / "dlmap.toml", CONFIG)
        events.next()
        write(outline, OUTLINE)
        while events.next()["ok"] is False:
            pass
    assert settles(preview, site)


def test_a_broken_template_is_reported_until_fixed(site: Path, serve: Callable[..., Serving]) -> None:
    preview = serve(site)
    with Events(preview.port) as events:
        events.next()
        write(site / "templates" / "_footer.html", "<footer>\n{{ nothing }}</footer>\n")
        events.next()
        ask(preview.port, "/zh/vq-vae/")
        assert "templates/_footer.html:2: error[template] UndefinedError" in preview.line_with(
            "UndefinedError"
        )
        write(site / "templates" / "_footer.html", "<footer>\n{% nothing %}</footer>\n")
        events.next()
        ask(preview.port, "/zh/vq-vae/")
        assert "templates/_footer.html:2: error[template]" in preview.line_with("TemplateSyntaxError")
        shutil.rmtree(site / "templates")
    assert settles(preview, site)


def test_a_link_out_of_the_site_is_not_sent(site: Path, serve: Callable[..., Serving]) -> None:
    write(site.parent / "secret.txt", "canary")
    preview = serve(site)
    (site / "static" / "own.css").unlink()
    (site / "static" / "own.css").symlink_to("../../secret.txt")
    preview.line_with("own.css")
    assert "canary" not in ask(preview.port, "/assets/own.css").text
    (site / "static" / "own.css").unlink()
    write(site / "static" / "own.css", "p { color: red }")
    assert settles(preview, site)


def test_ctrl_c_leaves_nothing_behind(site: Path, serve: Callable[..., Serving]) -> None:
    write(site / "content" / "outline.zh.md", OUTLINE.replace("第一版", "$x^2$"))
    preview = serve(site)
    with Events(preview.port) as events:
        events.next()
        assert preview.end() < 2
        assert events.ends()
    assert preview.process.returncode == 0
    assert preview.process.stderr is not None
    assert preview.process.stderr.read() == ""
    assert not preview.is_anything_left()


def test_a_busy_port(site: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "dlmap", "serve", site, "--port", str(port)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert f"port {port} is in use; use --port " in done.stderr


def test_2b_more_connections_than_files_may_be_open(site: Path, serve: Callable[..., Serving]) -> None:
    """The terminal is told in one line, and whoever asks after them is answered."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (96, hard))
    try:
        preview = serve(site)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    opened = int(
        re.findall(r"Max open files +(\d+)", Path(f"/proc/{preview.process.pid}/limits").read_text())[0]
    )
    assert opened == min(hard, 4096), "as many as some hundred connections take"
    resource.prlimit(preview.process.pid, resource.RLIMIT_NOFILE, (96, 96))
    idle = [socket.create_connection(("127.0.0.1", preview.port), PATIENCE) for _ in range(200)]
    preview.line_with("Too many open files")
    for sock in idle:
        sock.close()
    assert ask(preview.port, "/zh/vq-vae/").status == 200
    assert preview.end() < 2
    assert preview.process.stderr is not None
    assert preview.process.stderr.read() == ""


def test_a_key_opens_what_the_outline_was_read_as(
    site: Path, serve: Callable[..., Serving], browser: Browser
) -> None:
    preview = serve(site)
    page = browser.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    with page.expect_response(lambda response: "_dlmap/events" in response.url):
        page.goto(f"http://127.0.0.1:{preview.port}/zh/")
    panel = page.locator("dlmap-explanations dialog")
    page.keyboard.press("e")
    expect(panel).to_be_visible()  # until its style is there it is in the page, and closed
    expect(panel.locator("h1")).to_have_text("What the outline was read as")
    family = panel.locator("li", has_text="变分自编码器").first
    expect(family).to_contain_text("heading → family")
    expect(family).to_contain_text("content/outline.zh.md:9:5")
    expect(panel.locator("li", has_text="VampPrior").last).to_contain_text("why:")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    # In a text field the key is a letter.
    page.keyboard.press("/")
    expect(page.locator("dialog.search input")).to_be_focused()
    page.keyboard.type("e")
    expect(panel).to_have_count(0)
    assert errors == []
    page.close()
