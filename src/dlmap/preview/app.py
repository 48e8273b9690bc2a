"""The web application: the site, the preview's client and what it asks for, behind the guard."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from dlmap.preview.api import PreviewOptions
from dlmap.preview.editors import editor_url
from dlmap.preview.events import EventStream
from dlmap.preview.media_types import media_type
from dlmap.preview.overlay import OverlayMessage
from dlmap.preview.security import SecurityMiddleware
from dlmap.preview.site_app import SitePages
from dlmap.preview.sockets import host_headers, is_loopback, is_wildcard, lan_address
from dlmap.preview.state import PreviewState

_CLIENT = resources.files("dlmap.preview") / "client"
_CLIENT_FILES = {
    **{name: _CLIENT / name for name in ("preview.js", "morph.js", "overlay.js", "overlay.css")},
    "idiomorph.js": resources.files("dlmap") / "_vendor" / "idiomorph" / "idiomorph.esm.js",
}
_MOST_PROBLEMS = 100
"""A page with thousands of them would help nobody."""


def preview_app(
    options: PreviewOptions,
    port: int,
    board: PreviewState,
    on_failure: Callable[[str, Exception], None],
    on_error: Callable[[str], None],
) -> ASGIApp:
    """The application that serves the edition on the board at `port`.

    `on_failure` is told of a page that cannot be made, `on_error` of a fault of the preview itself.
    """
    own = f"{options.base_path}_dlmap/"
    pages = SitePages(options, board, on_failure)
    reports = _Reports(options, board)
    routes = [
        Route(unquote(f"{own}events"), EventStream(board)),
        Route(unquote(f"{own}diagnostics.json"), reports.diagnostics),
        Route(unquote(f"{own}changes.json"), reports.changes),
        *(Route(unquote(own + name), _client_file(name)) for name in _CLIENT_FILES),
        Route("/{path:path}", pages.answer),
    ]
    app = Starlette(routes=routes)
    # A folder's slash is the resolver's business.
    app.router.redirect_slashes = False
    everywhere = is_wildcard(options.host)
    others = lan_address() if everywhere else None
    hosts = ("localhost", "127.0.0.1", "::1", options.host, *((others,) if others else ()))
    return SecurityMiddleware(
        app,
        hosts=host_headers(hosts, port),
        every_own_address=everywhere,
        private_prefix=unquote(own),
        on_error=on_error,
    )


class _Reports:
    """What the client asks for beside pages."""

    def __init__(self, options: PreviewOptions, board: PreviewState) -> None:
        self._folder = options.folder.resolve()
        self._editor = options.editor
        self._board = board

    async def diagnostics(self, request: Request) -> Response:
        """What is wrong with the last build."""
        status = self._board.status
        # Nobody else has the files, nor any business to learn where they lie.
        is_local = request.client is not None and is_loopback(request.client.host)
        shown = status.problems[:_MOST_PROBLEMS]
        return _json(
            {
                "build": status.build,
                "ok": status.ok,
                "summary": status.summary,
                "problems": [asdict(problem) | self._link(problem, is_local) for problem in shown],
                "more": len(status.problems) - len(shown),
            }
        )

    def _link(self, problem: OverlayMessage, is_local: bool) -> dict[str, str]:
        editor = self._editor() if problem.path and is_local else ""
        if not editor:
            return {}
        file = self._folder / Path(problem.path)
        return {"editor": editor_url(editor, file, problem.line, problem.column)}

    async def changes(self, request: Request) -> Response:
        """Which assets have changed since the build that a page shows; null where that is not known."""
        since = request.query_params.get("since", "")
        build = int(since) if since.isascii() and since.isdecimal() and len(since) < 20 else 0
        return _json({"assets": self._board.assets_since(build)})


def _json(report: dict[str, Any]) -> Response:
    # Escaped to ASCII: the name of a file may hold what is no character at all.
    return Response(json.dumps(report), media_type=media_type("x.json"))


def _client_file(name: str) -> Callable[[Request], Awaitable[Response]]:
    content = _CLIENT_FILES[name].read_bytes()

    async def answer(_: Request) -> Response:
        return Response(content, media_type=media_type(name))

    return answer
