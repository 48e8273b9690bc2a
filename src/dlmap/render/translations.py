"""The words of the interface, one file per language (`templates/strings/LANG.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from dlmap.theme import Theme, ThemeError


class Translations:
    """Looks words up by key; those of the site come before those of the default theme.

    A key that neither has is a mistake of a template and raises `KeyError`.
    """

    def __init__(self, theme: Theme, languages: tuple[str, ...]) -> None:
        """Raises `ThemeError` for a file that cannot be read."""
        self.tables: Mapping[str, Mapping[str, str]] = {lang: _words(theme, lang) for lang in languages}

    def get(self, lang: str, key: str, **values: object) -> str:
        """The words for `key`; `{name}` in them stands for the value of that name."""
        return self.tables[lang][key].format(**values)


def _words(theme: Theme, lang: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for file in reversed(theme.template_files(f"strings/{lang}.toml")):
        try:
            words |= tomllib.loads(file.read_text("utf-8"))
        except ValueError as error:
            raise ThemeError(f"{file}: {error}") from None
    return words
