"""Answers for the pages and files of the site, each HTML page with the reload client put in."""

from __future__ import annotations

import asyncio
import html
import re
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dlmap.preview.board import Board
from dlmap.preview.resolver import Found, Moved, error_page, path_segments, resolve

# The system's own table is not asked: on many machines it calls a script plain text, and modules do not load.
_CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".htm": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".map": "application/json; charset=utf-8",
    ".jsonld": "application/ld+json; charset=utf-8",
    ".geojson": "application/geo+json; charset=utf-8",
    ".webmanifest": "application/manifest+json; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".xsl": "application/xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".ttl": "text/turtle; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".tsv": "text/tab-separated-values; charset=utf-8",
    ".bib": "application/x-bibtex; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".pdf": "application/pdf",
    ".wasm": "application/wasm",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mp3": "audio/mpeg",
    ".zip": "application/zip",
    ".gz": "application/gzip",
}
_BODY_END = re.compile(rb"</body\s*>", re.IGNORECASE)
_SWAP_TRIES = 10
_SWAP_SECONDS = 0.02

_OWN_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>{title}</title>
<body>
<h1>{title}</h1>
<p>{text}</p>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    content_type: str
    body: bytes


class SitePages:
    """Looks every request up on disk anew: the published folder may have been replaced meanwhile."""

    def __init__(self, site: Path, base_path: str, board: Board) -> None:
        self._site = site
        self._base_path = base_path
        self._board = board

    async def answer(self, request: Request) -> Response:
        """The page at the request's path, or what stands for it."""
        # The number is read before the page: a build that ends in between makes the page reload once more,
        # never once too little.
        status = self._board.status
        raw_path = request.scope["raw_path"]
        found = await asyncio.to_thread(self._look_up, raw_path, status.has_published)
        if isinstance(found, Moved):
            query = request.scope["query_string"].decode("ascii", "replace")
            return RedirectResponse(found.location + (f"?{query}" if query else ""), 301)
        body = found.body
        if found.content_type.startswith("text/html"):
            body = with_client(body, self._base_path, status.build)
        return Response(body, found.status, media_type=found.content_type)

    def _look_up(self, raw_path: bytes, must_exist: bool) -> _Answer | Moved:
        for _ in range(_SWAP_TRIES):
            answer = self._try(raw_path)
            if answer is not None:
                return answer
            if not must_exist:
                break
            # Where folders cannot be exchanged in one step, the site is away for a moment.
            time.sleep(_SWAP_SECONDS)
        if path_segments(raw_path, self._base_path) is None:
            return self._not_found()
        if must_exist:
            return _own_page(
                503, "The site is gone", "Its folder was deleted. The next edit builds it again."
            )
        return _own_page(
            503,
            "The first build failed",
            "There is no site to show yet. The first good build takes this place.",
        )

    def _try(self, raw_path: bytes) -> _Answer | Moved | None:
        """None where the whole site is missing, or was replaced while it was looked at."""
        before = self._identity()
        found = resolve(self._site, raw_path, self._base_path)
        if isinstance(found, Moved):
            return found
        try:
            if found is not None:
                return _read(found, 200)
            own = error_page(self._site)
            missing = _read(own, 404) if own else self._not_found()
        except PermissionError:
            missing = self._not_found()
        except OSError:
            return None
        # Only a tree that was there all the time can say that it has no such page.
        return missing if before is not None and before == self._identity() else None

    def _identity(self) -> tuple[int, int] | None:
        try:
            status = self._site.stat()
        except OSError:
            return None
        return (status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None

    def _not_found(self) -> _Answer:
        base = html.escape(self._base_path)
        text = f'The site has no such page. It begins at <a href="{base}">{base}</a>.'
        return _own_page(404, "Not found", text)


def _own_page(status: int, title: str, text: str) -> _Answer:
    return _Answer(status, _CONTENT_TYPES[".html"], _OWN_PAGE.format(title=title, text=text).encode())


def _read(found: Found, status: int) -> _Answer:
    content_type = _CONTENT_TYPES.get(found.file.suffix.lower(), "application/octet-stream")
    return _Answer(status, content_type, found.file.read_bytes())


def with_client(page: bytes, base_path: str, build: int) -> bytes:
    """`page` with the script that reloads it; the file on disk stays as it was built."""
    base = html.escape(base_path)
    script = f'<script type="module" src="{base}_dlmap/preview.js" data-build="{build}"></script>\n'.encode()
    ends = list(_BODY_END.finditer(page))
    at = ends[-1].start() if ends else len(page)
    return page[:at] + script + page[at:]
