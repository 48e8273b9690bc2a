"""The whole map as one file: HTML that needs nothing else, and a PDF of it."""

from dlmap.book.html import as_html
from dlmap.book.pdf import BrowserFailed, NoBrowser, as_pdf, find_browser

__all__ = ["BrowserFailed", "NoBrowser", "as_html", "as_pdf", "find_browser"]
