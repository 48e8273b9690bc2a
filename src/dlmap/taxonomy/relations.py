"""What is wrong with the lineage that the registry tells: unknown ids, circles, years that run backwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dlmap.taxonomy.registry_entry import RegistryEntry
from dlmap.text import LocalDiagnostic


def check_relations(entries: Mapping[str, RegistryEntry]) -> Iterator[LocalDiagnostic]:
    """Check every `based_on`."""
    for entry in entries.values():
        for target in entry.based_on:
            if target not in entries:
                yield LocalDiagnostic(
                    "DL604",
                    f"`{entry.id}` is based on `{target}`, which is not in the registry",
                    "correct the id, or add the entry",
                    entry.span,
                )
            elif (base := entries[target].year) and entry.year and entry.year < base:
                yield LocalDiagnostic(
                    "DL607",
                    f"`{entry.id}` ({entry.year}) is older than `{target}` ({base}), which it is based on",
                    "a year is that in which the work was first made public: correct one, or the relation",
                    entry.span,
                )
    for circle in circles({entry.id: entry.based_on for entry in entries.values()}):
        yield LocalDiagnostic(
            "DL605",
            f"based_on runs in a circle: {' → '.join(circle)}",
            "a method builds on earlier ones only: remove one relation",
            entries[circle[0]].span,
        )


def circles(targets: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """The circles of a relation, each from a concept back to itself; targets without an entry end a trail.

    Every step is followed once; one that leads back to the trail that it was found on closes a circle.
    """
    done: set[str] = set()
    for start in targets:
        trail: dict[str, None] = {}
        todo = [(start, False)]
        while todo:
            current, is_left = todo.pop()
            if is_left:
                trail.pop(current)
                done.add(current)
            elif current in trail:
                ids = list(trail)
                yield [*ids[ids.index(current) :], current]
            elif current not in done and current in targets:
                trail[current] = None
                todo.append((current, True))
                todo += ((target, False) for target in targets[current])
