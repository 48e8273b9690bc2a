"""Stands before the whole server: who may ask, how, and which headers every answer carries."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dlmap.preview.sockets import host_headers

# No header ever allows another origin (CORS): without one, other sites can neither read nor embed anything.
# Nor may they show the preview in a frame, where a click meant for them could open a file in the editor.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
_OWN_PAGES = {b"same-origin", b"none"}


class SecurityMiddleware:
    """ASGI middleware; an exception below it is told in one line and answered with 500."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: frozenset[bytes],
        every_own_address: bool,
        private_prefix: str,
        on_error: Callable[[str], None],
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._every_own_address = every_own_address
        self._private_prefix = private_prefix
        self._on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
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
        except Exception as error:  # noqa: BLE001 - one bad request must not fill the terminal with a traceback
            self._on_error(f"internal error while serving a page: {type(error).__name__}: {error}")
            if not started:
                answer = PlainTextResponse("Internal error in the preview.\n", 500)
                await answer(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        if not self._names_this_server(scope):
            # A page of another site that has its own name point here (DNS rebinding) ends at this line.
            return PlainTextResponse("This preview does not answer to that host name.\n", 403)
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("Only GET and HEAD are allowed.\n", 405, {"Allow": "GET, HEAD"})
        if scope["path"].startswith(self._private_prefix) and not self._comes_from_own_page(scope):
            return PlainTextResponse("Only pages of this preview may ask for that.\n", 403)
        return None

    def _names_this_server(self, scope: Scope) -> bool:
        hosts = _values(scope, b"host")
        return len(hosts) == 1 and hosts[0] in self._allowed_hosts(scope)

    def _allowed_hosts(self, scope: Scope) -> frozenset[bytes]:
        if not self._every_own_address:
            return self._hosts
        # Bound to every address, the one that this connection reached is the machine's own.
        address, port = scope["server"]
        return self._hosts | host_headers([address], port)

    def _comes_from_own_page(self, scope: Scope) -> bool:
        origins = {b"http://" + host for host in self._allowed_hosts(scope)}
        if fetch_sites := _values(scope, b"sec-fetch-site"):
            # No page can forge this header, while a page that sends no referrer may hide even its own origin.
            origins.add(b"null")
        return _OWN_PAGES.issuperset(fetch_sites) and origins.issuperset(_values(scope, b"origin"))


def _values(scope: Scope, name: bytes) -> list[bytes]:
    return [value for key, value in scope["headers"] if key == name]
