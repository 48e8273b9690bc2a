"""The outline dialect of Markdown: from a source file to a document with spans."""

from dlmap.markdown.document import Block, Document, parse_document
from dlmap.markdown.formulas import FormulaUse, formulas_of
from dlmap.markdown.frontmatter import FrontMatter
from dlmap.markdown.incremental import parse_documents, parse_outline
from dlmap.markdown.inline import InlineText, Mark, MarkKind

__all__ = [
    "Block",
    "Document",
    "FormulaUse",
    "FrontMatter",
    "InlineText",
    "Mark",
    "MarkKind",
    "formulas_of",
    "parse_document",
    "parse_documents",
    "parse_outline",
]
