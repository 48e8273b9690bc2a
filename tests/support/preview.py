"""What the tests of the preview share: a small site, a preview that runs in a thread, a client on a raw socket."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from dlmap.preview import PreviewOptions, Rebuild, RebuildResult
from dlmap.preview.runner import Preview
from dlmap.text import CATALOGUE, Diagnostic, Severity, SourceFile, Span
from dlmap.text.explanation import Explanation

PATIENCE = 30.0
"""Seconds after which a wait has failed; a good run waits for none of them."""

# Any error and any warning will do.
ERROR, WARNING = (
    next(code.id for code in CATALOGUE.values() if code.severity is severity)
    for severity in (Severity.ERROR, Severity.WARNING)
)

# The policy of the pages that dlmap builds: whatever the preview puts in must keep it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'"
)
PAGE = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<link rel="icon" href="data:,"><title>{text}</title></head>
<body><h1 id="text">{text}</h1><div>{filler}</div></body></html>
"""


@dataclass(frozen=True)
class Files:
    """A site view: every file with its content, or an exception to raise on request."""

    files: Mapping[str, bytes | Path | Exception]

    def paths(self) -> Collection[str]:
        return self.files.keys()

    def content(self, path: str) -> bytes | Path:
        content = self.files[path]
        if isinstance(content, Exception):
            raise content
        return content

    def explanations(self) -> Sequence[Explanation]:
        return ()


@dataclass
class Site:
    """A folder with sources and a build that makes pages of `content/outline.md`; `static/` is copied.

    The word 坏 in the outline fails the build with a diagnostic at its place; 炸 makes the build raise, and 碎 the page.
    """

    folder: Path
    builds: list[str] = field(default_factory=list)
    template: str = PAGE
    more: dict[str, bytes | Path | Exception] = field(default_factory=dict)
    before_handing_over: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.outline.parent.mkdir(parents=True)
        self.outline.write_text("第一版\n", encoding="utf-8")

    @property
    def outline(self) -> Path:
        return self.folder / "content" / "outline.md"

    @property
    def options(self) -> PreviewOptions:
        static = self.folder / "static"
        return PreviewOptions(folder=self.folder, watch=(self.folder,), roots=(static,), port=0)

    def edit(self, text: str) -> None:
        self.outline.write_text(text, encoding="utf-8")

    def build(self, _changed: tuple[str, ...] = ()) -> RebuildResult:
        text = self.outline.read_text(encoding="utf-8")
        self.builds.append(text.strip())
        if "炸" in text:
            raise ValueError("it went off")
        if "坏" in text:
            at = text.index("坏")
            source = SourceFile("content/outline.md", text)
            broken = Diagnostic(ERROR, "这里坏了", "把它修好", source, Span(at, at + 1))
            late = Diagnostic(WARNING, "a link without a target", "add one", source, Span(0, 1))
            return RebuildResult(False, None, (late, broken), "1 error, 1 warning")
        self.before_handing_over()
        return RebuildResult(True, self.view(text.strip()), (), "2 pages")

    def view(self, text: str) -> Files:
        def page(text: str, filler: str = "") -> bytes:
            return self.template.format(policy=POLICY, text=text, filler=filler).encode()

        filled = page(text, "<p>一段文字。</p>\n" * 300)
        static = self.folder / "static"
        copied = {f"assets/{file.relative_to(static).as_posix()}": file for file in static.rglob("*.*")}
        pages = {"zh/index.html": filled, "zh/中文/index.html": filled, "404.html": page("没有这一页")}
        broken = {name: ZeroDivisionError("no page") for name in pages} if "碎" in text else {}
        return Files({**pages, **broken, **copied, **self.more})


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


class Running:
    """A preview in a thread of its own, with what it has announced."""

    def __init__(self, options: PreviewOptions, rebuild: Rebuild) -> None:
        self.lines: list[str] = []
        self.code: int | None = None
        self._news = threading.Condition()
        self._preview = Preview(options, rebuild, self._announce)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        self.code = self._preview.run()

    def _announce(self, line: str) -> None:
        with self._news:
            self.lines.append(line)
            self._news.notify_all()

    @property
    def port(self) -> int:
        return self._preview.port

    def wait_for(self, what: str, count: int = 1) -> str:
        """The `count`-th announced line that holds `what`."""

        def matching() -> list[str]:
            return [line for line in self.lines if what in line]

        with self._news:
            assert self._news.wait_for(lambda: len(matching()) >= count, PATIENCE), self.lines
            return matching()[count - 1]

    def stop(self) -> float:
        """Stop it; the seconds that took."""
        begin = time.perf_counter()
        self._preview.stop()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        return time.perf_counter() - begin


@contextlib.contextmanager
def running(options: PreviewOptions, rebuild: Rebuild, *, ready: str = "Preview at") -> Iterator[Running]:
    preview = Running(options, rebuild)
    try:
        preview.wait_for(ready)
        yield preview
    finally:
        preview.stop()


@contextlib.contextmanager
def serving(site: Site, **changes: object) -> Iterator[Running]:
    with running(replace(site.options, **changes), site.build) as preview:  # type: ignore[arg-type]
        yield preview


@dataclass(frozen=True)
class LinkResult:
    """What came back over a raw socket."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        values = [value for key, value in self.headers if key == name]
        assert len(values) <= 1, values
        return values[0] if values else None

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


def exchange(port: int, request: bytes) -> bytes:
    """Send bytes as they are and read until the server closes."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as sock:
        sock.sendall(request)
        return b"".join(iter(lambda: sock.recv(65536), b""))


def parse(answer: bytes) -> LinkResult:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return LinkResult(
        int(first.split()[1]), tuple((key.lower(), value.strip()) for key, _, value in pairs), body
    )


def ask(
    port: int, path: str | bytes, *headers: str, method: str = "GET", host: str | None = None
) -> LinkResult:
    """One request with exactly these headers; `host=""` leaves the Host header out."""
    lines = list(headers) if host == "" else [f"Host: {host or f'127.0.0.1:{port}'}", *headers]
    path = path.encode("ascii") if isinstance(path, str) else path
    version = b" HTTP/1.0\r\n" if host == "" else b" HTTP/1.1\r\n"
    head = "".join(f"{line}\r\n" for line in [*lines, "Connection: close"]).encode("latin-1")
    return parse(exchange(port, method.encode() + b" " + path + version + head + b"\r\n"))


class Events:
    """Reads the event stream of a preview."""

    def __init__(self, port: int, path: str = "/_dlmap/events") -> None:
        self._sock = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._sock.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        self._file = self._sock.makefile("rb")
        self.head = b"".join(iter(self._file.readline, b"\r\n")).decode().lower()

    def line(self) -> bytes:
        return self._file.readline()

    def next(self) -> dict[str, object]:
        """The next event; fails where none comes."""
        while True:
            line = self.line()
            assert line, "the stream has ended"
            if line.startswith(b"data: "):
                event: dict[str, object] = json.loads(line.removeprefix(b"data: "))
                assert set(event) == {"build", "ok"}
                return event

    def ends(self) -> bool:
        """Whether nothing more comes and the server closes."""
        return b"data:" not in self._file.read()

    def close(self) -> None:
        self._file.close()
        self._sock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
