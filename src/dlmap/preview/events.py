"""The reload channel: a one-way stream of server-sent events that carries a build number and ok or failed."""

from __future__ import annotations

import asyncio
import json

from starlette.types import Receive, Scope, Send

from dlmap.preview.state import PreviewState

_KEEP_ALIVE_SECONDS = 15.0
"""A peer that went away without a word is noticed when this is sent."""


class EventStream:
    """ASGI application; a connection costs no thread."""

    def __init__(self, board: PreviewState) -> None:
        self._board = board

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the status now and after every build, until the page or the preview goes away."""
        headers = [(b"content-type", b"text/event-stream; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["method"] == "GET":
            await self._stream(receive, send)
        await send({"type": "http.response.body", "body": b""})

    async def _stream(self, receive: Receive, send: Send) -> None:
        with self._board.waiting() as news:
            gone = asyncio.ensure_future(_gone(receive))
            gone.add_done_callback(lambda _: news.set())
            try:
                text = self._status()
                while not gone.done() and not self._board.closed:
                    await send({"type": "http.response.body", "body": text, "more_body": True})
                    try:
                        async with asyncio.timeout(_KEEP_ALIVE_SECONDS):
                            await news.wait()
                    except TimeoutError:
                        text = b":\n\n"
                    else:
                        news.clear()
                        text = self._status()
            finally:
                gone.cancel()

    def _status(self) -> bytes:
        status = self._board.status
        return f"data: {json.dumps({'build': status.build, 'ok': status.ok})}\n\n".encode()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
