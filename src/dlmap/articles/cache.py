"""Read articles through the cache, by the digest of their text and what their names say: unchanged ones are not parsed."""

from __future__ import annotations

import errno
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from itertools import islice
from typing import Any, NamedTuple, cast

from dlmap.articles.model import (
    ArticleFile,
    ArticleSource,
    ArticleText,
    Body,
    FormulaPlaceholder,
    FramePlaceholder,
    LinkPlaceholder,
    MediaPlaceholder,
    ParsedArticle,
    PicturePlaceholder,
    ReadFailure,
    Slot,
)
from dlmap.articles.read import read_article
from dlmap.cache import Cache, Codec, Column, Key, Task, record_codec
from dlmap.cache.codec import FILE_NAME, FILE_NAMES
from dlmap.cache.diagnostics import DiagnosticRow, diagnostic_rows, restored
from dlmap.parallel import apply_all
from dlmap.text import SourceFile, read_source

# So many bodies are held at a time while they are read one after the other.
_BATCH = 128
_FIELDS = tuple(field.name for field in fields(ArticleFile) if field.name != "file")
_SLOT_KINDS: tuple[type[Slot], ...] = (
    FormulaPlaceholder,
    LinkPlaceholder,
    PicturePlaceholder,
    MediaPlaceholder,
    FramePlaceholder,
)


class ArticleVersion(NamedTuple):
    """An article's file as it is now."""

    file: ArticleFile
    digest: str
    """Of its text; empty where it cannot be read."""
    drafts: bool
    """Whether an article that is marked as a draft is wanted."""

    @property
    def key(self) -> Key:
        """Everything that reading it depends on."""
        facts = (*(repr(getattr(self.file, name)) for name in _FIELDS), str(self.drafts), self.digest)
        return tuple(fact.encode("utf-8", "surrogatepass") for fact in facts)


class _SlotsRow(NamedTuple):
    """The slots of a body: which kind each is of, and those of each kind."""

    kinds: tuple[int, ...]
    formulas: tuple[FormulaPlaceholder, ...]
    links: tuple[LinkPlaceholder, ...]
    pictures: tuple[PicturePlaceholder, ...]
    media: tuple[MediaPlaceholder, ...]
    frames: tuple[FramePlaceholder, ...]


def _pack_slots(slots: Sequence[Slot]) -> _SlotsRow:
    by_kind = (tuple(slot for slot in slots if isinstance(slot, kind)) for kind in _SLOT_KINDS)
    return _SlotsRow(tuple(_SLOT_KINDS.index(type(slot)) for slot in slots), *cast("Any", by_kind))


def _unpack_slots(row: _SlotsRow) -> tuple[Slot, ...]:
    by_kind: tuple[Iterator[Slot], ...] = tuple(iter(slots) for slots in row[1:])
    return tuple(next(by_kind[kind]) for kind in row.kinds)


_DIAGNOSTICS = Column(tuple[DiagnosticRow, ...], diagnostic_rows, tuple)
_TEXTS: Codec[Any, ArticleText] = record_codec(
    ArticleText,
    diagnostics=_DIAGNOSTICS,
    path=FILE_NAME,
    key=FILE_NAME,
    slug=FILE_NAME,
    title=FILE_NAME,
    addresses=FILE_NAMES,
)


def _decode(row: bytes, version: ArticleVersion) -> ArticleText | ReadFailure:
    article = _TEXTS.decode(row, version)
    source = SourceFile(version.file.path, "")
    return replace(article, diagnostics=restored(cast("Any", article.diagnostics), source))


ARTICLE: Task[ArticleVersion, ArticleText | ReadFailure] = Task(
    "article",
    "dlmap.articles.read",
    lambda version: version.key,
    Codec(cast("Any", _TEXTS.encode), _decode),
    is_lasting=lambda version, text: isinstance(text, ArticleText) and text.digest == version.digest,
    in_memory=True,
)
BODY: Task[ArticleVersion, Body] = Task(
    "article body",
    "dlmap.articles.read",
    lambda version: version.key,
    record_codec(Body, slots=Column(_SlotsRow, _pack_slots, _unpack_slots)),
)


class _EncodedArticle(NamedTuple):
    """An article that another process has read, as it is stored."""

    version: ArticleVersion
    text: bytes
    body: bytes


def read_articles(
    files: Sequence[ArticleFile], cache: Cache, *, drafts: bool, jobs: int = 1
) -> list[ArticleText | ReadFailure]:
    """Read articles from their files or from the cache, in order; their bodies are in the cache then."""
    versions = [
        ArticleVersion(file, cache.files.get("digest", file.file, partial(_digest, file)), drafts)
        for file in files
    ]
    task = replace(ARTICLE, compute=partial(_compute, cache, jobs))
    articles = cache.map(task, versions)
    bodies = (
        version._replace(digest=article.digest)
        for version, article in zip(versions, articles, strict=True)
        if isinstance(article, ArticleText)
    )
    if lost := cache.missing(BODY, bodies):
        deque(_compute(cache, jobs, lost), maxlen=0)
    return articles


def _digest(file: ArticleFile) -> str:
    text, _ = read_source(file.file, file.path)
    return text.digest if text else ""


def _compute(
    cache: Cache, jobs: int, versions: Sequence[ArticleVersion]
) -> Iterator[ArticleText | ReadFailure]:
    """Read articles, and store their bodies."""
    outcomes = apply_all(_read_encoded, versions, jobs=jobs)
    while batch := tuple(islice(outcomes, _BATCH)):
        encoded = [each for each in batch if isinstance(each, _EncodedArticle)]
        cache.put_rows(BODY, ((each.version, each.body) for each in encoded))
        for each in batch:
            yield _decode(each.text, each.version) if isinstance(each, _EncodedArticle) else each


def _read_encoded(version: ArticleVersion) -> _EncodedArticle | ReadFailure:
    parsed = _read(version)
    if isinstance(parsed, ReadFailure):
        return parsed
    version = version._replace(digest=parsed.article.digest)  # it may have changed since it was looked at
    return _EncodedArticle(version, _TEXTS.encode(parsed.article), BODY.codec.encode(parsed.body))


def _read(version: ArticleVersion) -> ParsedArticle | ReadFailure:
    text, diagnostics = read_source(version.file.file, version.file.path)
    if text is None or not text.text.strip():
        return ReadFailure(diagnostics)
    return read_article(ArticleSource(version.file, text, version.drafts, diagnostics))


class ArticleBodies:
    """The texts of articles, from the cache; what it has lost is read again."""

    def __init__(
        self,
        cache: Cache | None = None,
        files: Mapping[str, ArticleFile] | None = None,
        *,
        drafts: bool = False,
    ) -> None:
        self.files = files or {}
        """The file of each article, by its path."""
        self._cache = cache
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
        while batch := tuple(islice(remaining, _BATCH)):
            versions = {
                article.path: ArticleVersion(self.files[article.path], article.digest, self._drafts)
                for article in batch
            }
            bodies = dict(self._cache.fetch(BODY, versions.values())) if self._cache else {}
            for article in batch:
                version = versions[article.path]
                yield article, bodies.get(version) or self._read_again(version)

    @staticmethod
    def _read_again(version: ArticleVersion) -> Body:
        parsed = _read(version)
        if isinstance(parsed, ReadFailure) or parsed.article.digest != version.digest:
            raise OSError(
                errno.ESTALE, "it changed while the site was being built; build again", version.file.path
            )
        return parsed.body
