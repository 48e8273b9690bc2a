"""The loop of the preview: an edit, a build, a message to the pages; broken, fixed, and stopped."""

import json
import os
import queue
import resource
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jinja2
import pytest

from dlmap.preview import RebuildResult
from dlmap.preview.overlay import overlay_messages
from dlmap.preview.runner import Preview
from dlmap.text import Diagnostic, Severity, SourceFile, Span
from support.preview import ERROR, PATIENCE, WARNING, Events, Running, Site, ask, running, serving, write
from support.web_page import attributes, read_html

needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "work")


@pytest.fixture
def preview(site: Site) -> Iterator[Running]:
    with serving(site) as preview:
        yield preview


def report(preview: Running) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(ask(preview.port, "/_dlmap/diagnostics.json").text)
    return answer


def test_an_edit_is_built_and_reported(site: Site, preview: Running) -> None:
    with Events(preview.port) as events:
        assert "content-type: text/event-stream" in events.head
        assert "cache-control: no-store" in events.head
        assert "access-control" not in events.head
        first = events.next()
        site.edit("第二版\n")
        second = events.next()
        assert first["ok"] is second["ok"] is True
        assert second["build"] != first["build"]
        page = ask(preview.port, "/zh/").text
        assert "第二版" in page
        assert f'data-build="{second["build"]}"' in page
    line = preview.wait_for("content/outline.md changed: 2 pages (")
    assert line.endswith(" ms)")


def test_base_path(site: Site) -> None:
    with serving(site, base_path="/repo/") as preview:
        assert f"http://127.0.0.1:{preview.port}/repo/ " in preview.wait_for("Preview at")
        with Events(preview.port, "/repo/_dlmap/events") as events:
            events.next()
            site.edit("第二版\n")
            events.next()


def test_2d_a_build_beside_the_preview_makes_no_loop(tmp_path: Path) -> None:
    site = Site(tmp_path / "work")

    def publish(number: int) -> None:
        for name in ("public/zh/index.html", "public/assets/site.css", "public/.made"):
            write(site.folder / name, f"{number}")

    options = replace(site.options, is_output=lambda folder: (folder / ".made").exists())
    with running(options, site.build) as preview, Events(preview.port) as events:
        events.next()
        for number in range(3):
            publish(number)
        site.edit("第二版\n")
        while "第二版" not in ask(preview.port, "/zh/").text:
            events.next()
        publish(3)
        # Long enough for two looks that no event has asked for.
        time.sleep(2.2)
    # The folder may be seen before it says what it is.
    assert len(site.builds) <= 3
    assert site.builds[-1] == "第二版"


def test_2d_an_edit_during_a_build_makes_one_more(site: Site, preview: Running) -> None:
    edited = threading.Event()

    def edit_once() -> None:
        if not edited.is_set():
            edited.set()
            site.edit("第三版\n")

    with Events(preview.port) as events:
        events.next()
        site.before_handing_over = edit_once
        site.edit("第二版\n")
        events.next()
        while "第三版" not in ask(preview.port, "/zh/").text:
            events.next()
    assert site.builds == ["第一版", "第二版", "第三版"]


def test_never_two_builds_at_once(site: Site) -> None:
    inside, most = 0, 0
    counting = threading.Lock()
    threads = set()

    def build(changed: tuple[str, ...]) -> RebuildResult:
        nonlocal inside, most
        with counting:
            inside += 1
            most = max(most, inside)
        threads.add(threading.get_ident())
        result = site.build(changed)
        time.sleep(0.02)
        with counting:
            inside -= 1
        return result

    with running(site.options, build) as preview:
        for number in range(30):
            site.edit(f"第{number}版\n")
            time.sleep(0.01)
        site.edit("最后\n")
        while "最后" not in ask(preview.port, "/zh/").text:
            preview.wait_for("changed", count=sum("changed" in line for line in preview.lines) + 1)
    assert most == 1
    assert len(threads) == 1


def test_2d_broken_then_fixed(site: Site, preview: Running) -> None:
    with Events(preview.port) as events:
        good = events.next()
        site.edit("卷积坏了\n")
        assert events.next() == {"build": good["build"], "ok": False}
        # The last good site stays.
        page = ask(preview.port, "/zh/")
        assert page.status == 200
        assert "第一版" in page.text
        assert f'data-build="{good["build"]}"' in page.text
        problem, warning = report(preview)["problems"]
        assert problem == {
            "severity": "error",
            "code": ERROR,
            "message": "这里坏了",
            "help": "把它修好",
            "path": "content/outline.md",
            "line": 1,
            "column": 3,
            "before": "卷积",
            "marked": "坏",
            "after": "了",
        }
        assert warning["code"] == WARNING
        with Events(preview.port) as late:
            assert late.next()["ok"] is False
        site.edit("修好了\n")
        fixed = events.next()
        assert fixed["ok"] is True
        assert fixed["build"] != good["build"]
        assert report(preview)["problems"] == []
    preview.wait_for("content/outline.md changed: build failed: 1 error, 1 warning (")
    at = preview.lines.index(f"content/outline.md:1:3: error[{ERROR}] 这里坏了")
    assert preview.lines[at + 1 : at + 4] == ["    1 | 卷积坏了", "      |     ^^", "  help: 把它修好"]
    assert not any(WARNING in line for line in preview.lines)


def test_a_quiet_stream_is_kept_alive(preview: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlmap.preview.events._KEEP_ALIVE_SECONDS", 0.01)
    with Events(preview.port) as events:
        events.next()
        assert b":\n" in [events.line() for _ in range(6)]


def test_an_unfixed_error_is_reported_once(site: Site, preview: Running) -> None:
    with Events(preview.port) as events:
        events.next()
        site.edit("坏\n")
        events.next()
        write(site.folder / "content" / "a.md", "a")
        events.next()
        preview.wait_for("content/a.md changed: build failed: 1 error, 1 warning, as before (")
        assert preview.lines.count(f"content/outline.md:1:1: error[{ERROR}] 这里坏了") == 1
        site.edit("好\n")
        events.next()
        site.edit("坏\n")
        events.next()
        preview.wait_for(f"error[{ERROR}]", count=2)


def test_every_failed_build_is_reported(site: Site, preview: Running) -> None:
    with Events(preview.port) as events:
        events.next()
        site.edit("坏\n")
        events.next()
        site.edit("还是坏\n")
        assert events.next()["ok"] is False
        assert report(preview)["problems"][0]["column"] == 3


def test_an_exception_in_a_build_is_shown_and_survived(site: Site, preview: Running) -> None:
    with Events(preview.port) as events:
        events.next()
        site.edit("炸\n")
        assert events.next()["ok"] is False
        answer = ask(preview.port, "/_dlmap/diagnostics.json").text
        assert "ValueError: it went off" in answer
        assert "Traceback" not in answer
        assert ".py" not in answer
        preview.wait_for("error[internal] ValueError: it went off (preview.py:")
        site.edit("好\n")
        assert events.next()["ok"] is True


@pytest.mark.parametrize(
    "error", [SystemExit(3), RecursionError(), MemoryError(), ValueError("\x1b[31m\n坏\ud800")]
)
def test_whatever_a_build_raises(site: Site, error: BaseException) -> None:
    def build(changed: tuple[str, ...]) -> RebuildResult:
        if "炸" in site.outline.read_text(encoding="utf-8"):
            raise error
        return site.build(changed)

    with running(site.options, build) as preview, Events(preview.port) as events:
        events.next()
        site.edit("炸\n")
        assert events.next()["ok"] is False
        line = preview.wait_for(f"error[internal] {type(error).__name__}")
        assert line.isprintable()
        assert report(preview)["ok"] is False
        site.edit("好\n")
        assert events.next()["ok"] is True


def test_first_build_fails_without_a_site(site: Site) -> None:
    site.edit("坏\n")
    with serving(site) as preview:
        for path in ("/", "/zh/", "/zh"):
            answer = ask(preview.port, path)
            assert answer.status == 503
            assert "The first build failed" in answer.text
            assert '<script type="module" src="/_dlmap/preview.js"' in answer.text
        with Events(preview.port) as events:
            failed = events.next()
            assert failed["ok"] is False
            site.edit("好\n")
            fixed = events.next()
            assert fixed["ok"] is True
            assert fixed["build"] != failed["build"]
        assert ask(preview.port, "/zh/").status == 200


def test_a_restart_is_another_build(site: Site) -> None:
    numbers = []
    for _ in range(2):
        with serving(site) as preview, Events(preview.port) as events:
            numbers.append(events.next()["build"])
    assert numbers[0] != numbers[1]


def test_a_page_and_its_number_come_from_one_build(site: Site, preview: Running) -> None:
    pages = set()
    with Events(preview.port) as events:
        events.next()
        for number in range(20):
            site.edit(f"第{number}版\n")
            events.next()
            pages.add(ask(preview.port, "/zh/").text)
    numbers = {
        number for page in pages for number in attributes(read_html(page), "[data-build]", "data-build")
    }
    assert len(numbers) == len(pages)


def test_a_page_that_cannot_be_made(site: Site, preview: Running) -> None:
    with Events(preview.port) as events:
        events.next()
        site.edit("碎\n")
        assert events.next()["ok"] is True
        for _ in range(2):
            answer = ask(preview.port, "/zh/")
            assert answer.status == 500
            assert "This page cannot be rendered" in answer.text
            assert "_dlmap/preview.js" in answer.text
            assert "ZeroDivisionError" not in answer.text
        assert events.next()["ok"] is False
        assert report(preview)["problems"][0]["message"] == "ZeroDivisionError: no page"
        preview.wait_for("zh/index.html cannot be rendered: error[internal] ZeroDivisionError: no page")
        assert len([line for line in preview.lines if "ZeroDivisionError" in line]) == 1
        site.edit("好\n")
        assert events.next()["ok"] is True
        assert ask(preview.port, "/zh/").status == 200


def test_an_error_in_a_template_is_reported_with_its_position(site: Site) -> None:
    template = site.folder / "templates" / "page.html"
    write(template, "<p>fine</p>\n<p>{{ missing }}</p>\n")

    def build(_: tuple[str, ...]) -> RebuildResult:
        made = jinja2.Environment(loader=jinja2.FileSystemLoader(template.parent), autoescape=True)
        made.undefined = jinja2.StrictUndefined
        made.get_template("page.html").render()
        raise AssertionError

    with running(replace(site.options, editor=lambda: "x://{file}:{line}"), build) as preview:
        (problem,) = report(preview)["problems"]
        assert (problem["code"], problem["path"], problem["line"]) == ("template", "templates/page.html", 2)
        assert problem["message"] == "UndefinedError: 'missing' is undefined"
        assert problem["marked"] == "<p>{{ missing }}</p>"
        assert problem["editor"] == f"x://{template}:2"
        preview.wait_for("templates/page.html:2: error[template] UndefinedError")


def test_changed_assets(site: Site, preview: Running) -> None:
    static = site.folder / "static"

    def changes(since: object) -> list[str] | None:
        found: list[str] | None = json.loads(ask(preview.port, f"/_dlmap/changes.json?since={since}").text)[
            "assets"
        ]
        return found

    with Events(preview.port) as events:
        first = events.next()["build"]
        assert changes(first) == []
        write(static / "中文.css", "a")
        second = events.next()["build"]
        assert changes(first) == ["assets/中文.css"]
        assert changes(second) == []
        # What changed before a build that failed comes with the next good one.
        site.edit("坏\n")
        events.next()
        write(static / "中文.css", "b")
        events.next()
        write(static / "new.js", "c")
        events.next()
        site.edit("好\n")
        third = events.next()["build"]
        assert changes(second) == ["assets/new.js", "assets/中文.css"]
        (static / "new.js").unlink()
        fourth = events.next()["build"]
        assert changes(third) == ["assets/new.js"]
        assert changes(fourth) == []
    for unknown in (0, 1, "x", "", int(str(first)) - 1, int(str(fourth)) + 1, "9" * 5000, "%C2%B2"):
        assert changes(unknown) is None


def test_an_error_while_serving_is_reported_in_one_line(
    preview: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no luck")

    monkeypatch.setattr("dlmap.preview.site_app.resolve", fail)
    answer = ask(preview.port, "/zh/")
    assert answer.status == 500
    assert answer.header("x-content-type-options") == "nosniff"
    assert "no luck" not in answer.text
    assert "RuntimeError: no luck" in preview.wait_for("internal error while serving")
    monkeypatch.undo()
    assert ask(preview.port, "/zh/").status == 200


def test_a_watcher_that_fails_says_so(site: Site, preview: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no luck")

    monkeypatch.setattr("dlmap.preview.watcher.scan_files", fail)
    site.edit("第二版\n")
    assert "RuntimeError: no luck" in preview.wait_for("stopped watching")
    assert ask(preview.port, "/zh/").status == 200


def test_without_file_events_it_looks_once_a_second(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_events(_: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("dlmap.preview.debounce.Observer.start", no_events)
    with serving(site) as preview, Events(preview.port) as events:
        preview.wait_for("warning: no file events (inotify watch limit reached)")
        events.next()
        site.edit("第二版\n")
        events.next()


def test_a_terminal_that_is_gone_is_no_reason_to_end(site: Site) -> None:
    def announce(_: str) -> None:
        raise BrokenPipeError

    preview = Preview(site.options, site.build, announce)
    thread = threading.Thread(target=preview.run)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not preview._state.status.site and time.monotonic() < deadline:
        time.sleep(0.01)
    with Events(preview.port) as events:
        events.next()
        site.edit("第二版\n")
        events.next()
    preview.stop()
    thread.join(PATIENCE)


def test_the_browser_is_opened(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: queue.Queue[str] = queue.Queue()
    monkeypatch.setattr("webbrowser.open", opened.put)
    with serving(site, open_browser=True, base_path="/repo/", host="0.0.0.0") as preview:  # noqa: S104
        assert opened.get(timeout=PATIENCE) == f"http://127.0.0.1:{preview.port}/repo/"


# Many, slow and vanishing clients


@pytest.fixture
def many_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
def test_2b_300_idle_connections(site: Site, preview: Running) -> None:
    address = ("127.0.0.1", preview.port)
    idle = [socket.create_connection(address, PATIENCE) for _ in range(300)]
    for sock in idle[:100]:
        sock.sendall(b"GET /zh/ HTTP/1.1\r\nHost: 127")
    for sock in idle[100:200]:
        sock.sendall(f"GET /_dlmap/events HTTP/1.1\r\nHost: 127.0.0.1:{preview.port}\r\n\r\n".encode())
    begin = time.perf_counter()
    assert ask(preview.port, "/zh/").status == 200
    assert time.perf_counter() - begin < 1
    with Events(preview.port) as events:
        events.next()
        site.edit("第二版\n")
        events.next()
    assert threading.active_count() <= 32
    assert preview.stop() < 1
    for sock in idle:
        sock.close()


@pytest.mark.usefixtures("many_files")
def test_clients_that_go_away_leave_nothing_behind(preview: Running) -> None:
    state = preview._preview._state
    for _ in range(100):
        with Events(preview.port) as events:
            events.next()
    deadline = time.monotonic() + PATIENCE
    while state._subscribers and time.monotonic() < deadline:
        time.sleep(0.01)
    assert state._subscribers == set()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="where the system lists open files")
def test_2d_many_edits_leave_nothing_behind(site: Site, preview: Running) -> None:
    def held() -> tuple[int, int]:
        return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()

    with Events(preview.port) as events:
        events.next()
        for number in range(10):
            site.edit(f"第{number}版\n")
            events.next()
            ask(preview.port, "/zh/")
        before = held()
        for number in range(10, 150):
            site.edit(f"第{number}版\n")
            events.next()
            ask(preview.port, "/zh/")
        assert held() == before


# Stopping


def test_stop_is_prompt_and_clean(site: Site) -> None:
    before = threading.active_count()
    with serving(site) as preview:
        streams = [Events(preview.port) for _ in range(5)]
        for events in streams:
            events.next()
        assert preview.stop() < 1
        assert preview.code == 0
        for events in streams:
            assert events.ends()
            events.close()
        assert threading.active_count() == before
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("127.0.0.1", preview.port))
            sock.listen()


def test_stop_with_a_client_that_does_not_read(site: Site) -> None:
    site.more["big.txt"] = b"x" * 30_000_000
    with (
        serving(site) as preview,
        socket.create_connection(("127.0.0.1", preview.port), PATIENCE) as slow,
    ):
        slow.sendall(f"GET /big.txt HTTP/1.1\r\nHost: 127.0.0.1:{preview.port}\r\n\r\n".encode())
        assert slow.recv(1000)
        assert preview.stop() < 1


def test_stop_while_the_first_build_runs(site: Site) -> None:
    started, go_on = threading.Event(), threading.Event()

    def build(changed: tuple[str, ...]) -> RebuildResult:
        started.set()
        assert go_on.wait(PATIENCE)
        return site.build(changed)

    preview = Running(site.options, build)
    assert started.wait(PATIENCE)
    assert preview.stop() < 1.2
    assert preview.lines == ["stopped while a build was running"]
    go_on.set()
    for thread in threading.enumerate():
        if thread.name == "dlmap-preview-builder":
            thread.join(PATIENCE)


PROGRAM = """
import sys, time
from pathlib import Path
from dlmap.preview import PreviewOptions, RebuildResult, run_preview

folder = Path(sys.argv[1])

class Site(dict):
    paths = dict.keys
    content = dict.__getitem__

def rebuild(changed):
    text = (folder / "outline.md").read_bytes()
    if b"slow" in text:
        print("building", flush=True)
        time.sleep(60)
    return RebuildResult(ok=True, site=Site({"index.html": text}), diagnostics=(), summary="1 page")

options = PreviewOptions(folder, watch=(folder,), roots=(), port=0)
code = run_preview(options, rebuild, announce=lambda line: print(line, flush=True))
print("returned", code, flush=True)
sys.exit(code)
"""


class Script:
    """The preview as a program of its own."""

    def __init__(self, folder: Path, text: str = "quick") -> None:
        write(folder / "outline.md", text)
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", textwrap.dedent(PROGRAM), folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def line_with(self, text: str) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if text in line:
                return line
        raise AssertionError(f"no line with {text!r}: {self.process.communicate()[1]}")

    def end(self, number: signal.Signals) -> tuple[float, str, str]:
        """Send a signal; the seconds to the end and what was printed."""
        begin = time.perf_counter()
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE)
        return time.perf_counter() - begin, out, err


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Callable[..., Script]]:
    started: list[Script] = []

    def start(text: str = "quick") -> Script:
        started.append(Script(tmp_path / "work", text))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.communicate()


@needs_posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it(program: Callable[..., Script], number: signal.Signals) -> None:
    running = program()
    port = int(running.line_with("Preview at").split("127.0.0.1:")[1].split("/")[0])
    streams = [Events(port) for _ in range(3)]
    for events in streams:
        events.next()
    seconds, out, err = running.end(number)
    ended = [events.ends() for events in streams]
    for events in streams:
        events.close()
    assert all(ended)
    assert (running.process.returncode, out, err) == (0, "returned 0\n", "")
    # A second for the preview, another for the interpreter to end on a busy machine.
    assert seconds < 2


@needs_posix
def test_a_signal_during_a_build_ends_it(program: Callable[..., Script]) -> None:
    running = program("slow")
    running.line_with("building")
    seconds, out, err = running.end(signal.SIGINT)
    assert running.process.returncode == 0
    assert "stopped while a build was running" in out
    assert err == ""
    assert seconds < 2


# Diagnostics as they are shown


def place(text: str, start: int, end: int) -> tuple[int | None, int | None, str, str, str]:
    diagnostic = Diagnostic(ERROR, "wrong", "mend it", SourceFile("a.md", text), Span(start, end))
    (problem,) = overlay_messages([diagnostic])
    return problem.line, problem.column, problem.before, problem.marked, problem.after


def test_the_marked_place() -> None:
    assert place("一\n卷积神经\n", 4, 6) == (2, 3, "卷积", "神经", "")
    assert place("一二\n三四\n", 1, 5) == (1, 2, "一", "二", "")
    assert place("一二", 2, 2) == (1, 3, "一二", "", "")
    assert place("一\n", 2, 2) == (2, 1, "", "", "")
    assert place("", 0, 0) == (1, 1, "", "", "")


def test_a_long_line_is_cut_around_its_place() -> None:
    line, column, before, marked, after = place("前" * 500 + "坏" * 300 + "后" * 500, 500, 800)
    assert (line, column) == (1, 501)
    assert before == "…" + "前" * 60
    assert marked == "坏" * 160 + "…"
    assert after == "后" * 60 + "…"


def test_errors_come_before_warnings() -> None:
    source = SourceFile("a.md", "一二三\n")
    warning = Diagnostic(WARNING, "w", "", source, Span(0, 1))
    late = Diagnostic(ERROR, "late", "", source, Span(2, 3))
    early = Diagnostic(ERROR, "early", "", source, Span(1, 2))
    raised = Diagnostic(WARNING, "raised", path="b.md", override=Severity.ERROR)
    assert [each.message for each in overlay_messages([warning, late, raised, early])] == [
        "early",
        "late",
        "raised",
        "w",
    ]


def test_no_more_than_a_page_full(site: Site) -> None:
    many = tuple(Diagnostic(ERROR, f"number {number:03}", path="x") for number in range(250))

    def build(_: tuple[str, ...]) -> RebuildResult:
        return RebuildResult(False, None, many, "250 errors")

    with running(site.options, build) as preview:
        answer = report(preview)
        assert len(answer["problems"]) == 100
        assert answer["more"] == 150
        assert "and 230 more" in preview.lines
