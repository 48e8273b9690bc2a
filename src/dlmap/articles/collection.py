"""From a folder of posts to the library of a site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from dlmap.articles.assets import Assets
from dlmap.articles.cache import ArticleBodies, read_articles
from dlmap.articles.checks import check_library, folded
from dlmap.articles.files import dated, find_articles
from dlmap.articles.jekyll import JekyllConfig
from dlmap.articles.links import ArticleIndex
from dlmap.articles.model import ArticleFile, ArticleText, ReadFailure
from dlmap.articles.read import public_addresses
from dlmap.articles.redirects import old_addresses
from dlmap.articles.static_pages import collect_pages
from dlmap.articles.translations import collect
from dlmap.cache import Cache
from dlmap.markdown import Document
from dlmap.text import Diagnostic


@dataclass(frozen=True, slots=True)
class ArticleSet:
    """The articles and the own pages of a site, each read by itself."""

    articles: tuple[ArticleText, ...] = ()
    hidden: tuple[str, ...] = ()
    """The public addresses of the drafts that are left out."""
    diagnostics: tuple[Diagnostic, ...] = ()
    bodies: ArticleBodies = field(default_factory=ArticleBodies)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the articles, the most frequent one first."""
        counts = Counter(article.lang for article in self.articles)
        return tuple(lang for lang, _ in counts.most_common())


@dataclass(frozen=True, slots=True)
class LinkContext:
    """What the rest of the site tells about the places that articles link to."""

    root: Path
    languages: tuple[str, ...]
    origin: str = ""
    concepts: Collection[str] = ()
    taken: Mapping[str, str] = field(default_factory=dict)
    """The names that no page of the site's own may have, and what each is taken by, in words."""
    outlines: tuple[str, ...] = ()
    """The public addresses of the outlines."""
    remote_pictures: bool = False


def read_shelf(  # noqa: PLR0913 - what the configuration tells, one by one
    folder: Path | None,
    root: Path,
    shown: Callable[[Path], str],
    cache: Cache,
    *,
    pages: Path | None = None,
    flavor: str = "",
    jekyll: JekyllConfig = JekyllConfig(),
    skip: Collection[Path] = (),
    drafts: bool = False,
    jobs: int = 1,
) -> ArticleSet:
    """Read every article of a folder of the site `root`; `shown` gives a path as the user sees it.

    `pages` is the folder of the site's own pages.
    `jobs` is the number of processes that read.  The cache has to stay open while the articles are in use.
    """
    find = partial(find_articles, root=root, shown=shown, flavor=flavor, memo=cache.memory)
    own, problems = find(pages, skip=skip) if pages else ((), ())
    find = partial(find, jekyll=jekyll, skip={*skip, *(file.file for file in own)})
    files, diagnostics = find(folder) if folder else ((), ())
    if drafts and folder and folder.name == "_posts" and (unfinished := folder.with_name("_drafts")).is_dir():
        more, unread = find(unfinished)
        files, diagnostics = (
            (*files, *(replace(file, is_draft=True) for file in more)),
            (*diagnostics, *unread),
        )
    files = (*(replace(file, is_page=True) for file in own), *files)
    articles: list[ArticleText] = []
    hidden: list[str] = []
    found = [*problems, *diagnostics]
    for reading in read_articles(files, cache, drafts=drafts, jobs=jobs):
        if isinstance(reading, ReadFailure):
            found += reading.diagnostics
        elif reading.draft and not drafts:
            hidden += reading.addresses
        else:
            articles.append(reading)
            found += reading.diagnostics
    bodies = ArticleBodies(cache, {file.path: file for file in files}, drafts=drafts)
    return ArticleSet(tuple(articles), tuple(hidden), tuple(folded(found)), bodies)


def make_library(shelf: ArticleSet, around: LinkContext) -> tuple[ArticleIndex, tuple[Diagnostic, ...]]:
    """Put articles together with one another and with the rest of the site."""
    entries, clashes = collect((each for each in shelf.articles if not each.nav), around.languages)
    pages, refusals = collect_pages(
        (each for each in shelf.articles if each.nav), around.languages, around.taken
    )
    redirects, refused = old_addresses(entries, around.languages, around.outlines)
    library = ArticleIndex(
        entries,
        around.origin,
        Assets(around.root),
        concepts=around.concepts,
        outlines=around.outlines,
        hidden=shelf.hidden,
        redirects=redirects,
        bodies=shelf.bodies,
        pages=pages,
        remote_pictures=around.remote_pictures,
        languages=around.languages,
    )
    return library, (*shelf.diagnostics, *clashes, *refusals, *refused, *check_library(library))


def outline_addresses(outlines: Iterable[tuple[Path, Document]], permalink: str = "") -> tuple[str, ...]:
    """The public addresses of outlines that are posts of the same blog."""
    found: dict[str, None] = {}
    for path, document in outlines:
        date, words = dated(path.stem)
        # A post that was taken out of its blog may have lost the day from its name, but not from its head.
        date = date or (document.front_matter.date if document.kramdown else None)
        file = ArticleFile(path, document.source.path, path.stem, words, date, permalink=permalink)
        found.update(dict.fromkeys(public_addresses(file, document.front_matter)))
    return tuple(found)
