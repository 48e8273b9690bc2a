"""Security of the preview server: allowed hosts, methods and origins, and the headers of every response."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dlmap.preview.sockets import host_headers

# No header allows another origin (CORS): other sites can neither read nor embed anything.
# They cannot frame the preview either: a click meant for them could open a file in the editor.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
_SAME_ORIGIN = {b"same-origin", b"none"}


class SecurityMiddleware:
    """ASGI middleware; reports an exception of the application in one line and responds with 500."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: frozenset[bytes],
        any_local_address: bool,
        private_prefix: str,
        on_error: Callable[[str], None],
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._every_own_address = any_local_address
        self._private_prefix = private_prefix
        self._on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on."""
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        app = self._refusal(scope) or self._app
        try:
            await app(scope, receive, send_with_headers)
        except Exception as error:  # noqa: BLE001 - a bad request must not fill the terminal with a traceback
            self._on_error(f"internal error while serving a page: {type(error).__name__}: {error}")
            if not started:
                response = PlainTextResponse("Internal error in the preview.\n", 500)
                await response(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        if not self._has_own_host(scope):
            # Stops DNS rebinding: another site whose host name resolves to this machine.
            return PlainTextResponse("This preview does not serve that host name.\n", 403)
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("Only GET and HEAD are allowed.\n", 405, {"Allow": "GET, HEAD"})
        if scope["path"].startswith(self._private_prefix) and not self._is_same_origin(scope):
            return PlainTextResponse("Only pages of this preview can request this.\n", 403)
        return None

    def _has_own_host(self, scope: Scope) -> bool:
        hosts = _values(scope, b"host")
        return len(hosts) == 1 and hosts[0] in self._allowed_hosts(scope)

    def _allowed_hosts(self, scope: Scope) -> frozenset[bytes]:
        if not self._every_own_address:
            return self._hosts
        # The server listens on every address, so the one of this connection belongs to this machine.
        address, port = scope["server"]
        return self._hosts | host_headers([address], port)

    def _is_same_origin(self, scope: Scope) -> bool:
        origins = {b"http://" + host for host in self._allowed_hosts(scope)}
        if fetch_sites := _values(scope, b"sec-fetch-site"):
            # Pages cannot forge this header; pages without a referrer send the origin `null`.
            origins.add(b"null")
        return _SAME_ORIGIN.issuperset(fetch_sites) and origins.issuperset(_values(scope, b"origin"))


def _values(scope: Scope, name: bytes) -> list[bytes]:
    return [value for key, value in scope["headers"] if key == name]
