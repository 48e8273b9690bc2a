"""The map as one HTML file: its text, its picture, its formulas; it asks nothing of any host."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from itertools import count
from urllib.parse import quote

from dlmap.book.chapters import BookPage, Chapter, Chapters
from dlmap.book.styles import formula_styles
from dlmap.render import RenderedSite
from dlmap.site import Page
from dlmap.site.page_types import HomePage

_SHEETS = ("site.css", "map.css")
_STYLES, _POLICY = "/*styles*/", "sha256-of-the-styles"


def as_html(rendered: RenderedSite, lang: str) -> bytes:
    """The book of a site in one of its languages; every concept has its id as anchor.

    Links lead to these anchors.  What is not in the book is linked where the site knows its address, and else is text.
    """
    site = rendered.site
    chapters = Chapters(site, lang)
    anchors = dict(chapters.anchors())
    head = site.head

    def way(path: str) -> str:
        if path in (f"{lang}/", ""):
            return "#page.top"
        return anchors.get(path) or (f"{head.base_url}{quote(path, safe='/#')}" if head.base_url else "")

    home = chapters.pages[f"{lang}/"].content()
    parts = chapters.all()
    assert isinstance(home, HomePage)
    content = BookPage(parts, chapters.others(), home.preface, home.maps)
    page = Page(
        path="book.html",
        type=BookPage,
        content=lambda: content,
        lang=lang,
        title=head.title[lang],
        description=head.description[lang],
        listed=False,
    )
    made = rendered.document(page, content, way)
    theme = rendered.templates.theme.static_files()
    sheets = [theme[name].read_text("utf-8") for name in _SHEETS if name in theme]
    styles = "\n".join(
        [
            *sheets,
            formula_styles(made),
            rendered.templates.source("book.css"),
            *map(_running, count(1), parts),
        ]
    )
    digest = b64encode(sha256(styles.encode()).digest()).decode()
    return made.replace(_POLICY, f"sha256-{digest}", 1).replace(_STYLES, styles, 1).encode()


def _running(number: int, part: Chapter) -> str:
    """What stands at the head of the printed pages of a part."""
    words = part.view.ref.label.translate({ord(char): f"\\{ord(char):x} " for char in '\\"<\n'})
    return f'@page part{number} {{ @top-right {{ content: "{words}"; font-size: 9pt; }} }} .part{number} {{ page: part{number}; }}'
