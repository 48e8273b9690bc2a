"""Texts that were read before need not be read again: they come out of the memory of a preview or out of the store."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import markdown_it
import mdit_py_plugins
import yaml
from markdown_it.token import Token

from dlmap.cache import CacheNamespace, Codec, Key, Store, code_fingerprint
from dlmap.cache.memory import MemoryCache
from dlmap.markdown import (
    Block,
    Document,
    FrontMatter,
    InlineText,
    Mark,
    MarkKind,
    parse_document,
    parse_outline,
)
from dlmap.taxonomy import Accepted, Paper, Registry, RegistryEntry, read_accepted, read_registry
from dlmap.text import Diagnostic, SourceChunk, SourceFile, Span, read_source

T = TypeVar("T")


class SourcePath(NamedTuple):
    """A file, and how the user knows it."""

    file: Path
    shown: str


class ParsedDocument(NamedTuple):
    """A Markdown file, and what is wrong with it."""

    document: Document
    diagnostics: tuple[Diagnostic, ...]


class ReadRegistry(NamedTuple):
    """A registry of methods, and what is wrong with it."""

    registry: Registry
    diagnostics: tuple[Diagnostic, ...]


class ReadTranslations(NamedTuple):
    """Which translations are up to date, and what is wrong with the list."""

    accepted: Accepted
    diagnostics: tuple[Diagnostic, ...]


_TEXT = (SourceFile, SourceChunk, Span, Diagnostic)
_DOCUMENTS = Codec(
    ParsedDocument, Document, FrontMatter, Block, InlineText, Mark, MarkKind, Token, datetime.date, *_TEXT
)
_REGISTRIES = Codec(ReadRegistry, Registry, RegistryEntry, Paper, *_TEXT)
_TRANSLATIONS = Codec(ReadTranslations, *_TEXT)


class TextReader:
    """Reads the files of one build.

    `known` are the digests of the files that have not changed since some earlier build read them: such a file is not
    opened.  `digests` are those of the files that this build has used, for the next one.  What was read is put into the
    store, if there is one, so that a new process finds it there; a preview has it in `memo`, where an outline lies in
    passages, and only the one that was edited is read again.
    """

    def __init__(self, store: Store | None, memo: MemoryCache, known: Mapping[str, str]) -> None:
        self.memo = memo
        self.digests: dict[str, str] = {}
        self.diagnostics: list[Diagnostic] = []
        """Of the files that cannot be read at all."""
        self._store = store
        self._known = known
        self._folders = cache(os.path.realpath)

    def outlines(self, files: Sequence[SourcePath], flavor: str | None) -> list[ParsedDocument | None]:
        """The outlines parsed; None for one that cannot be read."""
        return self._all(
            "outline",
            _DOCUMENTS,
            files,
            flavor or "",
            lambda source: ParsedDocument(*parse_outline(source, flavor=flavor, memo=self.memo)),
        )

    def notes(self, files: Sequence[SourcePath]) -> list[ParsedDocument | None]:
        """The notes parsed; None for one that cannot be read."""
        return self._all(
            "note", _DOCUMENTS, files, "", lambda source: ParsedDocument(*parse_document(source))
        )

    def registry(self, file: SourcePath, languages: tuple[str, ...]) -> ReadRegistry | None:
        """The registry of methods; None where it cannot be read."""
        read = self._all(
            "registry",
            _REGISTRIES,
            [file],
            " ".join(languages),
            lambda source: ReadRegistry(*read_registry(source, languages, memo=self.memo)),
        )
        return read[0]

    def translations(self, file: SourcePath) -> ReadTranslations | None:
        """Which translations are up to date; None where that cannot be read."""
        read = self._all(
            "translations",
            _TRANSLATIONS,
            [file],
            "",
            lambda source: ReadTranslations(*read_accepted(source)),
        )
        return read[0]

    def known(self, file: Path) -> str:
        """The digest of a file that has not changed; empty for any other."""
        return self._known.get(self._place(file), "")

    def note(self, file: Path, digest: str) -> None:
        """Take down what a file was found to hold."""
        self.digests[self._place(file)] = digest

    def _place(self, file: Path) -> str:
        """The name of a file that others give it as well: its own, in the real folder."""
        folder, _, name = os.fspath(file).rpartition(os.sep)  # as text, for there may be thousands of files
        return f"{self._folders(folder)}{os.sep}{name}"

    def _all(
        self,
        name: str,
        values: Codec[T],
        files: Sequence[SourcePath],
        options: str,
        make: Callable[[SourceFile], T],
    ) -> list[T | None]:
        """What is made of each file, remembered under its path, the options and its digest."""
        sources: dict[int, SourceFile] = {}
        keys: list[tuple[str, str, str] | None] = []
        for index, file in enumerate(files):
            place = self._place(file.file)
            digest = self._known.get(place, "")
            if digest:
                self.digests[place] = digest
            elif source := self._source(file):
                sources[index], digest = source, source.digest
            keys.append((file.shown, options, digest) if digest else None)
        kind = _kind(name)
        fresh: dict[Key, bytes] = {}
        with self.memo.reading(f"{name} files") as recall:
            new = [_stored_as(key) for key in keys if key and key not in recall] if self._store else []
            stored = self._store.get_many(kind, new) if self._store else {}

            def read(index: int, known_as: tuple[str, ...]) -> T | None:
                key = _stored_as(known_as)
                if key in stored and (value := values.load(stored[key])) is not None:
                    return value
                source = sources.get(index) or self._source(files[index])
                if source is None:
                    return None
                value = make(source)
                if self._store:
                    fresh[key] = values.dump(value)
                return value

            made = [recall(key, partial(read, index, key)) if key else None for index, key in enumerate(keys)]
        if self._store:
            self._store.put_many(kind, fresh)
        return made

    def _source(self, file: SourcePath) -> SourceFile | None:
        source, diagnostics = read_source(file.file, file.shown)
        if source and not diagnostics:  # what is wrong with a file is told by every build
            self.note(file.file, source.digest)
        self.diagnostics += diagnostics
        return source


def _stored_as(key: tuple[str, ...]) -> Key:
    return tuple(part.encode("utf-8", "surrogatepass") for part in key)


@cache
def _kind(name: str) -> CacheNamespace:
    """Everything that takes part in reading such a file."""
    versions = (markdown_it.__version__, mdit_py_plugins.__version__, yaml.__version__)
    return CacheNamespace(name, (code_fingerprint("text", "markdown", "taxonomy", "config"), *versions))
