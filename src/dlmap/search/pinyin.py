"""How Chinese names are typed: the syllables of a name, without tones."""

from __future__ import annotations

import re

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


_KNOWN = re.compile(f"({'|'.join(_WORDS)})")


def syllables(name: str) -> str:
    """The pinyin of a name, a space between syllables; a Latin word in it counts as one. Empty without Chinese."""
    if not has_han(name):
        return ""
    # Imported late: its dictionaries take a tenth of a second, and only the index needs them.  They are not told of
    # our words: the ids of concepts come from them as they are.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    pieces = filter(None, _KNOWN.split(name))
    spelt = " ".join(_WORDS.get(piece) or " ".join(lazy_pinyin(piece)) for piece in pieces).lower()
    letters = "".join(char if char.isascii() and char.isalnum() else " " for char in spelt)
    return " ".join(letters.split())
