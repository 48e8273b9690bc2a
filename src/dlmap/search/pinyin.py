"""How Chinese names are typed: the syllables of a name, without tones."""

from __future__ import annotations

from dlmap.markdown.cjk import has_han


def syllables(name: str) -> str:
    """The pinyin of a name, a space between syllables; a Latin word in it counts as one. Empty without Chinese."""
    if not has_han(name):
        return ""
    # Imported late: its dictionaries take a tenth of a second, and only the index needs them.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    spelt = " ".join(lazy_pinyin(name)).lower()
    letters = "".join(char if char.isascii() and char.isalnum() else " " for char in spelt)
    return " ".join(letters.split())
