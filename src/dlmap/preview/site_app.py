"""Serve the pages and files of the site, with the preview's script inserted into each HTML page."""

from __future__ import annotations

import asyncio
import html
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from dlmap.preview.api import PreviewOptions, SiteView
from dlmap.preview.media_types import HTML, media_type
from dlmap.preview.resolver import Redirect, path_segments, resolve
from dlmap.preview.state import PreviewState

_HEAD = re.compile(rb"<head(?:\s[^>]*)?>", re.IGNORECASE)
# A page may omit the tag; anything before the doctype would switch the browser to quirks mode.
_DOCTYPE = re.compile(rb"\s*<!doctype[^>]*>", re.IGNORECASE)
_ERROR_PAGE = "404.html"

_MESSAGE_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>{title}</title>
</head>
<body>
<h1>{title}</h1>
<p>{text}</p>
</body>
</html>
"""


class SiteFiles:
    """Renders each page on request, one at a time."""

    def __init__(
        self, options: PreviewOptions, state: PreviewState, on_failure: Callable[[str, Exception], None]
    ) -> None:
        self._base_path = options.base_path
        self._roots = tuple(Path(os.path.realpath(root)) for root in options.roots)
        self._state = state
        self._on_failure = on_failure
        self._render_lock = asyncio.Lock()

    async def respond(self, request: Request) -> Response:
        """The response for the path of a request."""
        # One read of the state, so that a page has the build number of the site that it belongs to.
        status = self._state.status
        raw_path = request.scope["raw_path"]
        if status.site is None:
            if path_segments(raw_path, self._base_path) is None:
                return self._not_found(status.build)
            text = "There is no site to show yet. The page appears after the first successful build."
            return self._message_page(503, "The first build failed", text, status.build)
        target = resolve(status.site.paths(), raw_path, self._base_path)
        if isinstance(target, Redirect):
            query = request.scope["query_string"].decode("ascii", "replace")
            return RedirectResponse(target.location + (f"?{query}" if query else ""), 301)
        if target is not None and (response := await self._file(status.site, target, 200, status.build)):
            return response
        if _ERROR_PAGE in status.site.paths() and (
            response := await self._file(status.site, _ERROR_PAGE, 404, status.build)
        ):
            return response
        return self._not_found(status.build)

    async def _file(self, site: SiteView, path: str, status: int, build: int) -> Response | None:
        """A file of the site; None if there is no such file or it must not be sent."""
        try:
            async with self._render_lock:
                content = await asyncio.to_thread(site.content, path)
        except KeyError:
            return None
        except Exception as error:  # noqa: BLE001 - a template can raise anything, and other pages may still work
            self._on_failure(path, error)
            return self._message_page(
                500, "This page cannot be rendered", "Saving a change tries again.", build
            )
        content_type = media_type(path)
        if isinstance(content, Path):
            real = self._allowed_file(content)
            if real is None:
                return None
            if content_type != HTML:
                return FileResponse(real, status, media_type=content_type)
            content = await asyncio.to_thread(real.read_bytes)
        if content_type == HTML:
            content = self._with_client(content, status, build)
        return Response(content, status, media_type=content_type)

    def _allowed_file(self, file: Path) -> Path | None:
        """The resolved path of a file; None if it is outside the roots, hidden, or not a regular file."""
        try:
            real = Path(os.path.realpath(file, strict=True))
            if not stat.S_ISREG(real.stat().st_mode):
                return None
        except OSError:
            return None
        for root in self._roots:
            if real.is_relative_to(root):
                names = real.relative_to(root).parts
                return None if any(name.startswith(".") for name in names) else real
        return None

    def _not_found(self, build: int) -> Response:
        base = html.escape(self._base_path)
        text = f'The site has no such page. Go to <a href="{base}">{base}</a>.'
        return self._message_page(404, "Not found", text, build)

    def _message_page(self, status: int, title: str, text: str, build: int) -> Response:
        page = _MESSAGE_PAGE.format(title=title, text=text).encode()
        return Response(self._with_client(page, status, build), status, media_type=HTML)

    def _with_client(self, page: bytes, status: int, build: int) -> bytes:
        """`page` with the client script, inserted before all other scripts."""
        source = f"{html.escape(self._base_path)}_dlmap/preview.js"
        script = f'<script type="module" src="{source}" data-build="{build}" data-status="{status}"></script>'
        match = _HEAD.search(page) or _DOCTYPE.match(page)
        start = match.end() if match else 0
        return page[:start] + script.encode() + page[start:]
