"""Ids that concepts once had: what each of them means now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from dlmap.config import Alias
from dlmap.taxonomy.names import ID_PATTERN
from dlmap.text import Diagnostic


def resolve_aliases(
    aliases: Mapping[str, Alias], concepts: Collection[str], reserved_ids: frozenset[str]
) -> dict[str, str]:
    """Each old id to that of its concept, over other old ones if need be; those that cannot be used are left out."""
    ends = {old: _end(old, aliases, concepts) for old in aliases if _is_free(old, concepts, reserved_ids)}
    return {old: new for old, new in ends.items() if new in concepts}


def check_aliases(
    aliases: Mapping[str, Alias], concepts: Collection[str], reserved_ids: frozenset[str]
) -> Iterator[Diagnostic]:
    """Report the aliases that cannot be used."""
    for old, alias in aliases.items():
        if old in concepts:
            problem, help = f"`{old}` is the id of a concept, and no old one", "remove the alias"
        elif not _is_free(old, concepts, reserved_ids):
            problem = f"`{old[:60]}` cannot have been an id".replace("\n", " ")
            help = "ids are lower-case ASCII words joined by hyphens, and no names of pages"
        elif _end(old, aliases, concepts) not in concepts:
            problem = f"`{old}` redirects to `{alias.id[:60]}`, but there is no such concept".replace(
                "\n", " "
            )
            help = "correct the id, or remove the alias"
        else:
            continue
        yield Diagnostic("DL606", problem, help, alias.source, alias.span)


def _is_free(old: str, concepts: Collection[str], reserved_ids: frozenset[str]) -> bool:
    return bool(ID_PATTERN.fullmatch(old)) and old not in reserved_ids and old not in concepts


def _end(old: str, aliases: Mapping[str, Alias], concepts: Collection[str]) -> str:
    """Where a chain of aliases ends; the last of so many steps where it is a circle."""
    for _ in aliases:
        if old in concepts or old not in aliases:
            break
        old = aliases[old].id
    return old
