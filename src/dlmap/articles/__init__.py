"""Articles: long posts, read one by one, then put together as a library."""

from dlmap.articles.assets import Asset, Assets, Lost
from dlmap.articles.cache import Bodies, article_key
from dlmap.articles.checks import check_documents, formulas_in, placed
from dlmap.articles.collection import Around, Shelf, make_library, outline_addresses, read_shelf
from dlmap.articles.links import Entry, Leads, Library
from dlmap.articles.model import (
    MARKDOWN_SLOTS,
    SLOTS,
    Article,
    ArticleFile,
    ArticleSource,
    Body,
    FormulaSlot,
    Heading,
    LinkSlot,
    PictureSlot,
    Reading,
)
from dlmap.articles.read import read_article

__all__ = [
    "MARKDOWN_SLOTS",
    "SLOTS",
    "Around",
    "Article",
    "ArticleFile",
    "ArticleSource",
    "Asset",
    "Assets",
    "Bodies",
    "Body",
    "Entry",
    "FormulaSlot",
    "Heading",
    "Leads",
    "Library",
    "LinkSlot",
    "Lost",
    "PictureSlot",
    "Reading",
    "Shelf",
    "article_key",
    "check_documents",
    "formulas_in",
    "make_library",
    "outline_addresses",
    "placed",
    "read_article",
    "read_shelf",
]
