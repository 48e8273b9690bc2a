"""The reload channel: server-sent events with the build number and whether the build succeeded."""

from __future__ import annotations

import asyncio
import json

from starlette.types import Receive, Scope, Send

from dlmap.preview.state import PreviewState

_KEEP_ALIVE_SECONDS = 15.0
"""Sending this reveals clients that have gone away silently."""


class EventStream:
    """ASGI application; connections need no threads."""

    def __init__(self, state: PreviewState) -> None:
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the status now and after each build, until the page or the preview closes."""
        headers = [(b"content-type", b"text/event-stream; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["method"] == "GET":
            await self._stream(receive, send)
        await send({"type": "http.response.body", "body": b""})

    async def _stream(self, receive: Receive, send: Send) -> None:
        with self._state.subscribe() as changed:
            disconnected = asyncio.ensure_future(_disconnect(receive))
            disconnected.add_done_callback(lambda _: changed.set())
            try:
                chunk = self._status()
                while not disconnected.done() and not self._state.closed:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                    try:
                        async with asyncio.timeout(_KEEP_ALIVE_SECONDS):
                            await changed.wait()
                    except TimeoutError:
                        chunk = b":\n\n"
                    else:
                        changed.clear()
                        chunk = self._status()
            finally:
                disconnected.cancel()

    def _status(self) -> bytes:
        status = self._state.status
        return f"data: {json.dumps({'build': status.build, 'ok': status.ok})}\n\n".encode()


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
