"""Find the articles of a site: every Markdown file of a folder and of the folders in it."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from dlmap.articles.jekyll import JekyllConfig, named_by
from dlmap.articles.model import ArticleFile
from dlmap.cache.memory import MemoryCache
from dlmap.config import LANGUAGES
from dlmap.text import Diagnostic

_ENDINGS = (".md", ".markdown")
# Other forms of posts that a blog can hold.
_OTHER_ENDINGS = (".html", ".htm", ".textile", ".org", ".rst", ".adoc", ".asciidoc", ".ipynb")
_DATED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-(.+)", re.DOTALL)
_LEADS_OUT = (
    "is a symbolic link that leads out of the site or to nothing",
    "put a copy of the file into the site",
)
_TO_FOLDER = (
    "is a symbolic link to a folder, which is not followed: it may lead back to a folder above it",
    "move the folder here, or name it in `articles`",
)
_NOT_MARKDOWN = (
    "is named as a post, but is not Markdown: left out",
    "write it in Markdown, in a file that ends with .md (pandoc can begin that), or move it out of this folder",
)


def find_articles(  # noqa: PLR0913 - what the configuration tells, one by one
    folder: Path,
    root: Path,
    shown: Callable[[Path], str],
    *,
    flavor: str = "",
    jekyll: JekyllConfig = JekyllConfig(),
    skip: Collection[Path] = (),
    memo: MemoryCache | None = None,
) -> tuple[tuple[ArticleFile, ...], tuple[Diagnostic, ...]]:
    """The articles of `folder`, which lies in the site `root`; `skip` names files that are something else.

    `shown` gives a path as the user sees it.
    """
    found: list[ArticleFile] = []
    diagnostics: list[Diagnostic] = []
    real_root = Path(os.path.realpath(root))
    if _link_problem(folder, real_root) is _LEADS_OUT:
        return (), (Diagnostic("DL008", *_LEADS_OUT, path=shown(folder)),)
    with (memo or MemoryCache()).generation("article files", folder) as recall:
        for place, is_link in _entries(folder, shown, diagnostics):
            if is_link and (problem := _link_problem(Path(place), real_root)):
                diagnostics.append(Diagnostic("DL008", *problem, path=shown(Path(place))))
                continue
            if place.lower().endswith(_ENDINGS):

                def name(place: str = place) -> ArticleFile:
                    entry = Path(place)
                    named = _named(entry, entry.relative_to(folder), shown(entry))
                    permalink, says = named_by(jekyll, entry.relative_to(root).as_posix())
                    return replace(named, flavor=flavor, permalink=permalink, says=says)

                file = recall((place, flavor, jekyll), name)
                if file.file not in skip:
                    found.append(file)
            elif place.lower().endswith(_OTHER_ENDINGS) and _DATED.fullmatch(Path(place).name):
                diagnostics.append(Diagnostic("DL327", *_NOT_MARKDOWN, path=shown(Path(place))))
    return tuple(sorted(found, key=lambda file: file.path)), tuple(diagnostics)


def _entries(
    folder: Path, shown: Callable[[Path], str], diagnostics: list[Diagnostic]
) -> Iterator[tuple[str, bool]]:
    """Every file below a folder, and every link, in no order; hidden ones are no part of the site.

    As text, for there may be thousands; with each whether it is a link.
    """
    todo = [os.fspath(folder)]
    while todo:
        inner = todo.pop()
        try:
            with os.scandir(inner) as found:
                entries = [entry for entry in found if not entry.name.startswith(".")]
        except OSError as error:
            diagnostics.append(
                Diagnostic(
                    "DL001",
                    f"cannot be read: {error.strerror}",
                    "check the path, the link and its permissions",
                    path=shown(Path(inner)),
                )
            )
            continue
        todo += (entry.path for entry in entries if entry.is_dir(follow_symlinks=False))
        yield from (
            (entry.path, entry.is_symlink()) for entry in entries if not entry.is_dir(follow_symlinks=False)
        )


def _link_problem(link: Path, real_root: Path) -> tuple[str, str] | None:
    try:
        real = Path(os.path.realpath(link, strict=True))
    except OSError:  # it leads to nothing, or to itself
        return _LEADS_OUT
    if not real.is_relative_to(real_root):
        return _LEADS_OUT
    return _TO_FOLDER if real.is_dir() else None


def _named(file: Path, inside: Path, shown: str) -> ArticleFile:
    """What the name of a file tells: `2022-04-01-vae.en.md` is the English text of a post."""
    key = PurePosixPath(inside.as_posix()).with_suffix("")
    lang = key.suffix.removeprefix(".")
    if lang in LANGUAGES:
        key = key.with_suffix("")
    else:
        lang = ""
    date, words = dated(key.name)
    return ArticleFile(file, shown, key.as_posix(), words, date, lang)


def dated(name: str) -> tuple[datetime.date | None, str]:
    """The day and the words of a name such as `2022-04-01-vae`."""
    match = _DATED.fullmatch(name)
    if match is None:
        return None, name
    try:
        return datetime.date(*map(int, match.groups()[:3])), match.group(4)
    except ValueError:  # no day of the calendar, so it is part of the name
        return None, name
