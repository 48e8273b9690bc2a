"""Page numbers for the table of contents: read from a first print, for browsers have no style rule for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

# Chromium writes these objects as plain text; where another way is found, a book goes without the numbers.
_PAGES = re.compile(rb"(?m)^(\d+) 0 obj\n<</Type /Pages\n(?:(?!endobj)[\s\S])*?/Kids \[([^\]]*)\]")
_ROOT = re.compile(rb"/Type /Catalog\n[^>]*?/Pages (\d+) 0 R")
_DESTINATION = re.compile(rb"/([^\s/\[\]<>()]+) \[(\d+) 0 R /XYZ")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_ENTRY = re.compile(r'(<a href="#([^"]+)"><span>[^<]*</span><span class="number">)(?=</span>)')


def with_numbers(html: str, printed: bytes) -> str:
    """The book with the page of each entry of its contents, as it was `printed`."""
    numbers = page_numbers(printed)

    def filled(match: re.Match[str]) -> str:
        number = numbers.get(unquote(match.group(2)))
        return f"{match.group(1)}{number or ''}"

    return _ENTRY.sub(filled, html)


def page_numbers(printed: bytes) -> Mapping[str, int]:
    """The page, from 1, of each place of a PDF that something links to; empty where that cannot be read."""
    kids = {
        int(number): list(map(int, re.findall(rb"(\d+) 0 R", below)))
        for number, below in _PAGES.findall(printed)
    }
    root = _ROOT.search(printed)
    pages = {page: number for number, page in enumerate(_leaves(int(root.group(1)), kids), 1)} if root else {}
    return {
        _name(name): pages[int(page)] for name, page in _DESTINATION.findall(printed) if int(page) in pages
    }


def _leaves(node: int, kids: Mapping[int, list[int]]) -> Iterator[int]:
    if node in kids:
        for child in kids[node]:
            yield from _leaves(child, kids)
    else:
        yield node


def _name(written: bytes) -> str:
    return _HEX.sub(lambda match: bytes([int(match.group(1), 16)]), written).decode("utf-8", "replace")
