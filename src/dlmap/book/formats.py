"""The formats of `dlmap export`: those that sites publish, and the whole map as one document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from dlmap.book.html import as_html
from dlmap.book.markdown import as_markdown, markdown_files
from dlmap.book.pdf import as_pdf, find_browser
from dlmap.exports import FORMATS, ExportFormat, archive
from dlmap.render import RenderedSite


class NothingToExportError(Exception):
    """The site has no content for the format."""


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """A format that `dlmap export` writes."""

    write: Callable[[RenderedSite, str], bytes]
    """The document in a language, "" for formats with all languages in one file.  Raises `NothingToExportError`."""
    default_name: str
    """The default name of the file; `{lang}` is replaced by the language."""
    by_language: bool = False
    is_text: bool = True


def _published(form: ExportFormat, rendered: RenderedSite, lang: str) -> bytes:
    """The file that the site publishes, byte for byte."""
    file = rendered.site.data.get(form.file(lang))
    if file is None:
        raise NothingToExportError
    return file()


def _document(write: Callable[[RenderedSite, str], bytes], rendered: RenderedSite, lang: str) -> bytes:
    if not rendered.site.taxonomy.concepts:
        raise NothingToExportError
    return write(rendered, lang)


def _zip(rendered: RenderedSite, lang: str) -> bytes:
    return archive(markdown_files(rendered, lang))


def _pdf(rendered: RenderedSite, lang: str) -> bytes:
    browser = find_browser()
    return as_pdf(as_html(rendered, lang), browser)


DOCUMENT_FORMATS: Mapping[str, DocumentFormat] = {
    **{
        form.name: DocumentFormat(
            partial(_published, form), form.path.rsplit("/", 1)[-1], form.by_language, form.is_text
        )
        for form in FORMATS
    },
    "markdown": DocumentFormat(partial(_document, as_markdown), "map.{lang}.md", by_language=True),
    "markdown-files": DocumentFormat(_zip, "map.{lang}.zip", by_language=True, is_text=False),
    "html": DocumentFormat(partial(_document, as_html), "map.{lang}.html", by_language=True),
    "pdf": DocumentFormat(partial(_document, _pdf), "map.{lang}.pdf", by_language=True, is_text=False),
}
"""By the name that `--format` takes."""
