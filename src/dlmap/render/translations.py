"""The words of the interface, one file per language (`templates/strings/LANG.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from dlmap.theme import Theme, ThemeError


class Translations:
    """Looks words up by key; those of the site come before those of the default theme."""

    def __init__(self, theme: Theme, languages: tuple[str, ...]) -> None:
        """Raises `ThemeError` for a file that cannot be read."""
        self._theme = theme
        self.tables: Mapping[str, Mapping[str, str]] = {lang: _words(theme, lang) for lang in languages}

    def get(self, lang: str, key: str, **values: object) -> str:
        """The words for `key`; `{name}` in them stands for the value of that name.

        Raises `ThemeError` for a key that the language lacks, or for words that name a value which is not there.
        """
        words = self.tables[lang].get(key)
        if words is None:
            raise ThemeError(self._missing(lang, key))
        try:
            return words.format(**values)
        except (LookupError, ValueError) as error:
            raise ThemeError(
                f"{self._file(lang, key)}: `{key}` cannot be filled in: {words!r} "
                + (
                    f"asks for {error}"
                    if isinstance(error, LookupError)
                    else f"has braces that do not match ({error})"
                )
            ) from None

    def _missing(self, lang: str, key: str) -> str:
        """What is wrong, and where to put it right."""
        others = [other for other, table in self.tables.items() if key in table]
        example = f"; {', '.join(others)} has it: `{key} = {self.tables[others[0]][key]!r}`" if others else ""
        return f"{self._file(lang)}: there are no words for `{key}`, which a template asks for{example}"

    def _file(self, lang: str, key: str = "") -> Path:
        """The file of a site's own words in a language; with a `key`, the one that has it."""
        name = f"strings/{lang}.toml"
        for file in self._theme.template_files(name) if key else ():
            if key in _read(file):
                return file
        return self._theme.template_folders[0] / name


def _words(theme: Theme, lang: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for file in reversed(theme.template_files(f"strings/{lang}.toml")):
        words |= _read(file)
    return words


def _read(file: Path) -> dict[str, str]:
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise ThemeError(f"{file}: {error}") from None
    for key, words in table.items():
        if not isinstance(words, str):
            raise ThemeError(f"{file}: `{key}` must be text in quotation marks, and is {words!r}")
    return table
