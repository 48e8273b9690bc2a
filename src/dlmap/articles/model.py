"""An article as a value: its text as HTML with slots for what only the whole site can tell."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dlmap.text import Diagnostic, SourceFile, Span

# What stands for slot 12 in `Body.html` is its number between two NULs.  No content can hold one: a source with a
# NUL is refused, and a reference to it (`&#0;`) is U+FFFD to Markdown and to HTML alike.
_SLOT = "\0{}\0"
SLOTS = re.compile("\0([0-9]+)\0")
# In `Body.markdown` what stands around the text of a link is told apart, and so is a picture.
MARKDOWN_SLOTS = re.compile("\0([\\[\\]!]?)([0-9]+)\0")


class FormulaPlaceholder(NamedTuple):
    """A formula in its place."""

    tex: str
    display: bool
    span: Span
    written: str = ""
    """The TeX of the author, where dlmap translated it; what readers see if it cannot be rendered."""


class LinkPlaceholder(NamedTuple):
    """The opening tag of a link; every link is closed by `</a>`."""

    href: str
    title: str
    span: Span


class PicturePlaceholder(NamedTuple):
    """A picture in its place."""

    src: str
    alt: str
    title: str
    size: tuple[str, str]
    """Width and height as the author writes them, `300` or `50%`, mostly empty; `("zoom", "50%")` is Typora's."""
    in_link: bool
    """Whether a link surrounds it, so that it cannot become one."""
    span: Span


class MediaPlaceholder(NamedTuple):
    """A film or a sound in its place."""

    kind: str
    """`video` or `audio`."""
    sources: tuple[tuple[str, str], ...]
    """Addresses and media types, mostly empty."""
    poster: str
    size: tuple[str, str]
    """As of a picture."""
    flags: str
    """`loop`, `muted` and the like, as attributes."""
    span: Span


class FramePlaceholder(NamedTuple):
    """A page of another host, such as the player of a video, in its place."""

    src: str
    title: str
    span: Span


Slot = FormulaPlaceholder | LinkPlaceholder | PicturePlaceholder | MediaPlaceholder | FramePlaceholder


class Heading(NamedTuple):
    """A heading inside an article."""

    level: int
    """From 2: the title of the page has level 1."""
    anchor: str
    label: str


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """Where an article stands, and what its name tells."""

    file: Path
    path: str
    """As it is shown to the user: relative to the site folder, with forward slashes."""
    key: str
    """The path without language and ending, which translations of one another share."""
    words: str
    """The name without date, language and ending: what the old address ends in."""
    date: datetime.date | None = None
    lang: str = ""
    flavor: str = ""
    """The flavour of Markdown that the site fixes for all its texts; empty where each tells its own."""
    permalink: str = ""
    """How the blog makes the addresses of its posts; empty for Jekyll's usual way."""
    says: tuple[tuple[str, str], ...] = ()
    """What its head says by default: keys and values."""
    is_draft: bool = False
    """Whether it stands among the drafts, which have no day yet."""
    is_page: bool = False
    """Whether it is a page of the site's own: it has no day, and an address outside those of articles."""


@dataclass(frozen=True, slots=True)
class ArticleSource:
    """The text of an article, ready to be read."""

    file: ArticleFile
    text: SourceFile
    drafts: bool = False
    """Whether an article that is marked as a draft is wanted."""
    found: tuple[Diagnostic, ...] = ()
    """What is wrong with the file itself."""


@dataclass(frozen=True, slots=True)
class ArticleText:
    """One article in one language, as far as other pages need it: thousands of them are held at a time."""

    path: str
    key: str
    slug: str
    """The wanted one; two articles may want the same."""
    lang: str
    title: str
    date: datetime.date | None = None
    time: str = ""
    """The time of the day, `HH:MM:SS`; empty where its head tells none."""
    author: str = ""
    tags: tuple[str, ...] = ()
    summary: str = ""
    """What lists and feeds say of it: its description, else how it begins."""
    addresses: tuple[str, ...] = ()
    """Where the blog shows it: paths from the root of the host, the current one first."""
    headings: tuple[Heading, ...] = ()
    links: tuple[LinkPlaceholder, ...] = ()
    pictures: tuple[PicturePlaceholder, ...] = ()
    media: tuple[MediaPlaceholder, ...] = ()
    frames: tuple[FramePlaceholder, ...] = ()
    extent: int = 0
    """How many characters its plain text has."""
    has_code: bool = False
    draft: bool = False
    nav: str = ""
    """For a page of the site's own, where every page links to it: one of `NAV`; empty for an article."""
    digest: str = ""
    """A hash of the source text, by which it is known again."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Each points into a source that has the path alone; see `placed`."""


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article, which only its own page and the search need: one or a few of them are held at a time."""

    html: str = ""
    slots: tuple[Slot, ...] = ()
    text: str = ""
    """Plain text, for search; formulas are left as TeX."""
    markdown: str = ""
    """CommonMark, with slots for links and pictures alone."""

    @property
    def formulas(self) -> Iterator[FormulaPlaceholder]:
        """Its formulas, in order."""
        return (slot for slot in self.slots if isinstance(slot, FormulaPlaceholder))


class ParsedArticle(NamedTuple):
    """What a file gives."""

    article: ArticleText
    body: Body


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """A file that gives no article, and why."""

    diagnostics: tuple[Diagnostic, ...]


def slot(number: int, form: str = "") -> str:
    """What stands for a slot in the HTML of an article; in its Markdown with the `form`: `[`, `]` or `!`."""
    return _SLOT.format(f"{form}{number}")


def bare_source(article: ArticleText) -> SourceFile:
    """A source that stands for an article's, until `placed` gives a diagnostic the text it points into."""
    return SourceFile(article.path, "")
