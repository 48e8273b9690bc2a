"""The site at earlier commits, read by the reader of today; and who changed its pages when."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

from dlmap.cache import BYTES, Cache, Codec, Key, Task, record_codec
from dlmap.config import ConfigError, SiteNotFoundError
from dlmap.history import (
    BlameLine,
    GitError,
    MapSnapshot,
    Repository,
    Revision,
    RevisionChanges,
    SiteHistory,
    authorship,
    compare,
    map_snapshot,
)
from dlmap.load.discover import CONFIG_NAME, Sources, discover
from dlmap.load.read import ParsedTexts, read_texts
from dlmap.taxonomy import Registry, assemble, read_outlines
from dlmap.text import SourceFile

MOST_REVISIONS = 30
"""So many are shown; an older change is found in the repository."""


class _Version(NamedTuple):
    """What a snapshot depends on."""

    files: tuple[tuple[str, str], ...]
    """(path, blob) of each source file of a revision."""
    reserved_ids: frozenset[str]

    @property
    def key(self) -> Key:
        parts = (part for file in sorted(self.files) for part in file)
        return tuple(os.fsencode(part) for part in (" ".join(sorted(self.reserved_ids)), *parts))


_ROWS: Codec[_Version, MapSnapshot] = record_codec(MapSnapshot)
_SNAPSHOT: Task[_Version, MapSnapshot | None] = Task(
    "map snapshot",
    "dlmap.load.revisions",
    lambda version: version.key,
    Codec(lambda snapshot: _ROWS.encode(snapshot) if snapshot else b"", _ROWS.decode),
    is_lasting=lambda _, snapshot: snapshot is not None,
)
_BLAME: Task[tuple[str, str], bytes] = Task(
    "blame", "dlmap.history.git", lambda item: (item[0].encode(), os.fsencode(item[1])), BYTES
)
"""What `git blame` says, by (commit, path)."""


class RevisionReader:
    """Reads the site at a commit."""

    def __init__(
        self,
        sources: Sources,
        repository: Repository,
        cache_: Cache,
        reserved_ids: frozenset[str],
        included: Iterable[Path] = (),
    ) -> None:
        self._sources = sources
        self._included = [sources.shown(file) for file in included]
        self._repository = repository
        self._cache = cache_
        self._reserved_ids = reserved_ids
        self._task = replace(_SNAPSHOT, compute=self._compute)
        self.snapshot = cache(self._snapshot)

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that make up the map today, and those that would in another language."""
        shown = [self._sources.shown(file) for _, file in self._sources.outlines] + self._included
        others = (
            []
            if self._sources.is_lone_post
            else [CONFIG_NAME, "methods.yml", "outline.md", "content/methods.yml", "content/methods"]
        )
        return tuple(dict.fromkeys([*shown, *others]))

    def _snapshot(self, revision: str) -> MapSnapshot | None:
        """The concepts in a revision; None where there was no site that can be read.  Raises GitError."""
        files = self._repository.files(revision).items()
        sources = tuple(file for file in files if self._is_source(file[0]))
        return self._cache.get(self._task, _Version(sources, self._reserved_ids))

    def _compute(self, versions: Sequence[_Version]) -> Iterator[MapSnapshot | None]:
        return (self._read(dict(version.files)) for version in versions)

    def _is_source(self, path: str) -> bool:
        """Whether the reader could want the file: outlines, the registry and the configuration, but no articles."""
        place = PurePosixPath(path)
        if place.is_absolute() or ".." in place.parts or "\\" in path:
            return False
        outlines = {file.name.split(".")[0] for _, file in self._sources.outlines} | {"outline"}
        folders = {".", "content", *(os.path.dirname(each) or "." for each in self.paths)}  # noqa: PTH120
        is_outline = place.suffix == ".md" and place.name.split(".")[0] in outlines
        is_named = path == CONFIG_NAME or place.name == "methods.yml" or is_outline
        is_registry = place.suffix == ".yml" and place.parent.name == "methods"
        around = str(place.parent.parent if is_registry else place.parent)
        return ((is_named or is_registry) and around in folders) or self._may_be_included(place)

    def _may_be_included(self, place: PurePosixPath) -> bool:
        """Whether an outline of a site could include the file: it is below the outline, and nothing else."""
        if self._sources.is_lone_post or not self._sources.outlines or place.suffix != ".md":
            return False
        outline_folder = PurePosixPath(self._sources.shown(self._sources.outlines[0][1])).parent
        if not place.is_relative_to(outline_folder):
            return False
        other_folders = {"notes", "articles", "pages", "_posts"}
        return not other_folders & set(place.relative_to(outline_folder).parts[:-1])

    def _read(self, files: Mapping[str, str]) -> MapSnapshot | None:
        contents = self._repository.contents(files.values())
        with TemporaryDirectory(prefix="dlmap-past-", ignore_cleanup_errors=True) as folder:
            root = Path(folder)
            for path, blob in files.items():
                target = root / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(contents[blob])
            post = self._sources.outlines[0][1].name if self._sources.is_lone_post else ""
            return read_snapshot(root / post, self._cache, self._reserved_ids)


def read_snapshot(path: Path, cache: Cache, reserved_ids: frozenset[str]) -> MapSnapshot | None:
    """The concepts of the site at `path`; None where there is no site that can be read."""
    try:
        sources = discover(path)
        texts = read_texts(sources, cache)
    except (ConfigError, SiteNotFoundError):
        return None
    memory = cache.memory
    outlines, _ = read_outlines(texts.outlines, origin=sources.config.origin or None, memo=memory)
    taxonomy, _ = assemble(
        outlines, texts.registry, {}, texts.languages, reserved_ids=reserved_ids, memo=memory
    )
    return map_snapshot(taxonomy) if taxonomy.concepts else None


def read_history(
    sources: Sources, texts: ParsedTexts, articles: Iterable[str], cache: Cache, reserved_ids: frozenset[str]
) -> SiteHistory:
    """The history of a site from the repository around it; empty where there is none, or not the whole of its history.

    `articles` are the paths of the articles.
    """
    repository = Repository.around(sources.folder)
    if repository is None:
        return SiteHistory()
    try:
        past = RevisionReader(sources, repository, cache, reserved_ids, texts.included)
        head = repository.resolve("HEAD")
        lines = dict(_blamed(repository, head, _lined(texts), cache))
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
    read = ((revision, past.snapshot(revision.id)) for revision in revisions)
    for (revision, new), (_, old) in pairwise(
        (revision, snapshot) for revision, snapshot in read if snapshot
    ):
        if changes := compare(old, new):
            yield RevisionChanges(revision, changes)


def _lined(texts: ParsedTexts) -> Iterator[SourceFile]:
    """The files whose lines belong to many pages."""
    yield from (document.source for _, document in texts.outlines)
    if texts.registry.source:
        yield texts.registry.source


def _blamed(
    repository: Repository, head: str, sources: Iterable[SourceFile], cache: Cache
) -> Iterator[tuple[str, tuple[BlameLine | None, ...]]]:
    task = replace(_BLAME, compute=lambda items: (repository.blame(path) for _, path in items))

    def blamed(path: str, text: str) -> tuple[BlameLine | None, ...]:
        try:
            return authorship(cache.get(task, (head, path)), text)
        except GitError:
            return ()  # not committed yet

    for source in sources:
        if not source.parts:
            lines = blamed(source.path, source.text)
        else:
            lines = ()
            for part in source.parts:
                before = source.position(part.begin).line - 1
                padding = (None,) * (before - len(lines))
                lines = (*lines[:before], *padding, *blamed(part.file.path, part.file.text))
        if any(lines):
            yield source.path, lines


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
    lines: dict[str, list[BlameLine]] = {}
    for path, date, author in repository.touches(folders) if folders else ():
        if path in wanted:
            lines.setdefault(path, []).append(BlameLine(author, date))
    return {path: tuple(each) for path, each in lines.items()}
