"""One preview from start to Ctrl-C: the server in the event loop, the builder beside it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from dlmap.preview.api import PreviewOptions, Rebuild
from dlmap.preview.app import preview_app
from dlmap.preview.console import ConsoleReport, preview_url, welcome
from dlmap.preview.overlay import internal_error
from dlmap.preview.sockets import allow_many_connections, close_all, listen
from dlmap.preview.state import PreviewState
from dlmap.preview.worker import BuildReport, BuildWorker, failure_line

_CLOSE_SECONDS = 0.4
"""Answers under way may take this long to end; then they are cut off."""
_BUILD_END_SECONDS = 0.8


def run_preview(options: PreviewOptions, rebuild: Rebuild, *, announce: Callable[[str], None]) -> int:
    """Build, serve, watch and build again until Ctrl-C or SIGTERM; raises `ListenError` before the first build.

    `announce` is given one line at a time, always in the calling thread.
    """
    return Preview(options, rebuild, announce).run()


class Preview:
    """A preview that can be stopped from another thread."""

    def __init__(self, options: PreviewOptions, rebuild: Rebuild, announce: Callable[[str], None]) -> None:
        self._options = options
        self._rebuild = rebuild
        self._announce = announce
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._first_build = asyncio.Event()
        self._board = PreviewState()
        self._report = ConsoleReport(options)
        self._told: set[str] = set()
        self.port = options.port

    def run(self) -> int:
        """Serve until stopped."""
        allow_many_connections()
        sockets = listen(self._options.host, self._options.port)
        self.port = sockets[0].getsockname()[1]
        try:
            asyncio.run(self._main(sockets))
        finally:
            close_all(sockets)
        return 0

    def stop(self) -> None:
        """End `run`, from any thread."""
        self._in_loop(self._stopping.set)

    def _in_loop(self, call: Callable[[], None]) -> None:
        # A build that outlives the preview still reports its end; nobody is there to hear it.
        with contextlib.suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(call)

    def _say(self, line: str) -> None:
        # A terminal that was closed is no reason to end: the pages are told of everything as well.
        with contextlib.suppress(OSError):
            self._announce(line)

    async def _main(self, sockets: tuple[socket.socket, ...]) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._loop_failed)
        builder = BuildWorker(self._options, self._rebuild, self._built, self._trouble)
        with self._ended_by_signals():
            builder.start()
            ending = asyncio.ensure_future(self._end_building(builder))
            # Who connects before the site is built waits in the queue of the listening socket.
            await _first_of(self._first_build, self._stopping)
            if not self._stopping.is_set():
                self._say_welcome()
                await self._serve(sockets)
            self._stopping.set()
            await ending

    async def _end_building(self, builder: BuildWorker) -> None:
        """When the preview stops: while the server closes its connections, a build may still come to its end."""
        await self._stopping.wait()
        builder.stop()
        if not await asyncio.to_thread(builder.close, _BUILD_END_SECONDS):
            self._say("stopped while a build was running")

    def _say_welcome(self) -> None:
        for line in welcome(self._options, self.port):
            self._say(line)
        if self._options.open_browser:
            url = preview_url(self._options, self.port)
            # Some browsers are programs that this call waits for.
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    async def _serve(self, sockets: tuple[socket.socket, ...]) -> None:
        app = preview_app(self._options, self.port, self._board, self._page_failed, self._say)
        server = _Server(_configuration(app))
        serving = asyncio.ensure_future(server.serve(list(sockets)))
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        self._board.close()
        server.should_exit = True
        await asyncio.wait((serving,), timeout=_CLOSE_SECONDS)
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await serving

    def _built(self, built: BuildReport) -> None:
        self._in_loop(lambda: self._take_down(built))

    def _loop_failed(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Say once, in a line, what nobody else has caught: the loop tells of each connection that it has no room for."""
        line = f"warning: {context['message']}: {context.get('exception')}"
        if line not in self._told:
            self._told.add(line)
            self._say(line)

    def _take_down(self, built: BuildReport) -> None:
        if self._stopping.is_set():
            return
        if built.edition is not None:
            self._board.built(built.edition, built.summary, built.assets)
        else:
            self._board.failed(built.summary, built.problems)
        self._first_build.set()
        for line in self._report.lines(built):
            self._say(line)

    def _page_failed(self, path: str, error: Exception) -> None:
        problem = internal_error(error, self._options.folder)
        if self._board.page_failed(problem):
            self._say(f"{path} cannot be made: {failure_line(problem, error)}")

    def _trouble(self, line: str) -> None:
        self._in_loop(lambda: self._say(line))

    @contextlib.contextmanager
    def _ended_by_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler or signal.SIG_DFL)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the preview: uvicorn would raise them once more when it has ended."""
        yield


def _configuration(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        interface="asgi3",
        loop="none",
        http="h11",
        ws="none",
        lifespan="off",
        # The guard tells of what goes wrong; a malformed request is the client's affair.
        log_config=None,
        log_level="critical",
        access_log=False,
        # No proxy stands before a preview, so no header may say where a request came from.
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


async def _first_of(*events: asyncio.Event) -> None:
    tasks = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
