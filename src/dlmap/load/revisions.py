"""A site as it was in earlier revisions, read by the reader of today; and what its repository tells of its pages."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from itertools import pairwise
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from dlmap.cache import CacheNamespace, Codec, Key, Store, code_fingerprint
from dlmap.cache.memory import MemoryCache
from dlmap.config import ConfigError, SiteNotFoundError
from dlmap.history import (
    BlameLine,
    ConceptSnapshot,
    GitError,
    MapSnapshot,
    Repository,
    Revision,
    RevisionChanges,
    SiteHistory,
    authorship,
    census,
    compare,
)
from dlmap.load.discover import CONFIG_NAME, ParsedTexts, Sources, find_sources, read_sources
from dlmap.load.read import TextReader
from dlmap.taxonomy import Registry, assemble, read_outlines
from dlmap.text import SourceFile

MOST_REVISIONS = 30
"""So many are shown; an older change is found in the repository."""
_VALUES = Codec(MapSnapshot, ConceptSnapshot)


class RevisionReader:
    """Reads a site as it was; what was read once is in the store, and in `memo` what was read just now."""

    def __init__(
        self,
        sources: Sources,
        repository: Repository,
        store: Store,
        reserved_ids: frozenset[str],
        memo: MemoryCache | None = None,
    ) -> None:
        self._sources = sources
        self._repository = repository
        self._store = store
        self._reserved_ids = reserved_ids
        self._memo = memo or MemoryCache()
        self.census = cache(self._census)

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that make up the map today, and those that would in another language."""
        shown = [self._sources.shown(file) for _, file in self._sources.outlines]
        others = (
            []
            if self._sources.is_lone_post
            else [CONFIG_NAME, "methods.yml", "outline.md", "content/methods.yml"]
        )
        return tuple(dict.fromkeys([*shown, *others]))

    def _census(self, revision: str) -> MapSnapshot | None:
        """The concepts in a revision; None where there was no site that can be read.  Raises GitError."""
        files = {
            path: blob for path, blob in self._repository.files(revision).items() if self._is_source(path)
        }
        key: Key = tuple(os.fsencode(part) for item in sorted(files.items()) for part in item)
        stored = self._store.get_many(_kind(), [key])
        if key in stored and (known := _VALUES.load(stored[key])):
            return known
        made = self._read(files)
        if made is not None:
            self._store.put_many(_kind(), {key: _VALUES.dump(made)})
        return made

    def _is_source(self, path: str) -> bool:
        """Whether the reader could want the file: outlines, the registry and the configuration, but no articles."""
        place = PurePosixPath(path)
        if place.is_absolute() or ".." in place.parts or "\\" in path:
            return False
        outlines = {file.name.split(".")[0] for _, file in self._sources.outlines} | {"outline"}
        folders = {".", "content", *(os.path.dirname(each) or "." for each in self.paths)}  # noqa: PTH120
        is_outline = place.suffix == ".md" and place.name.split(".")[0] in outlines
        is_named = path == CONFIG_NAME or place.name == "methods.yml" or is_outline
        return is_named and str(place.parent) in folders

    def _read(self, files: Mapping[str, str]) -> MapSnapshot | None:
        contents = self._repository.contents(files.values())
        with TemporaryDirectory(prefix="dlmap-past-", ignore_cleanup_errors=True) as folder:
            root = Path(folder)
            for path, blob in files.items():
                target = root / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(contents[blob])
            post = self._sources.outlines[0][1].name if self._sources.is_lone_post else ""
            return read_census(root / post, self._memo, self._reserved_ids)


def read_census(path: Path, memo: MemoryCache, reserved_ids: frozenset[str]) -> MapSnapshot | None:
    """The concepts of the site at `path`; None where there is no site that can be read."""
    try:
        sources = find_sources(path)
        texts = read_sources(sources, TextReader(None, memo, {}))
    except (ConfigError, SiteNotFoundError):
        return None
    outlines, _ = read_outlines(texts.outlines, origin=sources.config.origin or None, memo=memo)
    taxonomy, _ = assemble(
        outlines, texts.registry, {}, texts.languages, reserved_ids=reserved_ids, memo=memo
    )
    return census(taxonomy) if taxonomy.concepts else None


def read_history(
    sources: Sources,
    texts: ParsedTexts,
    articles: Iterable[str],
    store: Store,
    reserved_ids: frozenset[str],
    memo: MemoryCache | None = None,
) -> SiteHistory:
    """What the repository around a site tells; nothing where there is none, or not the whole of its history.

    `memo` may hold what the site of today was read to: in the last revision most of it is the same.
    """
    repository = Repository.around(sources.folder)
    if repository is None:
        return SiteHistory()
    try:
        past = RevisionReader(sources, repository, store, reserved_ids, memo)
        head = repository.resolve("HEAD")
        lines = dict(_blamed(repository, head, _lined(texts), store))
        entries = dict(_entries(texts.registry, lines)) if texts.registry.source else {}
        return SiteHistory(
            tuple(_changes(past, repository.revisions(past.paths, MOST_REVISIONS + 1))),
            lines,
            entries,
            _touched(repository, texts, articles),
        )
    except GitError:
        return SiteHistory()


def _changes(past: RevisionReader, revisions: Iterable[Revision]) -> Iterator[RevisionChanges]:
    """What each revision did to the map, newest first; the first of all made it, and is not told."""
    read = ((revision, past.census(revision.id)) for revision in revisions)
    for (revision, new), (_, old) in pairwise((revision, made) for revision, made in read if made):
        if changes := compare(old, new):
            yield RevisionChanges(revision, changes)


def _lined(texts: ParsedTexts) -> Iterator[SourceFile]:
    """The files whose lines belong to many pages."""
    yield from (document.source for _, document in texts.outlines)
    if texts.registry.source:
        yield texts.registry.source


def _blamed(
    repository: Repository, head: str, sources: Iterable[SourceFile], store: Store
) -> Iterator[tuple[str, tuple[BlameLine | None, ...]]]:
    for source in sources:
        key = (head.encode(), os.fsencode(source.path))
        try:
            porcelain = store.piece(CacheNamespace("blame"), key, partial(repository.blame, source.path))
        except GitError:
            continue  # not committed yet
        yield source.path, authorship(porcelain, source.text)


def _entries(
    registry: Registry, lines: Mapping[str, tuple[BlameLine | None, ...]]
) -> Iterator[tuple[str, tuple[BlameLine, ...]]]:
    """The lines of each entry of the registry."""
    source = registry.source
    assert source is not None
    if source.path not in lines:
        return
    begins = [(source.line_of(entry.span), entry.id) for entry in registry.entries.values()]
    begins.sort()
    ends = [line - 1 for line, _ in begins[1:]] + [len(lines[source.path])]
    for (first, entry_id), last in zip(begins, ends, strict=True):
        yield entry_id, tuple(filter(None, lines[source.path][first - 1 : last]))


def _touched(
    repository: Repository, texts: ParsedTexts, articles: Iterable[str]
) -> Mapping[str, tuple[BlameLine, ...]]:
    """The commits of each note and article, newest first."""
    wanted = {document.source.path for _, _, document in texts.notes} | set(articles)
    folders = sorted({path.rpartition("/")[0] or "." for path in wanted})
    found: dict[str, list[BlameLine]] = {}
    for path, date, author in repository.touches(folders) if folders else ():
        if path in wanted:
            found.setdefault(path, []).append(BlameLine(author, date))
    return {path: tuple(each) for path, each in found.items()}


@cache
def _kind() -> CacheNamespace:
    code = code_fingerprint("text", "markdown", "taxonomy", "history", "config", "load")
    return CacheNamespace("census", (code,))
