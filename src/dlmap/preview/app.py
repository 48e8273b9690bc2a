"""The web application: the site, the reload client and what it asks for, behind the guard."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from importlib import resources
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from dlmap.preview.board import Board
from dlmap.preview.contract import PreviewOptions
from dlmap.preview.events import EventStream
from dlmap.preview.guard import Guard
from dlmap.preview.listening import host_headers, is_wildcard, lan_address
from dlmap.preview.pages import SitePages

_CLIENT_FILES = {
    "preview.js": "text/javascript; charset=utf-8",
    "overlay.css": "text/css; charset=utf-8",
}
_MOST_PROBLEMS = 100
"""A page with thousands of them would help nobody."""


def preview_app(options: PreviewOptions, port: int, board: Board, on_error: Callable[[str], None]) -> ASGIApp:
    """The application that serves `options.site` at `port`."""
    own = f"{options.base_path}_dlmap/"
    pages = SitePages(options.site, options.base_path, board)

    async def problems(_: Request) -> Response:
        return _problems(board)

    routes = [
        Route(unquote(f"{own}events"), EventStream(board)),
        Route(unquote(f"{own}diagnostics.json"), problems),
        *(Route(unquote(own + name), _client_file(name)) for name in _CLIENT_FILES),
        Route("/{path:path}", pages.answer),
    ]
    app = Starlette(routes=routes)
    # A folder's slash is the resolver's business.
    app.router.redirect_slashes = False
    everywhere = is_wildcard(options.host)
    others = lan_address() if everywhere else None
    hosts = ("localhost", "127.0.0.1", "::1", options.host, *((others,) if others else ()))
    return Guard(
        app,
        hosts=host_headers(hosts, port),
        every_own_address=everywhere,
        private_prefix=unquote(own),
        on_error=on_error,
    )


def _problems(board: Board) -> Response:
    status = board.status
    report = {
        "build": status.build,
        "ok": status.ok,
        "summary": status.summary,
        "problems": [asdict(problem) for problem in status.problems[:_MOST_PROBLEMS]],
        "more": max(0, len(status.problems) - _MOST_PROBLEMS),
    }
    # Escaped to ASCII: the name of a file may hold what is no character at all.
    return Response(json.dumps(report), media_type="application/json; charset=utf-8")


def _client_file(name: str) -> Callable[[Request], Awaitable[Response]]:
    content = (resources.files("dlmap.preview") / "client" / name).read_bytes()

    async def answer(_: Request) -> Response:
        return Response(content, media_type=_CLIENT_FILES[name])

    return answer
