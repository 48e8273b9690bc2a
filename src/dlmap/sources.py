"""Find the files of a site and read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dlmap.config import LANGUAGES, Config, read_config
from dlmap.markdown import Document, parse_document
from dlmap.taxonomy import NOTE_NAME, language_of
from dlmap.text import Diagnostic, SourceFile, read_source

CONFIG_NAME = "dlmap.toml"


class SiteNotFound(Exception):
    """The path names nothing that a site can be built from; the message says what to do."""


class ConfigError(Exception):
    """The configuration cannot be used; carries its diagnostics."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics[0].message)
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of a site, found but not read."""

    folder: Path
    config: Config
    outlines: tuple[tuple[str, Path], ...]
    """(language, file); an empty language is told by the file itself.  The default language comes first."""
    registry: Path | None = None
    translations: Path | None = None
    notes: tuple[tuple[str, str, Path], ...] = ()
    """(concept id, language, file)."""
    is_lone_post: bool = False

    @property
    def watched(self) -> tuple[Path, ...]:
        """What a preview has to watch."""
        return tuple(file for _, file in self.outlines) if self.is_lone_post else (self.folder,)

    @property
    def protected(self) -> tuple[Path, ...]:
        """What must not stand in an output folder."""
        found = [file for _, file in self.outlines]
        if not self.is_lone_post:
            found += [self.folder / name for name in (CONFIG_NAME, "content", "templates", "static")]
        return tuple(file for file in found if file.exists())


@dataclass(frozen=True, slots=True)
class Texts:
    """The files of a site, read and parsed."""

    languages: tuple[str, ...]
    outlines: tuple[tuple[str, Document], ...] = ()
    registry: SourceFile | None = None
    translations: SourceFile | None = None
    notes: tuple[tuple[str, str, Document], ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def documents(self) -> Iterator[Document]:
        """Every Markdown file."""
        yield from (document for _, document in self.outlines)
        yield from (document for _, _, document in self.notes)


def find_sources(path: Path) -> Sources:
    """What stands at `path`: a site folder, or one post that is a whole site.

    Raises `SiteNotFound` and `ConfigError`.
    """
    if not path.exists():
        raise SiteNotFound(f"{path}: no such file or folder")
    if not path.is_dir():
        return Sources(path.parent, Config(), _variants(path), is_lone_post=True)
    config = _config(path)
    content = path / "content" if (path / "content").is_dir() else path
    base = path / config.outline if config.outline else content / "outline.md"
    outlines = _variants(base, config.languages)
    if not outlines:
        wanted = base.relative_to(path).with_suffix("")
        raise SiteNotFound(
            f"{path} holds no outline: write {wanted}.md (or {wanted}.zh.md and {wanted}.en.md), "
            "or name a post: dlmap build POST.md"
        )
    return Sources(
        path,
        config,
        outlines,
        registry=_existing(content / "methods.yml"),
        translations=content / "translations.yml",
        notes=tuple(_notes(content / "notes")),
    )


def _config(folder: Path) -> Config:
    file = folder / CONFIG_NAME
    if not file.exists():
        return Config()
    source, diagnostics = read_source(file, CONFIG_NAME)
    if source is None:
        raise ConfigError(diagnostics)
    config, diagnostics = read_config(source)
    if diagnostics:
        raise ConfigError(diagnostics)
    return config


def _variants(base: Path, languages: tuple[str, ...] = ()) -> tuple[tuple[str, Path], ...]:
    """`NAME.md` and `NAME.LANG.md`, for a path that names any of them."""
    stem = base.name.removesuffix(".md")
    first = ""
    name, _, lang = stem.rpartition(".")
    if name and lang in LANGUAGES:
        stem, first = name, lang
    order = [first, *languages, *LANGUAGES] if first else [*languages, *LANGUAGES]
    found = [(lang, base.with_name(f"{stem}.{lang}.md")) for lang in dict.fromkeys(order)]
    plain = base.with_name(f"{stem}.md")
    if plain.is_file() or (base == plain and base.exists()):
        found.insert(0, ("", plain))
    return tuple((lang, file) for lang, file in found if file.exists() or file == base and base.is_symlink())


def _existing(file: Path) -> Path | None:
    return file if file.exists() else None


def _notes(folder: Path) -> Iterator[tuple[str, str, Path]]:
    for file in sorted(folder.glob("*.md")) if folder.is_dir() else ():
        match = NOTE_NAME.fullmatch(file.name)
        yield (match["id"], match["lang"], file) if match else ("", "", file)


def read_sources(sources: Sources) -> Texts:
    """Read and parse every file; what cannot be used is left out and reported."""
    reader = _Reader(sources)
    outlines: list[tuple[str, Document]] = []
    for lang, file in sources.outlines:
        if document := reader.document(file, sources.config.flavor or None):
            outlines.append((lang or language_of(document), document))
    languages = sources.config.languages or tuple(
        dict.fromkeys([*(lang for lang, _ in outlines[:1]), *LANGUAGES])
    )
    outlines.sort(key=lambda pair: languages.index(pair[0]) if pair[0] in languages else len(languages))
    notes = []
    for concept_id, lang, file in sources.notes:
        if lang not in languages:
            reader.diagnostics.append(
                Diagnostic(
                    "DL603",
                    "is no note that the site could show",
                    f"name it ID.LANG.md, with one of the languages {', '.join(languages)}",
                    path=reader.shown(file),
                )
            )
        elif document := reader.document(file, None):
            notes.append((concept_id, lang, document))
    return Texts(
        languages,
        tuple(pair for pair in outlines if pair[0] in languages),
        reader.source(sources.registry),
        reader.source(_existing(sources.translations) if sources.translations else None),
        tuple(notes),
        tuple(reader.diagnostics),
    )


class _Reader:
    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.diagnostics: list[Diagnostic] = []

    def shown(self, file: Path) -> str:
        """The path as diagnostics show it: relative to the site."""
        try:
            return file.relative_to(self.sources.folder).as_posix()
        except ValueError:
            return file.as_posix()

    def source(self, file: Path | None) -> SourceFile | None:
        if file is None:
            return None
        if not self.sources.is_lone_post and not self.is_inside(file):
            self.diagnostics.append(
                Diagnostic(
                    "DL008",
                    "is a symbolic link that leads out of the site or to nothing",
                    "copy the file into the site",
                    path=self.shown(file),
                )
            )
            return None
        source, diagnostics = read_source(file, self.shown(file))
        self.diagnostics += diagnostics
        return source

    def is_inside(self, file: Path) -> bool:
        try:
            return file.resolve(strict=True).is_relative_to(self.sources.folder.resolve())
        except (OSError, RuntimeError):
            return not file.is_symlink()  # a plain file that cannot be read reports that itself

    def document(self, file: Path, flavor: str | None) -> Document | None:
        source = self.source(file)
        if source is None:
            return None
        document, diagnostics = parse_document(source, flavor=flavor)
        self.diagnostics += diagnostics
        return document
