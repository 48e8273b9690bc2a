"""What counts as a Chinese (Japanese, Korean) character, and as punctuation, for Markdown's rules."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Punctuation that Chinese shares with Latin: its East Asian width is "ambiguous", so only its neighbours tell.
SHARED_PUNCTUATION = frozenset("“”‘’—…·")
_HANGUL_JAMO = (0x1100, 0x11FF)
_HANGUL = (("\uac00", "\ud7ff"), ("\u1100", "\u11ff"), ("\u3130", "\u318f"), ("\ua960", "\ua97f"))


@lru_cache(maxsize=8192)
def is_cjk(char: str) -> bool:
    """Whether the cjk-friendly amendment to CommonMark calls `char` a CJK character.

    That is: East Asian Width W, F or H, but no emoji; and Hangul.  The ideographic space is white space.
    """
    if len(char) != 1 or char.isspace():
        return False
    if _HANGUL_JAMO[0] <= ord(char) <= _HANGUL_JAMO[1]:
        return True
    return unicodedata.east_asian_width(char) in "WFH" and not _is_emoji(char)


@lru_cache(maxsize=8192)
def is_punctuation(char: str) -> bool:
    """CommonMark's Unicode punctuation: general categories P and S."""
    return unicodedata.category(char)[0] in "PS"


def is_hangul(char: str) -> bool:
    """Whether `char` is a Korean letter."""
    return any(first <= char <= last for first, last in _HANGUL)


def is_han(char: str) -> bool:
    """Whether `char` is a CJK letter, not punctuation."""
    return is_cjk(char) and unicodedata.category(char)[0] in "LN"


def touches_cjk(text: str, at: int, step: int) -> bool:
    """Whether the character at `at` is CJK, or punctuation that Chinese shares with CJK behind it.

    `step` is the direction to look in: -1 for what stands before a place, 1 for what stands behind it.  Variation
    selectors belong to the character that they vary.
    """
    while 0 <= at < len(text):
        char = text[at]
        if is_cjk(char):
            return True
        if char not in SHARED_PUNCTUATION and not _is_variation_selector(char):
            return False
        at += step
    return False


def has_han(text: str) -> bool:
    """Whether `text` holds a CJK letter."""
    return not text.isascii() and any(map(is_han, text))


def _is_variation_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _is_emoji(char: str) -> bool:
    code = ord(char)
    return unicodedata.category(char) in ("So", "Sk") and (
        code >= 0x1F000 or 0x231A <= code <= 0x23FF or 0x25FD <= code <= 0x27BF or 0x2B1B <= code <= 0x2B55
    )
