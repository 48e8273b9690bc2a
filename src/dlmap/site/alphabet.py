"""The order of names from A to Z: Chinese ones stand where their pinyin does."""

from __future__ import annotations

from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.names import slug


def sort_key(label: str) -> str:
    """What a label is sorted by."""
    return slug(label) or label


def initial(label: str) -> str:
    """The letter a name is found under; what begins with a digit is under `#`."""
    first = sort_key(label)[:1].upper()
    return first if "A" <= first <= "Z" and (has_han(label[:1]) or label[:1].isalpha()) else "#"
