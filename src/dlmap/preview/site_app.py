"""Answers for the pages and files of the site, each HTML page with the preview's script put in."""

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
from dlmap.preview.resolver import Moved, path_segments, resolve
from dlmap.preview.state import PreviewState

_HEAD = re.compile(rb"<head(?:\s[^>]*)?>", re.IGNORECASE)
# A page may leave the tag out; anything before the doctype would make the browser show the page by older rules.
_DOCTYPE = re.compile(rb"\s*<!doctype[^>]*>", re.IGNORECASE)
_ERROR_PAGE = "404.html"

_OWN_PAGE = """<!doctype html>
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


class SitePages:
    """Has each page made when it is asked for, one at a time."""

    def __init__(
        self, options: PreviewOptions, board: PreviewState, on_failure: Callable[[str, Exception], None]
    ) -> None:
        self._base_path = options.base_path
        self._roots = tuple(Path(os.path.realpath(root)) for root in options.roots)
        self._board = board
        self._on_failure = on_failure
        self._making = asyncio.Lock()

    async def answer(self, request: Request) -> Response:
        """The page at the request's path, or what stands for it."""
        # Taken together: the number that a page carries is that of the edition it comes from.
        status = self._board.status
        raw_path = request.scope["raw_path"]
        if status.edition is None:
            if path_segments(raw_path, self._base_path) is None:
                return self._not_found(status.build)
            text = "There is no site to show yet. The first good build takes this place."
            return self._own_page(503, "The first build failed", text, status.build)
        found = resolve(status.edition.paths(), raw_path, self._base_path)
        if isinstance(found, Moved):
            query = request.scope["query_string"].decode("ascii", "replace")
            return RedirectResponse(found.location + (f"?{query}" if query else ""), 301)
        if found is not None and (answer := await self._file(status.edition, found, 200, status.build)):
            return answer
        if _ERROR_PAGE in status.edition.paths() and (
            answer := await self._file(status.edition, _ERROR_PAGE, 404, status.build)
        ):
            return answer
        return self._not_found(status.build)

    async def _file(self, edition: SiteView, path: str, status: int, build: int) -> Response | None:
        """A file of the site; None where it turns out to be no file that may be sent."""
        try:
            async with self._making:
                content = await asyncio.to_thread(edition.content, path)
        except KeyError:
            return None
        except Exception as error:  # noqa: BLE001 - a template can raise anything, and the other pages may be fine
            self._on_failure(path, error)
            return self._own_page(500, "This page cannot be made", "The next save tries again.", build)
        kind = media_type(path)
        if isinstance(content, Path):
            real = self._inside(content)
            if real is None:
                return None
            if kind != HTML:
                return FileResponse(real, status, media_type=kind)
            content = await asyncio.to_thread(real.read_bytes)
        if kind == HTML:
            content = self._with_client(content, status, build)
        return Response(content, status, media_type=kind)

    def _inside(self, file: Path) -> Path | None:
        """Where a file really is; None if that is outside, hidden, or no plain file."""
        try:
            real = Path(os.path.realpath(file, strict=True))
            if not stat.S_ISREG(real.stat().st_mode):
                return None
        except OSError:
            return None
        for root in self._roots:
            if real.is_relative_to(root):
                inner = real.relative_to(root).parts
                return None if any(name.startswith(".") for name in inner) else real
        return None

    def _not_found(self, build: int) -> Response:
        base = html.escape(self._base_path)
        text = f'The site has no such page. It begins at <a href="{base}">{base}</a>.'
        return self._own_page(404, "Not found", text, build)

    def _own_page(self, status: int, title: str, text: str, build: int) -> Response:
        page = _OWN_PAGE.format(title=title, text=text).encode()
        return Response(self._with_client(page, status, build), status, media_type=HTML)

    def _with_client(self, page: bytes, status: int, build: int) -> bytes:
        """`page` with the script that keeps it up to date, before every other script and whatever they change."""
        source = f"{html.escape(self._base_path)}_dlmap/preview.js"
        script = f'<script type="module" src="{source}" data-build="{build}" data-status="{status}"></script>'
        before = _HEAD.search(page) or _DOCTYPE.match(page)
        at = before.end() if before else 0
        return page[:at] + script.encode() + page[at:]
