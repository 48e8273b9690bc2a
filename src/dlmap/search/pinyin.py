"""How Chinese names are typed: the syllables of a name, without tones."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from dlmap.markdown.cjk import has_han

# Words of the field with a character that has several readings, which the dictionaries do not know.
_WORDS = {
    "微调": "wei tiao",
    "似然": "si ran",
    "长尾": "chang wei",
    "重参数": "chong can shu",
    "重采样": "chong cai yang",
    "重加权": "chong jia quan",
    "重构": "chong gou",
    "重识别": "chong shi bie",
    "重标定": "chong biao ding",
}


def syllables(name: str) -> str:
    """The pinyin of a name, a space between syllables; a Latin word in it counts as one. Empty without Chinese."""
    if not has_han(name):
        return ""
    spelt = " ".join(_speller()(name)).lower()
    letters = "".join(char if char.isascii() and char.isalnum() else " " for char in spelt)
    return " ".join(letters.split())


@cache
def _speller() -> Callable[[str], list[str]]:
    # Imported late: its dictionaries take a tenth of a second, and only the index needs them.
    from pypinyin import lazy_pinyin, load_phrases_dict  # noqa: PLC0415

    load_phrases_dict({word: [[one] for one in spelt.split()] for word, spelt in _WORDS.items()})
    return lazy_pinyin
