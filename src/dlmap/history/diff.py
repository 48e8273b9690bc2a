"""What came to be, went, moved, or got another name or year between two revisions of a map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from dlmap.history.snapshot import ConceptSnapshot, MapSnapshot
from dlmap.taxonomy.names import name_key


class ChangeKind(StrEnum):
    """What happened to a concept, in the order of reports."""

    ADDED = "added"
    MOVED = "moved"
    RENAMED = "renamed"
    DATED = "dated"
    REMOVED = "removed"


class Change(NamedTuple):
    """What happened to one concept."""

    kind: ChangeKind
    id: str
    """The id it has afterwards; of a removed one, the last."""
    before: ConceptSnapshot | None = None
    after: ConceptSnapshot | None = None
    old_id: str = ""
    """Of a renamed one whose id is another now."""

    def name(self, lang: str) -> str:
        """What the concept is called, afterwards where there is an afterwards."""
        snapshot = self.after or self.before
        assert snapshot is not None
        return snapshot.name(lang)


def compare(old: MapSnapshot, new: MapSnapshot) -> tuple[Change, ...]:
    """Every change, sorted by what happened, then in the order of the map."""
    renamed = _renamed(old, new)
    changes: list[Change] = []
    for concept_id, after in new.concepts.items():
        old_id = renamed.get(concept_id, concept_id)
        before = old.concepts.get(old_id)
        if before is None:
            changes.append(Change(ChangeKind.ADDED, concept_id, None, after))
        else:
            changes += _of_one(old_id, before, concept_id, after, renamed)
    gone = old.concepts.keys() - new.concepts.keys() - set(renamed.values())
    changes += (
        Change(ChangeKind.REMOVED, concept_id, snapshot, None)
        for concept_id, snapshot in old.concepts.items()
        if concept_id in gone
    )
    order = list(ChangeKind)
    return tuple(sorted(changes, key=lambda change: order.index(change.kind)))


def _of_one(
    old_id: str, before: ConceptSnapshot, new_id: str, after: ConceptSnapshot, renamed: dict[str, str]
) -> Iterator[Change]:
    if {renamed.get(above, above) for above in after.broader} != set(before.broader):
        yield Change(ChangeKind.MOVED, new_id, before, after)
    labels = dict(before.label)
    # A first label in a language is a translation, and no other name.
    other_name = any(labels.get(lang, label) != label for lang, label in after.label)
    # The id of an approach follows that of its family, and was no address of its own.
    other_id = old_id != new_id and before.kind != "approach"
    if other_id or other_name:
        yield Change(ChangeKind.RENAMED, new_id, before, after, old_id if old_id != new_id else "")
    if after.year != before.year and after.year:
        yield Change(ChangeKind.DATED, new_id, before, after)


def _renamed(old: MapSnapshot, new: MapSnapshot) -> dict[str, str]:
    """New ids to the old ones of the same concepts: with a label or a paper that nothing else had."""
    gone = {each: snapshot for each, snapshot in old.concepts.items() if each not in new.concepts}
    come = {each: snapshot for each, snapshot in new.concepts.items() if each not in old.concepts}
    renamed: dict[str, str] = {}
    for marks in _MARKS:
        by_mark: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for old_id in gone.keys() - renamed.values():
            for mark in marks(gone[old_id]):
                by_mark[mark].append(old_id)
        for new_id in [each for each in come if each not in renamed]:
            for mark in marks(come[new_id]):
                match by_mark[mark]:
                    case [old_id] if old_id not in renamed.values():
                        renamed[new_id] = old_id
                        break
    return renamed


def _labels(snapshot: ConceptSnapshot) -> Iterator[tuple[str, ...]]:
    return ((lang, name_key(label)) for lang, label in snapshot.label)


_MARKS: tuple[Callable[[ConceptSnapshot], Iterable[tuple[str, ...]]], ...] = (
    lambda snapshot: ((snapshot.kind, *label, *snapshot.broader) for label in _labels(snapshot)),
    lambda snapshot: ((snapshot.kind, *label) for label in _labels(snapshot)),
    lambda snapshot: [(snapshot.kind, snapshot.paper)] if snapshot.paper else [],
    _labels,  # a family that became an approach, say
)
"""By what a renamed concept is recognised, the surest first."""
