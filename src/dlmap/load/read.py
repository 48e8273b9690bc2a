"""Read the texts of a site: outlines, notes, the registry and the list of accepted translations."""

from __future__ import annotations

import os
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from dlmap.cache import Cache
from dlmap.cache.memory import IdentityKey
from dlmap.config import LANGUAGES
from dlmap.load.discover import CONFIG_NAME, OWN_FOLDERS, Sources, existing
from dlmap.markdown import Document, parse_documents, parse_outline
from dlmap.markdown.frontmatter import read_front_matter
from dlmap.taxonomy import Accepted, Registry, language_of, read_accepted, read_registry, site_languages
from dlmap.text import Diagnostic, SourceFile, Span, joined, read_source

_UNDECODED = re.compile("[\udc80-\udcff]")
"""What Python makes of bytes in the name of a file that are not UTF-8."""


@dataclass(frozen=True, slots=True)
class ParsedTexts:
    """The files of a site, read and parsed."""

    languages: tuple[str, ...]
    outlines: tuple[tuple[str, Document], ...] = ()
    registry: Registry = field(default_factory=Registry)
    accepted: Accepted = field(default_factory=dict)
    """The translations that are up to date."""
    notes: tuple[tuple[str, str, Document], ...] = ()
    included: tuple[Path, ...] = ()
    """The files that outlines include."""
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def documents(self) -> Iterator[Document]:
        """Every Markdown file."""
        yield from (document for _, document in self.outlines)
        yield from (document for _, _, document in self.notes)


def read_texts(sources: Sources, cache: Cache, article_languages: Sequence[str] = ()) -> ParsedTexts:
    """Read every file but the articles; what cannot be used is left out and reported.

    Without `languages` in its configuration, a site has those of its outlines, notes and articles.
    """
    reader = _Reader(sources, cache)
    outlines = reader.outlines()
    registry = reader.registry(sources.config.languages or LANGUAGES)
    languages = sources.config.languages or site_languages(
        outlines,
        (
            *article_languages,
            *(lang for _, lang, _ in sources.notes if lang in LANGUAGES),
            *(lang for entry in registry.entries.values() for lang in entry.summary),
        ),
    )
    accepted = reader.accepted()
    with cache.memory.generation("note files") as memory:
        # The same sources have the same files in the same folders, whatever is in them.
        files = memory((IdentityKey(sources), languages), lambda: _note_files(sources, languages))
    notes = tuple(reader.notes(files.notes))
    diagnostics = (*reader.diagnostics, *files.diagnostics)
    if not outlines:
        # Without the outline every note and every entry would be said to belong to nothing.
        return ParsedTexts(languages, diagnostics=diagnostics)
    outlines.sort(key=lambda pair: languages.index(pair[0]))
    included = tuple(dict.fromkeys(reader.included))
    return ParsedTexts(languages, tuple(outlines), registry, accepted, notes, included, diagnostics)


class _Reader:
    def __init__(self, sources: Sources, cache: Cache) -> None:
        self.sources = sources
        self.cache = cache
        self.diagnostics: list[Diagnostic] = []
        self.folder = _SiteFolder(sources)
        self.included: list[Path] = []

    def source(self, file: Path) -> SourceFile | None:
        """The text of a file; None where there is none, or none that can be read."""
        if not self.folder.includes(file):
            return None
        source, diagnostics = self.cache.files.get(
            "source", file, partial(read_source, file, self.sources.shown(file))
        )
        self.diagnostics += diagnostics
        return source

    def outlines(self) -> list[tuple[str, Document]]:
        """The outlines that can be used, one for each language."""
        documents: dict[str, Document] = {}
        languages = self.sources.config.languages or LANGUAGES
        for language, file in self.sources.outlines:
            source = self.source(file)
            if source is None:
                continue
            flavor = self.sources.config.flavor or None
            source = self.with_includes(source, file)
            document, diagnostics = parse_outline(source, flavor=flavor, cache=self.cache)
            self.diagnostics += diagnostics
            lang = language or language_of(document)
            if lang not in languages:
                self.misplaced(
                    document,
                    "DL505",
                    f"the outline is in `{lang}`, a language that the site does not have",
                    f"the site has {', '.join(languages)}: correct `lang` here, or `languages` in dlmap.toml",
                )
            elif lang in documents:
                self.misplaced(
                    document,
                    "DL506",
                    f"this is a second outline in `{lang}`, beside {documents[lang].source.path}",
                    "keep one of them, or tell the language of each: NAME.LANG.md",
                )
            else:
                documents[lang] = document
        return list(documents.items())

    def with_includes(self, outline: SourceFile, file: Path) -> SourceFile:
        """The outline with the files that its front matter includes behind it."""
        front, _ = read_front_matter(outline)
        others: dict[str, SourceFile] = {}
        for path, span in front.include:
            other = Path(os.path.normpath(file.parent / path))
            if problem := self.include_problem(other, outline, others):
                self.diagnostics.append(
                    Diagnostic("DL113", f"`{path}` {problem[0]}", problem[1], outline, span)
                )
            else:
                self.included.append(other)
                if source := self.source(other):
                    others[source.path] = self.without_head(source)
        return joined(outline, others.values()) if others else outline

    def include_problem(
        self, file: Path, outline: SourceFile, others: Container[str]
    ) -> tuple[str, str] | None:
        """What keeps a file from being a part of an outline, and what to do; None where nothing does."""
        if self.sources.is_lone_post:
            return (
                "cannot be included: a lone post is one file",
                "put the files into a site folder: dlmap init",
            )
        if not file.is_relative_to(self.sources.folder) or not self.folder.includes(file):
            return "is not in the site folder", "put the file beside the outline or below it"
        if not file.is_file():
            return "is not a file of the site", "correct the path; it is relative to the outline"
        if (shown := self.sources.shown(file)) == outline.path:
            return "is the outline itself", "remove it from the list"
        if shown in others:
            return "is included twice", "keep it in one place of the list"
        return None

    def without_head(self, source: SourceFile) -> SourceFile:
        """A file without its front matter, which belongs to the outline that includes the file."""
        front, _ = read_front_matter(source)
        end = front.span.end
        if not end:
            return source
        self.diagnostics.append(
            Diagnostic(
                "DL112",
                "an included file has front matter of its own; nothing reads it",
                "move its keys to the outline; an included file includes no others",
                source,
                Span(0, 3),
            )
        )
        return replace(source, text="\n" * source.text.count("\n", 0, end) + source.text[end:])

    def misplaced(self, document: Document, code: str, message: str, help: str) -> None:
        """Report an outline where it says its language."""
        span = document.front_matter.spans.get("lang", document.source.line_span(1))
        self.diagnostics.append(Diagnostic(code, message, help, document.source, span))

    def registry(self, languages: tuple[str, ...]) -> Registry:
        files = [source for file in self.sources.registry if (source := self.source(file))]
        if not files:
            return Registry()
        source = joined(files[0], files[1:]) if len(files) > 1 else files[0]
        registry, diagnostics = read_registry(source, languages, cache=self.cache)
        self.diagnostics += diagnostics
        return registry

    def accepted(self) -> Accepted:
        file = self.sources.translations and existing(self.sources.translations)
        source = self.source(file) if file else None
        if source is None:
            return {}
        accepted, diagnostics = read_accepted(source)
        self.diagnostics += diagnostics
        return accepted

    def notes(self, notes: tuple[tuple[str, str, Path], ...]) -> Iterator[tuple[str, str, Document]]:
        sources = [(concept_id, lang, self.source(file)) for concept_id, lang, file in notes]
        readable = [(concept_id, lang, source) for concept_id, lang, source in sources if source]
        documents = parse_documents([source for _, _, source in readable], self.cache)
        for (concept_id, lang, _), (document, diagnostics) in zip(readable, documents, strict=True):
            self.diagnostics += diagnostics
            yield concept_id, lang, document


class _NoteFiles(NamedTuple):
    """The notes that may be read, and what is wrong with files whatever is in them."""

    notes: tuple[tuple[str, str, Path], ...]
    """(concept id, language, file)."""
    diagnostics: tuple[Diagnostic, ...]


def _note_files(sources: Sources, languages: tuple[str, ...]) -> _NoteFiles:
    folder = _SiteFolder(sources)
    notes: list[tuple[str, str, Path]] = []
    for concept_id, lang, file in sources.notes:
        if lang not in languages:
            folder.report(
                "DL603",
                "is not a note that the site can show",
                f"name it ID.LANG.md, with one of the languages {', '.join(languages)}",
                file,
            )
        elif folder.includes(file):
            notes.append((concept_id, lang, file))
    if not sources.is_lone_post:
        folder.check_links()
        folder.check_names()
    return _NoteFiles(tuple(notes), tuple(folder.diagnostics))


class _SiteFolder:
    """What is part of the site, and what a link leads to elsewhere."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.root = sources.folder.resolve()
        self.holds = cache(lambda folder: Path(os.path.realpath(folder)).is_relative_to(self.root))
        self.diagnostics: list[Diagnostic] = []

    def report(self, code: str, message: str, help: str, file: Path) -> None:
        self.diagnostics.append(Diagnostic(code, message, help, path=self.sources.shown(file)))

    def includes(self, file: Path) -> bool:
        """Whether what would be read is part of the site; `check_links` reports what is not."""
        is_link = os.path.islink(file)  # noqa: PTH114 - asked for each of thousands of notes
        if self.sources.is_lone_post or (not is_link and self.holds(file.parent)):
            return True
        try:
            return Path(os.path.realpath(file, strict=True)).is_relative_to(self.root)
        except OSError:
            return not is_link  # a plain file that cannot be read reports that itself

    def check_links(self) -> None:
        """Report the symbolic links that lead out of the site or to nothing, and folders that cannot be read."""
        folder = self.sources.folder
        files = [folder / CONFIG_NAME, *(file for _, file in self.sources.outlines)]
        for name in OWN_FOLDERS:
            files.append(folder / name)
            files += map(Path, self.links(folder / name))
        for file in dict.fromkeys(files):
            if file.is_symlink() and not self.includes(file):
                self.report(
                    "DL008",
                    "is a symbolic link that leads out of the site or to nothing",
                    "put a copy of the file into the site",
                    file,
                )

    def check_names(self) -> None:
        """Report static files that can have no address: their names are theirs on the disk."""
        for folder, inner, names in os.walk(self.sources.folder / "static"):
            for name in (*inner, *names):
                if _UNDECODED.search(name):
                    self.report(
                        "DL002", "has a name that is not UTF-8", "rename the file", Path(folder, name)
                    )

    def links(self, folder: str | Path) -> Iterator[str]:
        """The symbolic links in a folder and below it."""
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_symlink():
                        yield entry.path
                    elif entry.is_dir():
                        yield from self.links(entry.path)
        except OSError as error:
            self.unreadable(error)

    def unreadable(self, error: OSError) -> None:
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            self.report(
                "DL001",
                f"cannot be read: {error.strerror}",
                "check the path, the link and its permissions",
                Path(error.filename),
            )
