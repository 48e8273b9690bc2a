"""The whole map as one document: Markdown, self-contained HTML, and a PDF of it; and the formats of `dlmap export`."""

from dlmap.book.formats import DOCUMENT_FORMATS, DocumentFormat, NothingToExportError
from dlmap.book.html import as_html
from dlmap.book.markdown import as_markdown, markdown_files
from dlmap.book.pdf import BrowserFailedError, NoBrowserError, as_pdf, find_browser

__all__ = [
    "DOCUMENT_FORMATS",
    "BrowserFailedError",
    "DocumentFormat",
    "NoBrowserError",
    "NothingToExportError",
    "as_html",
    "as_markdown",
    "as_pdf",
    "find_browser",
    "markdown_files",
]
