"""Read articles in the store, by the text and the name they were made of: what did not change is not parsed again."""

from __future__ import annotations

import datetime
import errno
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import markdown_it
import mdit_py_plugins
import nh3
import pygments

from dlmap.articles.model import (
    ArticleFile,
    ArticleSource,
    ArticleText,
    Body,
    FormulaPlaceholder,
    Heading,
    LinkPlaceholder,
    ParsedArticle,
    PicturePlaceholder,
    ReadFailure,
)
from dlmap.articles.read import read_article
from dlmap.cache import CacheNamespace, Codec, Key, Store, code_fingerprint
from dlmap.cache.memory import MemoryCache
from dlmap.parallel import apply_all
from dlmap.text import Diagnostic, SourceFile, Span, read_source

_ARTICLES = Codec(
    ArticleText, Heading, LinkPlaceholder, PicturePlaceholder, Span, Diagnostic, SourceFile, datetime.date
)
_BODIES = Codec(Body, FormulaPlaceholder, LinkPlaceholder, PicturePlaceholder, Span)
# So many bodies are held at a time while they are stored, or read one after the other.
_TOGETHER = 128


class EncodedArticle(NamedTuple):
    """An article that was just read, as it is stored and as it comes from another process."""

    digest: str
    article: bytes
    body: bytes


def read_all(
    files: Sequence[ArticleFile],
    store: Store,
    *,
    drafts: bool,
    jobs: int = 1,
    known: Callable[[Path], str] = lambda _: "",
    memo: MemoryCache | None = None,
) -> Iterator[ArticleText | ReadFailure]:
    """Read articles from their files or out of the store, in order; their bodies are in the store then.

    `known` gives the digest of a file that is known not to have changed; only the others are looked into.
    """
    with (memo or MemoryCache()).reading("articles") as recall:
        found: dict[str, ArticleText] = {}
        for file in files:
            if (digest := known(file.file)) and (article := recall.get((file, digest))):
                found[file.path] = article
        others = [file for file in files if file.path not in found]
        found |= _stored(others, store, drafts=drafts, known=known)
        missing = (file for file in others if file.path not in found)
        fresh = apply_all(partial(read_file, drafts=drafts), missing, jobs=jobs)
        kept: dict[Key, EncodedArticle] = {}
        for file in files:
            made = found.get(file.path) or next(fresh)
            if isinstance(made, EncodedArticle):
                kept[article_key(file, made.digest, drafts=drafts)] = made
                article = _ARTICLES.load(made.article)
                assert article is not None
                made = article
            if isinstance(made, ArticleText):
                recall.keep((file, made.digest), made)
            if len(kept) == _TOGETHER:
                _keep(kept, store)
                kept.clear()
            yield made
        _keep(kept, store)


def article_key(file: ArticleFile, digest: str, *, drafts: bool) -> Key:
    """What an article is stored under: the hash of its text (`Article.digest`) and what its file's name tells."""
    date = file.date.isoformat() if file.date else ""
    facts = (
        file.path,
        file.key,
        file.words,
        date,
        file.lang,
        file.flavor,
        file.permalink,
        repr(file.says),
        str(file.is_draft),
        str(file.is_page),
        str(drafts),
        digest,
    )
    return tuple(fact.encode("utf-8", "surrogatepass") for fact in facts)


def read_file(file: ArticleFile, *, drafts: bool) -> EncodedArticle | ReadFailure:
    """Read one article from its file."""
    made = _read(file, drafts=drafts)
    if isinstance(made, ReadFailure):
        return made
    return EncodedArticle(made.article.digest, _ARTICLES.dump(made.article), _BODIES.dump(made.body))


def _read(file: ArticleFile, *, drafts: bool) -> ParsedArticle | ReadFailure:
    text, diagnostics = read_source(file.file, file.path)
    if text is None or not text.text.strip():
        return ReadFailure(diagnostics)
    return read_article(ArticleSource(file, text, drafts, diagnostics))


def _stored(
    files: Sequence[ArticleFile], store: Store, *, drafts: bool, known: Callable[[Path], str]
) -> Mapping[str, ArticleText]:
    """Those articles that the store has, by their paths."""
    found: dict[str, ArticleText] = {}
    for start in range(0, len(files), _TOGETHER):
        keys: dict[Key, str] = {}
        for file in files[start : start + _TOGETHER]:
            digest = known(file.file)
            if not digest:
                text, _ = read_source(file.file, file.path)
                digest = text.digest if text else ""
            keys[article_key(file, digest, drafts=drafts)] = file.path
        whole = store.has_many(_kind("body"), keys)
        for key, value in store.get_many(_kind("article"), whole).items():
            if article := _ARTICLES.load(value):
                found[keys[key]] = article
    return found


def _keep(fresh: Mapping[Key, EncodedArticle], store: Store) -> None:
    store.put_many(_kind("article"), {key: made.article for key, made in fresh.items()})
    store.put_many(_kind("body"), {key: made.body for key, made in fresh.items()})


class ArticleBodies:
    """The texts of articles, out of the store; what it has lost is read again."""

    def __init__(
        self,
        store: Store | None = None,
        files: Mapping[str, ArticleFile] | None = None,
        *,
        drafts: bool = False,
    ) -> None:
        self.files = files or {}
        """The file of each article, by its path."""
        self._store = store
        self._drafts = drafts
        self._last: tuple[ArticleText, Body] | None = None
        """The one that was asked for last: all forms of an article's page are made one after the other."""

    def of(self, article: ArticleText) -> Body:
        """The text of an article.  Raises `OSError` where it is lost, and its file has changed or gone meanwhile."""
        last = self._last
        if last is None or last[0] is not article:
            last = self._last = next(self.of_all([article]))
        return last[1]

    def of_all(self, articles: Iterable[ArticleText]) -> Iterator[tuple[ArticleText, Body]]:
        """Each article with its text.  Raises as `of` does."""
        remaining = iter(articles)
        while some := tuple(islice(remaining, _TOGETHER)):
            keys = {article.path: self._key(article) for article in some}
            stored = self._store.get_many(_kind("body"), keys.values()) if self._store else {}
            for article in some:
                value = stored.get(keys[article.path])
                yield article, (_BODIES.load(value) if value else None) or self._read_again(article)

    def _key(self, article: ArticleText) -> Key:
        return article_key(self.files[article.path], article.digest, drafts=self._drafts)

    def _read_again(self, article: ArticleText) -> Body:
        made = _read(self.files[article.path], drafts=self._drafts)
        if isinstance(made, ReadFailure) or made.article.digest != article.digest:
            raise OSError(
                errno.ESTALE, "it changed while the site was being built; build again", article.path
            )
        return made.body


@cache
def _kind(name: str) -> CacheNamespace:
    """Everything that takes part in reading an article."""
    programs = (markdown_it, mdit_py_plugins, nh3, pygments)
    versions = (f"{program.__name__} {program.__version__}" for program in programs)
    return CacheNamespace(
        name, (code_fingerprint("text", "markdown", "articles", "taxonomy/names.py"), *versions)
    )
