"""Find the files of a site and read them."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from dlmap.articles.jekyll import CONFIG_NAME as JEKYLL_CONFIG_NAME
from dlmap.articles.jekyll import JekyllConfig, read_jekyll_config
from dlmap.cache.memory import Same
from dlmap.config import LANGUAGES, Config, ConfigError, SiteNotFoundError, read_config
from dlmap.load.read import SourcePath, TextReader
from dlmap.markdown import Document
from dlmap.taxonomy import NOTE_NAME, Accepted, Registry, language_of
from dlmap.text import Diagnostic, Severity, read_source

CONFIG_NAME = "dlmap.toml"
_OWN_FOLDERS = ("content", "templates", "static")
_UNDECODED = re.compile("[\udc80-\udcff]")
"""What Python makes of bytes in the name of a file that are not UTF-8."""
_NO_POSTS = {"README", "LICENSE", "CHANGELOG", "CONTRIBUTING"}


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
    articles: Path | None = None
    """The folder of the articles."""
    pages: Path | None = None
    """The folder of the site's own pages."""
    jekyll: JekyllConfig = JekyllConfig()
    """What a Jekyll blog says of itself."""
    is_lone_post: bool = False

    def shown(self, file: Path) -> str:
        """The path as diagnostics show it: relative to the site."""
        # As text, for there may be thousands of files.
        path, folder = os.fspath(file), os.fspath(self.folder)
        inside = path.removeprefix(os.path.join(folder, ""))  # noqa: PTH118
        return inside.replace(os.sep, "/") if inside.isprintable() else printable(Path(inside))

    @property
    def watched(self) -> tuple[Path, ...]:
        """The folder of the site; of a lone post every place where it or its translation could stand."""
        if not self.is_lone_post:
            return (self.folder,)
        return tuple(dict.fromkeys(file for _, post in self.outlines for _, file in _candidates(post)))

    @property
    def protected(self) -> tuple[Path, ...]:
        """What must not stand in an output folder."""
        found = [file for _, file in self.outlines]
        if not self.is_lone_post:
            found += [self.folder / name for name in (CONFIG_NAME, *_OWN_FOLDERS)]
        if self.articles:
            found.append(self.articles)
        return tuple(file for file in found if file.exists())


@dataclass(frozen=True, slots=True)
class ParsedTexts:
    """The files of a site, read and parsed."""

    languages: tuple[str, ...]
    outlines: tuple[tuple[str, Document], ...] = ()
    registry: Registry = field(default_factory=Registry)
    accepted: Accepted = field(default_factory=dict)
    """The translations that are up to date."""
    notes: tuple[tuple[str, str, Document], ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def documents(self) -> Iterator[Document]:
        """Every Markdown file."""
        yield from (document for _, document in self.outlines)
        yield from (document for _, _, document in self.notes)


def find_sources(path: Path, base_url: str = "") -> Sources:
    """What stands at `path`: a site folder, or one post that is a whole site.

    `base_url` stands for the one of the configuration.  Raises `SiteNotFoundError` and `ConfigError`.
    """
    sources = _find(path)
    return replace(sources, config=replace(sources.config, base_url=base_url)) if base_url else sources


def _find(path: Path) -> Sources:
    try:
        path.stat()
    except OSError as error:
        reason = "no such file or folder" if isinstance(error, FileNotFoundError) else error.strerror
        raise SiteNotFoundError(f"{printable(path)}: {reason}") from None
    if not path.is_dir():
        return Sources(path.parent, Config(), _variants(path) or (("", path),), is_lone_post=True)
    config = _config(path)
    content = path / "content" if (path / "content").is_dir() else path
    base = path / config.outline if config.outline else content / "outline.md"
    outlines = _variants(base, config.languages)
    articles = _articles(path, config)
    if not outlines and (config.outline or articles is None):
        wanted = base.relative_to(path).with_suffix("").as_posix()
        languages = config.languages or LANGUAGES
        translated = " and ".join(f"{wanted}.{lang}.md" for lang in languages)
        raise SiteNotFoundError(
            f"{printable(path)} holds no outline: name a post (dlmap build {_some_post(path)}), make a new site "
            f"(dlmap init my-map), write {wanted}.md (or {translated}), or put articles into content/articles"
        )
    jekyll = _jekyll(path) if articles else JekyllConfig()
    config = replace(config, origin=config.origin or jekyll.host)
    if not outlines:
        title, description = {"": jekyll.title or path.resolve().name}, {"": jekyll.description}
        config = replace(config, title=config.title or title, description=config.description or description)
    return Sources(
        path,
        config,
        outlines,
        registry=_existing(content / "methods.yml"),
        translations=content / "translations.yml",
        notes=tuple(_notes(content / "notes")),
        articles=articles,
        pages=pages if (pages := path / "content" / "pages").is_dir() else None,
        jekyll=jekyll,
    )


def _some_post(folder: Path) -> str:
    """A file that may be meant, as it is written on the command line."""
    posts = (file for file in sorted(folder.glob("*.md")) if file.stem.upper() not in _NO_POSTS)
    return shlex.quote(printable(next(posts, Path("POST.md"))))


def _jekyll(folder: Path) -> JekyllConfig:
    file = folder / JEKYLL_CONFIG_NAME
    if not file.is_file():
        return JekyllConfig()
    source, _ = read_source(file, JEKYLL_CONFIG_NAME)
    return read_jekyll_config(source)


def _articles(path: Path, config: Config) -> Path | None:
    if config.articles:
        if not (path / config.articles).is_dir():
            raise SiteNotFoundError(
                f"{printable(path / config.articles)}: no such folder; see `articles` in {CONFIG_NAME}"
            )
        return path / config.articles
    usual = (path / "content" / "articles", path / "_posts")
    return next((folder for folder in usual if folder.is_dir()), None)


def printable(path: Path) -> str:
    """A path as people can read it on one line, however it is named."""
    text = path.as_posix()
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "backslashreplace").decode()
        for char in text
    )


def _config(folder: Path) -> Config:
    file = folder / CONFIG_NAME
    if _existing(file) is None:
        return Config()
    source, diagnostics = read_source(file, CONFIG_NAME)
    if source is None:
        raise ConfigError(diagnostics)
    if source.text.strip() and diagnostics:  # what a text may hold, settings may not
        raise ConfigError(tuple(replace(each, override=Severity.ERROR) for each in diagnostics))
    config, diagnostics = read_config(source)
    if diagnostics:
        raise ConfigError(diagnostics)
    return config


def _variants(base: Path, languages: tuple[str, ...] = ()) -> tuple[tuple[str, Path], ...]:
    """`NAME.md` and `NAME.LANG.md`, for a path that names any of them; the default language comes first."""
    return tuple((lang, file) for lang, file in _candidates(base, languages) if _existing(file))


def _candidates(base: Path, languages: tuple[str, ...] = ()) -> list[tuple[str, Path]]:
    stem = base.name.removesuffix(".md")
    name, _, written = stem.rpartition(".")
    if name and written in LANGUAGES:
        stem, languages = name, languages or tuple(dict.fromkeys((written, *LANGUAGES)))
    files = [("", base.with_name(f"{stem}.md"))]
    files += [(lang, base.with_name(f"{stem}.{lang}.md")) for lang in languages or LANGUAGES]
    files.sort(key=lambda pair: pair[1] != base)
    return files


def _existing(file: Path) -> Path | None:
    """The file if anything stands there: what cannot be read says so when it is read."""
    return file if os.path.lexists(file) else None


def _notes(folder: Path) -> Iterator[tuple[str, str, Path]]:
    for file in sorted(folder.glob("*.md")) if folder.is_dir() else ():
        match = NOTE_NAME.fullmatch(file.name)
        yield (match["id"], match["lang"], file) if match else ("", "", file)


def read_sources(sources: Sources, readings: TextReader, first: str = "") -> ParsedTexts:
    """Read every file but the articles; what cannot be used is left out and reported.

    `first` is the default language of a site whose outline does not tell.
    """
    reader = _Reader(sources, readings)
    outlines = reader.outlines()
    languages = sources.config.languages or tuple(
        dict.fromkeys([*(lang for lang, _ in outlines[:1]), *filter(None, [first]), *LANGUAGES])
    )
    registry = reader.registry(languages)
    accepted = reader.accepted()
    with readings.memo.reading("notes and folders") as recall:
        # The same sources have the same files in the same folders, whatever stands in them.
        found = recall((Same(sources), languages), lambda: reader.look(languages))
    reader.diagnostics += found.diagnostics
    notes = tuple(reader.notes(found))
    diagnostics = (*reader.diagnostics, *readings.diagnostics)
    if not outlines:
        # Without the outline every note and every entry would be said to belong to nothing.
        return ParsedTexts(languages, diagnostics=diagnostics)
    outlines.sort(key=lambda pair: languages.index(pair[0]))
    return ParsedTexts(languages, tuple(outlines), registry, accepted, notes, diagnostics)


@dataclass(frozen=True, slots=True)
class _Found:
    """The notes that can be read, and what is wrong with files whatever stands in them."""

    notes: tuple[tuple[str, str], ...]
    """(concept id, language)."""
    files: tuple[SourcePath, ...]
    """Of each of the notes."""
    diagnostics: tuple[Diagnostic, ...]


class _Reader:
    def __init__(self, sources: Sources, readings: TextReader) -> None:
        self.readings = readings
        self.sources = sources
        self.root = sources.folder.resolve()
        self.holds = cache(lambda folder: Path(os.path.realpath(folder)).is_relative_to(self.root))
        self.diagnostics: list[Diagnostic] = []

    def report(self, code: str, message: str, help: str, file: Path) -> None:
        self.diagnostics.append(Diagnostic(code, message, help, path=self.shown(file)))

    def shown(self, file: Path) -> str:
        """The path as diagnostics show it: relative to the site."""
        return self.sources.shown(file)

    def wanted(self, file: Path | None) -> tuple[SourcePath, ...]:
        """The file, if there is one to be read; `check_folders` reports what leads out of the site."""
        return (SourcePath(file, self.shown(file)),) if file and self.is_inside(file) else ()

    def is_inside(self, file: Path) -> bool:
        """Whether what would be read is part of the site, and not what a link leads to elsewhere."""
        is_link = os.path.islink(file)  # noqa: PTH114 - asked for each of thousands of notes
        if self.sources.is_lone_post or (not is_link and self.holds(file.parent)):
            return True
        try:
            return Path(os.path.realpath(file, strict=True)).is_relative_to(self.root)
        except OSError:
            return not is_link  # a plain file that cannot be read reports that itself

    def check_folders(self) -> None:
        """Report the symbolic links that lead out of the site or to nothing, and folders that cannot be read."""
        files = [self.sources.folder / CONFIG_NAME, *(file for _, file in self.sources.outlines)]
        for name in _OWN_FOLDERS:
            files.append(self.sources.folder / name)
            files += map(Path, self.links(self.sources.folder / name))
        for file in dict.fromkeys(files):
            if file.is_symlink() and not self.is_inside(file):
                self.report(
                    "DL008",
                    "is a symbolic link that leads out of the site or to nothing",
                    "put a copy of the file into the site",
                    file,
                )
        self.check_names()

    def check_names(self) -> None:
        """Report static files that can have no address: their names are theirs on the disk."""
        for folder, inner, names in os.walk(self.sources.folder / "static"):
            for name in (*inner, *names):
                if _UNDECODED.search(name):
                    message = "has a name that is not UTF-8"
                    self.report("DL002", message, "rename the file", Path(folder, name))

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

    def registry(self, languages: tuple[str, ...]) -> Registry:
        for file in self.wanted(self.sources.registry):
            if read := self.readings.registry(file, languages):
                self.diagnostics += read.diagnostics
                return read.registry
        return Registry()

    def accepted(self) -> Accepted:
        for file in self.wanted(self.sources.translations and _existing(self.sources.translations)):
            if read := self.readings.translations(file):
                self.diagnostics += read.diagnostics
                return read.accepted
        return {}

    def outlines(self) -> list[tuple[str, Document]]:
        """The outlines that can be used, one for each language."""
        found: dict[str, Document] = {}
        languages = self.sources.config.languages or LANGUAGES
        names = {self.shown(file): named for named, file in self.sources.outlines}
        wanted = [file for _, path in self.sources.outlines for file in self.wanted(path)]
        for file, read in zip(
            wanted, self.readings.outlines(wanted, self.sources.config.flavor or None), strict=True
        ):
            if read is None:
                continue
            document, named = read.document, names[file.shown]
            self.diagnostics += read.diagnostics
            lang = named or language_of(document)
            if lang not in languages:
                self.misplaced(
                    document,
                    "DL505",
                    f"the outline is in `{lang}`, a language that the site does not have",
                    f"the site has {', '.join(languages)}: correct `lang` here, or `languages` in dlmap.toml",
                )
            elif lang in found:
                self.misplaced(
                    document,
                    "DL506",
                    f"this is a second outline in `{lang}`, beside {found[lang].source.path}",
                    "keep one of them, or tell the language of each: NAME.LANG.md",
                )
            else:
                found[lang] = document
        return list(found.items())

    def misplaced(self, document: Document, code: str, message: str, help: str) -> None:
        """Report an outline at the place that tells its language."""
        span = document.front_matter.spans.get("lang", document.source.line_span(1))
        self.diagnostics.append(Diagnostic(code, message, help, document.source, span))

    def look(self, languages: tuple[str, ...]) -> _Found:
        """See which notes there are, and what leads out of the site."""
        before, self.diagnostics = self.diagnostics, []
        named: list[tuple[str, str]] = []
        wanted: list[SourcePath] = []
        for concept_id, lang, path in self.sources.notes:
            if lang not in languages:
                self.report(
                    "DL603",
                    "is no note that the site could show",
                    f"name it ID.LANG.md, with one of the languages {', '.join(languages)}",
                    path,
                )
            elif file := self.wanted(path):
                wanted += file
                named.append((concept_id, lang))
        if not self.sources.is_lone_post:
            self.check_folders()
        found, self.diagnostics = tuple(self.diagnostics), before
        return _Found(tuple(named), tuple(wanted), found)

    def notes(self, found: _Found) -> Iterator[tuple[str, str, Document]]:
        for (concept_id, lang), read in zip(found.notes, self.readings.notes(found.files), strict=True):
            if read:
                self.diagnostics += read.diagnostics
                yield concept_id, lang, read.document
