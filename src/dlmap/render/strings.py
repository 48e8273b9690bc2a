"""The words of the interface, one file per language (`templates/strings/LANG.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from dlmap.theme import Theme


class Strings:
    """Looks words up by key; a missing key is a mistake of the theme and raises `KeyError`."""

    def __init__(self, theme: Theme, languages: tuple[str, ...]) -> None:
        self.tables: Mapping[str, Mapping[str, str]] = {
            lang: tomllib.loads(theme.template_text(f"strings/{lang}.toml")) for lang in languages
        }

    def get(self, lang: str, key: str, **values: object) -> str:
        """The words for `key`; `{name}` in them stands for the value of that name."""
        return self.tables[lang][key].format(**values)
