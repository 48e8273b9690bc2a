"""The web application: the site, the preview's client and its endpoints, behind the security middleware."""

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
from dlmap.preview.site_app import SiteFiles
from dlmap.preview.sockets import host_headers, is_loopback, is_wildcard, lan_address
from dlmap.preview.state import PreviewState
from dlmap.text.explanation import Explanation, as_object

_CLIENT = resources.files("dlmap.preview") / "client"
_CLIENT_NAMES = ("preview.js", "morph.js", "overlay.js", "overlay.css", "panel.js", "explanations.js")
_CLIENT_FILES = {
    **{name: _CLIENT / name for name in _CLIENT_NAMES},
    "idiomorph.js": resources.files("dlmap") / "_vendor" / "idiomorph" / "idiomorph.esm.js",
}
_MAX_MESSAGES = 100
"""The overlay shows no more; nobody reads thousands."""
_MAX_EXPLANATIONS = 1000


def preview_app(
    options: PreviewOptions,
    port: int,
    state: PreviewState,
    on_failure: Callable[[str, Exception], None],
    on_error: Callable[[str], None],
) -> ASGIApp:
    """The application that serves the current site at `port`.

    It calls `on_failure` if a page cannot be rendered, and `on_error` if the preview itself fails.
    """
    prefix = f"{options.base_path}_dlmap/"
    files = SiteFiles(options, state, on_failure)
    api = _ClientApi(options, state)
    routes = [
        Route(unquote(f"{prefix}events"), EventStream(state)),
        Route(unquote(f"{prefix}diagnostics.json"), api.diagnostics),
        Route(unquote(f"{prefix}changes.json"), api.changes),
        Route(unquote(f"{prefix}explanations.json"), api.explanations),
        *(Route(unquote(prefix + name), _client_file(name)) for name in _CLIENT_FILES),
        Route("/{path:path}", files.respond),
    ]
    app = Starlette(routes=routes)
    # The resolver redirects folders.
    app.router.redirect_slashes = False
    any_local_address = is_wildcard(options.host)
    lan_host = lan_address() if any_local_address else None
    hosts = ("localhost", "127.0.0.1", "::1", options.host, *((lan_host,) if lan_host else ()))
    return SecurityMiddleware(
        app,
        hosts=host_headers(hosts, port),
        any_local_address=any_local_address,
        private_prefix=unquote(prefix),
        on_error=on_error,
    )


class _ClientApi:
    """The JSON endpoints of the client."""

    def __init__(self, options: PreviewOptions, state: PreviewState) -> None:
        self._folder = options.folder.resolve()
        self._editor = options.editor
        self._state = state

    async def diagnostics(self, request: Request) -> Response:
        """The diagnostics of the last build."""
        status = self._state.status
        is_local = _is_local(request)
        messages = status.messages[:_MAX_MESSAGES]
        return _json(
            {
                "build": status.build,
                "ok": status.ok,
                "summary": status.summary,
                "problems": [asdict(message) | self._editor_link(message, is_local) for message in messages],
                "more": len(status.messages) - len(messages),
            }
        )

    async def explanations(self, request: Request) -> Response:
        """What the reader made of the outlines of the site being served, doubtful decisions first."""
        site = self._state.status.site
        explanations = site.explanations() if site else ()
        is_local = _is_local(request)
        return _json(
            {
                "explanations": [
                    as_object(each) | self._editor_link(each, is_local)
                    for each in explanations[:_MAX_EXPLANATIONS]
                ],
                "more": max(0, len(explanations) - _MAX_EXPLANATIONS),
            }
        )

    def _editor_link(self, message: OverlayMessage | Explanation, is_local: bool) -> dict[str, str]:
        editor = self._editor() if message.path and is_local else ""
        if not editor:
            return {}
        file = self._folder / Path(message.path)
        return {"editor": editor_url(editor, file, message.line, message.column)}

    async def changes(self, request: Request) -> Response:
        """The assets that changed since the build that a page shows; null if that is unknown."""
        since = request.query_params.get("since", "")
        build = int(since) if since.isascii() and since.isdecimal() and len(since) < 20 else 0
        return _json({"assets": self._state.assets_since(build)})


def _is_local(request: Request) -> bool:
    """Whether the browser runs on this machine: editor links work only there, and paths are nobody else's business."""
    return request.client is not None and is_loopback(request.client.host)


def _json(document: dict[str, Any]) -> Response:
    # As ASCII: file names may contain surrogates, which UTF-8 cannot encode.
    return Response(json.dumps(document), media_type=media_type("x.json"))


def _client_file(name: str) -> Callable[[Request], Awaitable[Response]]:
    content = _CLIENT_FILES[name].read_bytes()

    async def respond(_: Request) -> Response:
        return Response(content, media_type=media_type(name))

    return respond
