"""The map in the formats of other programs; each is bytes, and the same bytes for the same map."""

from dlmap.exports.anki import anki
from dlmap.exports.archive import archive
from dlmap.exports.bibtex import Bibliography
from dlmap.exports.formats import FORMATS, SCHEMA, ExportContext, ExportFormat
from dlmap.exports.opml import opml

__all__ = ["FORMATS", "SCHEMA", "Bibliography", "ExportContext", "ExportFormat", "anki", "archive", "opml"]
