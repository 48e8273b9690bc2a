"""The order of names from A to Z: Chinese ones stand where their pinyin does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter
from typing import TypeVar

from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.names import slug

Named = TypeVar("Named")


def sort_key(label: str) -> str:
    """What a label is sorted by."""
    return slug(label) or label


def initial(label: str) -> str:
    """The letter a name is found under; what begins with a digit is under `#`."""
    first = sort_key(label)[:1].upper()
    return first if "A" <= first <= "Z" and (has_han(label[:1]) or label[:1].isalpha()) else "#"


def by_letter(values: Iterable[Named], name: str) -> tuple[tuple[str, tuple[Named, ...]], ...]:
    """Values by the letter of their attribute `name`, sorted by it.

    A template asks for it, and no page is planned by it: pinyin takes a fifth of a second to load.
    """
    name_of = attrgetter(name)
    groups: dict[str, list[tuple[str, str, Named]]] = defaultdict(list)
    for value in values:
        words = name_of(value)
        groups[initial(words)].append((sort_key(words), words, value))
    return tuple(
        (letter, tuple(value for *_, value in sorted(found, key=lambda keyed: keyed[:2])))
        for letter, found in sorted(groups.items(), key=lambda group: (group[0] == "#", group[0]))
    )
