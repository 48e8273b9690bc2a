"""A host of the web for tests of links: each path answers as the test wants, and the host notes what it is asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """How a path answers."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    seconds: float = 0.0
    """How long it keeps the asker waiting."""
    only: str = ""
    """The method that gets this answer; the others get 405."""


@dataclass
class Host:
    """A host under way."""

    address: str
    """Without a slash at its end."""
    replies: dict[str, list[Reply]]
    """What each path answers, one after another; the last one again and again."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """(method, path) of each request, in order."""
    headers: list[Mapping[str, str]] = field(default_factory=list)
    most_at_once: int = 0
    _now: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, path: str) -> int:
        return sum(asked == path for _, asked in self.asked)

    def reply(self, method: str, path: str, headers: Mapping[str, str]) -> Reply:
        with self._lock:
            self.asked.append((method, path))
            self.headers.append(headers)
            replies = self.replies.get(path, [Reply(404)])
            reply = replies.pop(0) if len(replies) > 1 else replies[0]
        return reply if reply.only in ("", method) else Reply(405)

    @contextmanager
    def being_asked(self) -> Iterator[None]:
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        yield
        with self._lock:
            self._now -= 1


@contextmanager
def answering(replies: Mapping[str, Reply | list[Reply]]) -> Iterator[Host]:
    """A host on this machine; in a `Location`, `HOST` stands for its address."""
    known = {path: reply if isinstance(reply, list) else [reply] for path, reply in replies.items()}
    stop = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with host.being_asked():
                reply = host.reply(self.command, self.path, dict(self.headers))
                stop.wait(reply.seconds)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value.replace("HOST", host.address))
                body = reply.body.encode() if self.command == "GET" else b""
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - the base class's signature
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the base class's
            """Who does not wait for an answer is no error."""

    server = Server(("127.0.0.1", 0), Handler)
    host = Host(f"http://127.0.0.1:{server.server_port}", known)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
