"""Run a preview until Ctrl-C: the server in the event loop, the builds in a worker thread."""

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
from dlmap.preview.console import BuildLog, preview_url, welcome
from dlmap.preview.overlay import internal_error
from dlmap.preview.sockets import allow_many_connections, close_all, listen
from dlmap.preview.state import PreviewState
from dlmap.preview.worker import BuildReport, BuildWorker, failure_line

_CLOSE_SECONDS = 0.4
"""Open responses have this long to finish; then they are aborted."""
_BUILD_END_SECONDS = 0.8


def run_preview(options: PreviewOptions, rebuild: Rebuild, *, announce: Callable[[str], None]) -> int:
    """Build, serve, watch and rebuild until Ctrl-C or SIGTERM; raises `ListenError` before the first build.

    Calls `announce` with one line at a time, always in the calling thread.
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
        self._state = PreviewState()
        self._build_log = BuildLog(options)
        self._reported: set[str] = set()
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
        # A build that outlives the preview still reports its end to a closed loop.
        with contextlib.suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(call)

    def _print(self, line: str) -> None:
        # Keep running if the terminal was closed: the pages show everything too.
        with contextlib.suppress(OSError):
            self._announce(line)

    async def _main(self, sockets: tuple[socket.socket, ...]) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._loop_failed)
        worker = BuildWorker(self._options, self._rebuild, self._on_build, self._on_message)
        with self._stop_on_signals():
            worker.start()
            stopping = asyncio.ensure_future(self._stop_worker(worker))
            # Clients that connect before the first build wait in the queue of the listening socket.
            await _wait_for_any(self._first_build, self._stopping)
            if not self._stopping.is_set():
                self._print_welcome()
                await self._serve(sockets)
            self._stopping.set()
            await stopping

    async def _stop_worker(self, worker: BuildWorker) -> None:
        """Once the preview stops, let the current build finish while the server closes its connections."""
        await self._stopping.wait()
        worker.stop()
        if not await asyncio.to_thread(worker.close, _BUILD_END_SECONDS):
            self._print("stopped while a build was running")

    def _print_welcome(self) -> None:
        for line in welcome(self._options, self.port):
            self._print(line)
        if self._options.open_browser:
            url = preview_url(self._options, self.port)
            # This call blocks until some browsers exit.
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    async def _serve(self, sockets: tuple[socket.socket, ...]) -> None:
        app = preview_app(self._options, self.port, self._state, self._page_failed, self._print)
        server = _Server(_configuration(app))
        serving = asyncio.ensure_future(server.serve(list(sockets)))
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        self._state.close()
        server.should_exit = True
        await asyncio.wait((serving,), timeout=_CLOSE_SECONDS)
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await serving

    def _on_build(self, report: BuildReport) -> None:
        self._in_loop(lambda: self._show(report))

    def _loop_failed(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Print an uncaught error once: the loop reports each connection that exceeds the limit of open files."""
        line = f"warning: {context['message']}: {context.get('exception')}"
        if line not in self._reported:
            self._reported.add(line)
            self._print(line)

    def _show(self, report: BuildReport) -> None:
        if self._stopping.is_set():
            return
        if report.site is not None:
            self._state.build_succeeded(report.site, report.summary, report.assets)
        else:
            self._state.build_failed(report.summary, report.messages)
        self._first_build.set()
        for line in self._build_log.lines(report):
            self._print(line)

    def _page_failed(self, path: str, error: Exception) -> None:
        message = internal_error(error, self._options.folder)
        if self._state.page_failed(message):
            self._print(f"{path} cannot be rendered: {failure_line(message, error)}")

    def _on_message(self, line: str) -> None:
        self._in_loop(lambda: self._print(line))

    @contextlib.contextmanager
    def _stop_on_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler or signal.SIG_DFL)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the preview: uvicorn would raise them again when it ends."""
        yield


def _configuration(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        interface="asgi3",
        loop="none",
        http="h11",
        ws="none",
        lifespan="off",
        # The security middleware reports errors; a malformed request is the client's problem.
        log_config=None,
        log_level="critical",
        access_log=False,
        # There is no proxy, so no header can name another client address.
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


async def _wait_for_any(*events: asyncio.Event) -> None:
    tasks = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
