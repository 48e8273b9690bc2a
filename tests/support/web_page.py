"""HTML as a browser's parser reads it, asked by CSS selectors."""

from __future__ import annotations

from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

Html = LexborHTMLParser | LexborNode


def read_html(source: Path | str | bytes) -> LexborHTMLParser:
    """A page, of a file or as it was published."""
    return LexborHTMLParser(source.read_bytes() if isinstance(source, Path) else source)


def one(html: Html, selector: str) -> LexborNode:
    """The element that is to be there exactly once."""
    nodes = html.css(selector)
    assert len(nodes) == 1, f"{len(nodes)} elements match {selector}"
    return nodes[0]


def texts(html: Html, selector: str) -> list[str]:
    """The text of each element, without the white space around it."""
    return [node.text().strip() for node in html.css(selector)]


def attributes(html: Html, selector: str, name: str) -> list[str]:
    """An attribute of each element that has it; empty where it has no value."""
    return [node.attributes[name] or "" for node in html.css(selector) if name in node.attributes]
