"""The content type of a file by its name."""

from __future__ import annotations

from mimetypes import MimeTypes
from posixpath import splitext

# A new instance ignores the system's tables: on many machines those call a script plain text, and modules do not load.
_TYPES = MimeTypes().types_map[True] | {
    # The rest is missing from Python's own table, or differs between its versions.
    ".bib": "application/x-bibtex",
    ".geojson": "application/geo+json",
    ".jsonld": "application/ld+json",
    ".js": "text/javascript",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".opml": "text/x-opml",
    ".otf": "font/otf",
    ".ttf": "font/ttf",
    ".ttl": "text/turtle",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}


def media_type(path: str) -> str:
    """The content type of the file at `path`, by its extension; texts are UTF-8."""
    name = _TYPES.get(splitext(path)[1].lower(), "application/octet-stream")
    is_text = name.startswith("text/") or name.endswith(("json", "xml"))
    return f"{name}; charset=utf-8" if is_text else name


HTML = media_type("index.html")
