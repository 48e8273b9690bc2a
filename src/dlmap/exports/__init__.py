"""The map in the formats of other programs; each is bytes, and the same bytes for the same map."""

from dlmap.exports.anki import ON_CARDS, anki
from dlmap.exports.archive import archive
from dlmap.exports.bibtex import Bibliography
from dlmap.exports.opml import opml

__all__ = ["ON_CARDS", "Bibliography", "anki", "archive", "opml"]
