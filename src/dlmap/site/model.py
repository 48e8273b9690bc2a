"""The site: pages as values, with everything a template shows and nothing it must look up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from dlmap.articles import ArticleIndex
from dlmap.markdown import Block
from dlmap.site.page_types import ChooserPage, HomePage, PageContent
from dlmap.taxonomy import Paper, Taxonomy
from dlmap.taxonomy.outline_model import Link


@dataclass(frozen=True, slots=True)
class ConceptLink:
    """A concept as it is linked from a page, in the page's language."""

    id: str
    kind: str
    label: str
    lang: str
    """The language `label` is in; another than the page's where no translation exists."""
    other: str
    """The label in the other language, empty where it is the same or unknown."""
    other_lang: str
    path: str
    """Where the concept is shown: a page of the site, with a fragment for an approach."""
    hue: int
    """The hue of its part, in degrees."""
    year: int | None = None
    count: int = 0
    """How many methods stand under it."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Blocks of Markdown to render, from one file."""

    blocks: tuple[Block, ...]
    path: str
    """Of the file."""
    kramdown: bool
    lang: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A single line of text of a registry, a definition or a quotation."""

    text: str
    lang: str
    is_markdown: bool = False
    """Whether it may hold formulas; else it is plain text."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A method in the table of an approach."""

    ref: ConceptLink
    idea: Sentence | None
    has_more: bool
    """Whether its page says more than this row."""


@dataclass(frozen=True, slots=True)
class TocSection:
    """An approach inside the page of its family."""

    ref: ConceptLink
    anchor: str
    level: int
    """The level of its heading, from 2."""
    symbols: tuple[Sentence, ...]
    """The formulas that stand behind its label."""
    body: tuple[Prose | TocSection, ...]
    members: tuple[MemberRow, ...]
    links: tuple[Link, ...] = ()
    """Its own articles."""


@dataclass(frozen=True, slots=True)
class TreeItem:
    """A line of the tree beside the text."""

    ref: ConceptLink
    is_current: bool
    is_open: bool
    children: tuple[TreeItem, ...] = ()


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A line of the table of contents of a page."""

    anchor: str
    label: str
    lang: str
    children: tuple[TocEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in another language."""

    lang: str
    path: str


@cache
def alternates(path: str, languages: tuple[str, ...]) -> tuple[Alternate, ...]:
    """The same page in those languages; `path` without its language; empty for a page in one language alone.

    All of them share what is made once.
    """
    if len(languages) < 2:
        return ()
    return tuple(Alternate(lang, f"{lang}/{path}") for lang in languages)


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """Where the text of a page comes from."""

    path: str
    edit_url: str
    """Where it can be edited; empty without a repository.  Both name the file alone: with the line in it, a page would
    be another one after every edit further up in the outline."""


@dataclass(frozen=True, slots=True)
class SocialImage:
    """A picture of a page for where a link to it is shared."""

    path: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class DataFile:
    """What a page shows, as a file for programs."""

    media_type: str
    path: str


@dataclass(frozen=True, slots=True)
class PageHistory:
    """What the repository tells of a page."""

    date: str
    """Of the last commit that touched its text; ISO 8601."""
    contributors: tuple[str, ...]
    """The names of those who wrote what stands there now, the one of the most lines first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One HTML file."""

    path: str
    """Of its folder, `zh/vae/`; or of the file itself, `404.html`."""
    type: type[PageContent]
    content: Callable[[], PageContent]
    """Makes what it shows beside what every page has, when the page is rendered: a preview renders only what is looked
    at."""
    lang: str
    title: str = ""
    description: str = ""
    alternates: tuple[Alternate, ...] = ()
    listed: bool = True
    """Whether it belongs into the sitemap."""
    media_policy: str = ""
    """More directives for its Content-Security-Policy, each behind a semicolon; empty for most."""
    remote_pictures: bool = False
    """Whether it shows pictures from other hosts."""
    picture: SocialImage | None = None
    """The one of its own; None: the site's."""
    data: tuple[DataFile, ...] = ()
    """What it shows, as files for programs."""
    history: PageHistory | None = None
    """None where the repository does not tell."""

    @property
    def default_path(self) -> str:
        """The page for readers of any other language: the chooser beside the home pages, else the first translation."""
        return "" if self.type in (ChooserPage, HomePage) else self.alternates[0].path

    @property
    def template(self) -> str:
        """The template of its HTML."""
        return self.type.template

    @property
    def has_markdown(self) -> bool:
        """Whether it is published as Markdown, too."""
        return bool(self.type.markdown)

    @property
    def file(self) -> str:
        """The file to write, relative to the site."""
        return f"{self.path}index.html" if not self.path or self.path.endswith("/") else self.path

    @property
    def markdown_path(self) -> str:
        """The file of its Markdown, relative to the site; empty where it has none."""
        return f"{self.path}index.md" if self.type.markdown else ""


@dataclass(frozen=True, slots=True)
class ConceptView:
    """A concept with everything its page shows."""

    ref: ConceptLink
    alt: tuple[str, ...]
    """Its other names."""
    expansion: str
    """What its abbreviation stands for."""
    paper: Paper | None
    code: str
    """The address of its code; empty without one."""
    citation: str
    """The paper as BibTeX; empty without one."""
    confidence: str
    """How far the facts are checked, where that is less than usual: `medium`, `low` or empty."""
    is_named: bool
    """Whether it is known by a name, as methods are."""
    labels: tuple[tuple[str, str], ...]
    """(language, label), the page's language first."""
    symbols: tuple[Sentence, ...]
    """The formulas that stand behind its label."""
    breadcrumbs: tuple[tuple[ConceptLink, ...], ...]
    """One line for each way down from a part."""
    lead: Sentence | None
    """The definition, where the body does not open with it."""
    body: tuple[Prose | TocSection, ...]
    note: Prose | None
    is_translated: bool
    """False when the page shows another language's text."""
    groups: tuple[tuple[ConceptLink, tuple[MemberRow, ...]], ...]
    """For a type or part: what stands under it, with the families and approaches of each."""
    members: tuple[MemberRow, ...]
    """The methods that its own text names, outside any approach."""
    quotations: tuple[tuple[ConceptLink, Sentence | None], ...]
    """For a method: the sentences of the outline that name it."""
    based_on: tuple[ConceptLink, ...]
    led_to: tuple[ConceptLink, ...]
    needs: tuple[ConceptLink, ...]
    """What to read first."""
    needed_by: tuple[ConceptLink, ...]
    series: tuple[ConceptLink, ...]
    """All members of the series a method belongs to, itself among them."""
    mentioned_by: tuple[ConceptLink, ...]
    previous: ConceptLink | None
    next: ConceptLink | None
    source: SourcePlace | None


@dataclass(frozen=True, slots=True)
class NavLink:
    """A page of the site's own, as all pages of a language link to it."""

    path: str
    title: str
    lang: str
    """The language `title` is in."""
    nav: str
    """Where it is linked: `bar` or `footer`."""


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """What every page may show of the site."""

    languages: tuple[str, ...]
    title: Mapping[str, str]
    description: Mapping[str, str]
    base_url: str
    base_path: str
    repository: str
    origin: str
    """The host of the author's own articles, empty if unknown."""
    has_concepts: bool
    has_articles: bool
    reading: Mapping[str, tuple[str, ...]]
    """The names of the pages that help to read, in each language."""
    pages: Mapping[str, tuple[NavLink, ...]]
    """The site's own pages in each language."""
    feeds: Mapping[str, str]
    """The site path of the feed in each language that has one."""
    changes: Mapping[str, str]
    """The site path of the feed of changes in each language, if the repository tells any."""
    manifests: Mapping[str, str]
    """The site path of the web app manifest in each language."""
    picture: SocialImage | None
    """The one of pages that have none of their own; None where the site has no pictures."""
    offline: bool
    """Whether browsers keep what was read, to show it without a network."""


@dataclass(frozen=True, slots=True)
class Site:
    """All pages and data files."""

    head: SiteInfo
    taxonomy: Taxonomy
    pages: tuple[Page, ...]
    path: Callable[[str, str], str]
    """Tells where a concept is shown, by its id and the language."""
    redirects: Mapping[str, str]
    """Site path to the address it leads to."""
    data: Mapping[str, Callable[[], bytes]]
    """What makes the files that are no pages: `taxonomy.json`, `sitemap.xml` …"""
    told: tuple[str, ...]
    """The data files whose sizes pages tell; each is made once, whoever asks."""
    named: Mapping[str, Callable[[], bytes]]
    """Data files whose names tell what they hold: one that stands there is right."""
    library: ArticleIndex
    """The articles, and where everything in them leads."""
    files: Mapping[str, Path] = field(default_factory=dict)
    """Files of the site folder that articles show, by the site path they get."""
