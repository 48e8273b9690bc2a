"""The whole map in one piece: Markdown, HTML that needs nothing else, and a PDF of it."""

from dlmap.book.html import as_html
from dlmap.book.markdown import as_markdown, markdown_files
from dlmap.book.pdf import BrowserFailedError, NoBrowserError, as_pdf, find_browser

__all__ = [
    "BrowserFailedError",
    "NoBrowserError",
    "as_html",
    "as_markdown",
    "as_pdf",
    "find_browser",
    "markdown_files",
]
