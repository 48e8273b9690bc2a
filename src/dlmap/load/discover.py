"""Find the files of a site, without reading their texts."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from dlmap.articles.jekyll import CONFIG_NAME as JEKYLL_CONFIG_NAME
from dlmap.articles.jekyll import JekyllConfig, read_jekyll_config
from dlmap.config import LANGUAGES, Config, ConfigError, SiteNotFoundError, is_plain_blog, read_config
from dlmap.load.outline_post import find_outline_post
from dlmap.taxonomy import NOTE_NAME
from dlmap.text import Severity, read_source
from dlmap.text.count import count

CONFIG_NAME = "dlmap.toml"
OWN_FOLDERS = ("content", "templates", "static")
_NO_POSTS = {"README", "LICENSE", "CHANGELOG", "CONTRIBUTING"}


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of a site, by what they are; their texts are not read yet."""

    folder: Path
    config: Config
    outlines: tuple[tuple[str, Path], ...]
    """(language, file); with an empty language, the file itself says which.  The default language comes first."""
    registry: tuple[Path, ...] = ()
    """The files of the registry: they are read as one."""
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
    hint: str = ""
    """Which file was taken for the outline where nothing names it, why, and how to name another; else empty."""

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
        """What an output folder must not contain."""
        files = [file for _, file in self.outlines]
        if not self.is_lone_post:
            files += [self.folder / name for name in (CONFIG_NAME, *OWN_FOLDERS)]
        if self.articles:
            files.append(self.articles)
        return tuple(file for file in files if file.exists())


def discover(path: Path, base_url: str = "") -> Sources:
    """The sources at `path`: a site folder, or one post that is a whole site.

    `base_url` overrides that of the configuration.  Raises `SiteNotFoundError` and `ConfigError`.
    """
    sources = _discover(path)
    return replace(sources, config=replace(sources.config, base_url=base_url)) if base_url else sources


def _discover(path: Path) -> Sources:
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
    jekyll = _jekyll(path) if articles else JekyllConfig()
    hint = ""
    is_blog = is_plain_blog(path)
    if is_blog:
        title = {"": jekyll.title} if jekyll.title else {}
        description = {"": jekyll.description} if jekyll.description else {}
        config = replace(config, base_url=jekyll.address, title=title, description=description)
    if not outlines and is_blog and articles and (post := find_outline_post(articles)):
        outlines = _variants(post.file)
        taken = printable(post.file.relative_to(path))
        hint = (
            f"{taken} is the outline: it links to {count(post.links, 'other post')}, more than any other; to take another, "
            f'write outline = "_posts/NAME.md" into {CONFIG_NAME}'
        )
    if not outlines and (config.outline or articles is None):
        wanted = base.relative_to(path).with_suffix("").as_posix()
        languages = config.languages or LANGUAGES
        translated = " and ".join(f"{wanted}.{lang}.md" for lang in languages)
        raise SiteNotFoundError(
            f"{printable(path)} holds no outline: name a post (dlmap build {_some_post(path)}), make a new site "
            f"(dlmap init my-map), write {wanted}.md (or {translated}), or put articles into content/articles"
        )
    config = replace(config, origin=config.origin or jekyll.host)
    if not outlines:
        title, description = {"": jekyll.title or path.resolve().name}, {"": jekyll.description}
        config = replace(config, title=config.title or title, description=config.description or description)
    return Sources(
        path,
        config,
        outlines,
        registry=_registry(content),
        translations=content / "translations.yml",
        notes=tuple(_notes(content / "notes")),
        articles=articles,
        pages=pages if (pages := path / "content" / "pages").is_dir() else None,
        jekyll=jekyll,
        hint=hint,
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
    if existing(file) is None:
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
    return tuple((lang, file) for lang, file in _candidates(base, languages) if existing(file))


def _candidates(base: Path, languages: tuple[str, ...] = ()) -> list[tuple[str, Path]]:
    stem = base.name.removesuffix(".md")
    name, _, written = stem.rpartition(".")
    if name and written in LANGUAGES:
        stem, languages = name, languages or tuple(dict.fromkeys((written, *LANGUAGES)))
    files = [("", base.with_name(f"{stem}.md"))]
    files += [(lang, base.with_name(f"{stem}.{lang}.md")) for lang in languages or LANGUAGES]
    files.sort(key=lambda pair: pair[1] != base)
    return files


def existing(file: Path) -> Path | None:
    """The file if there is anything at its path: what cannot be read is reported when it is read."""
    return file if os.path.lexists(file) else None


def _registry(content: Path) -> tuple[Path, ...]:
    """`methods.yml`, and the files of the folder `methods` beside it."""
    first = existing(content / "methods.yml")
    folder = content / "methods"
    return (*([first] if first else []), *(sorted(folder.glob("*.yml")) if folder.is_dir() else ()))


def _notes(folder: Path) -> Iterator[tuple[str, str, Path]]:
    for file in sorted(folder.glob("*.md")) if folder.is_dir() else ():
        match = NOTE_NAME.fullmatch(file.name)
        yield (match["id"], match["lang"], file) if match else ("", "", file)
