"""Articles: long posts, read one by one, then put together as a library."""

from dlmap.articles.assets import Asset, AssetError, Assets
from dlmap.articles.cache import ArticleBodies
from dlmap.articles.checks import check_documents, formulas_in, placed
from dlmap.articles.collection import ArticleSet, LinkContext, make_library, outline_addresses, read_shelf
from dlmap.articles.links import ArticleIndex, LinkKind
from dlmap.articles.model import (
    MARKDOWN_SLOTS,
    SLOTS,
    ArticleFile,
    ArticleSource,
    ArticleText,
    Body,
    FormulaPlaceholder,
    FramePlaceholder,
    Heading,
    LinkPlaceholder,
    MediaPlaceholder,
    ParsedArticle,
    PicturePlaceholder,
)
from dlmap.articles.read import read_article
from dlmap.articles.translations import Article

__all__ = [
    "MARKDOWN_SLOTS",
    "SLOTS",
    "Article",
    "ArticleBodies",
    "ArticleFile",
    "ArticleIndex",
    "ArticleSet",
    "ArticleSource",
    "ArticleText",
    "Asset",
    "AssetError",
    "Assets",
    "Body",
    "FormulaPlaceholder",
    "FramePlaceholder",
    "Heading",
    "LinkContext",
    "LinkKind",
    "LinkPlaceholder",
    "MediaPlaceholder",
    "ParsedArticle",
    "PicturePlaceholder",
    "check_documents",
    "formulas_in",
    "make_library",
    "outline_addresses",
    "placed",
    "read_article",
    "read_shelf",
]
