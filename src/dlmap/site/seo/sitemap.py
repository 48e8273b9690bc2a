"""`sitemap.xml`: every page in all its languages; above the limits of the format an index with several files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from html import escape

from dlmap.config import Config
from dlmap.site.addresses import absolute, language_tag
from dlmap.site.model import Page

FILE = "sitemap.xml"
MOST_PAGES = 50_000
MOST_BYTES = 50 * 1024 * 1024
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
_FOOT = "</urlset>\n"
# So few pages keep below both limits, for no address has 1,000 bytes; they need not be measured.
_FEW = 10_000


def sitemaps(pages: Sequence[Page], config: Config) -> dict[str, Callable[[], bytes]]:
    """Site path to what makes the content: one file, or an index and its parts."""
    listed = [page for page in pages if page.listed]
    if len(listed) <= _FEW:
        return {FILE: lambda: _sitemap(listed, config)}
    parts = list(_parts(listed, config))
    if len(parts) == 1:
        return {FILE: lambda: _sitemap(listed, config)}
    files: dict[str, Callable[[], bytes]] = {FILE: lambda: _index(parts, config)}
    files.update((_name(number), partial(_sitemap, part, config)) for number, part in enumerate(parts, 1))
    return files


def _parts(pages: Sequence[Page], config: Config) -> Iterator[Sequence[Page]]:
    """The pages in runs that each fit into one file."""
    part: list[Page] = []
    size = room = MOST_BYTES - len(_HEAD) - len(_FOOT)
    for page in pages:
        needed = len(_entry(page, config).encode())
        if part and (len(part) == MOST_PAGES or needed > size):
            yield part
            part, size = [], room
        part.append(page)
        size -= needed
    yield part


def _name(number: int) -> str:
    return f"sitemap-{number}.xml"


def _sitemap(pages: Sequence[Page], config: Config) -> bytes:
    return f"{_HEAD}{''.join(_entry(page, config) for page in pages)}{_FOOT}".encode()


def _index(parts: Sequence[Sequence[Page]], config: Config) -> bytes:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ]
    for number, part in enumerate(parts, 1):
        newest = max((page.history.date for page in part if page.history), default="")
        lines.append(f"<sitemap><loc>{_address(_name(number), config)}</loc>{_changed(newest)}</sitemap>")
    return "\n".join([*lines, "</sitemapindex>", ""]).encode()


def _entry(page: Page, config: Config) -> str:
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{tag}" href="{_address(path, config)}"/>'
        for tag, path in _languages(page)
    )
    changed = _changed(page.history.date if page.history else "")
    return f"<url><loc>{_address(page.path, config)}</loc>{changed}{links}</url>\n"


def _languages(page: Page) -> Iterator[tuple[str, str]]:
    """The same page in every language, and the one for readers of none of them.  Each page named names them back."""
    for other in page.alternates:
        yield language_tag(other.lang), other.path
    if page.alternates:
        yield "x-default", page.default_path


def _changed(date: str) -> str:
    return f"<lastmod>{date}</lastmod>" if date else ""


def _address(path: str, config: Config) -> str:
    return escape(absolute(path, config))
