"""What the repository tells of each page: when its text was touched last, and by whom; and the page of changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from dlmap.articles import ArticleText
from dlmap.history import BlameLine, Change, ChangeKind, RevisionChanges, SiteHistory, contributors
from dlmap.site.model import ConceptLink, PageHistory
from dlmap.site.urls import ConceptLinks
from dlmap.taxonomy import Concept, Taxonomy, Text

CHANGES = "changes/"
FEED = f"{CHANGES}atom.xml"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change as it is shown."""

    kind: str
    name: str
    ref: ConceptLink | None
    """None for what is no longer on the map."""
    before: str
    """What a renamed concept was called; empty where only its id is another now."""
    year: int | None


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """What one revision did."""

    id: str
    date: str
    author: str
    subject: str
    rows: tuple[tuple[str, tuple[ChangeRow, ...]], ...]
    """By what happened."""


class ChangeHistory:
    """Looks the pages of a site up in its history."""

    def __init__(self, history: SiteHistory, taxonomy: Taxonomy, refs: ConceptLinks) -> None:
        self.history = history
        self.taxonomy = taxonomy
        self.refs = refs
        self.changes = cache(self._changes)

    def of_concept(self, concept: Concept, lang: str) -> PageHistory | None:
        """Of its own text with that of its approaches, its entry in the registry and its note, in one language."""
        if not self.history.lines and not self.history.files:
            return None
        found = [*self._lines(concept, lang), *self.history.entries.get(concept.id, ())]
        note = concept.notes.get(lang) or next(iter(concept.notes.values()), None)
        if note:
            found += self.history.files.get(note.source.path, ())
        return _told(found)

    def of_article(self, article: ArticleText) -> PageHistory | None:
        return _told(self.history.files.get(article.path, ()))

    def _lines(self, concept: Concept, lang: str) -> Iterator[BlameLine]:
        text = concept.texts.get(lang) or next(iter(concept.texts.values()), None)
        lines = self.history.lines.get(text.path) if text else None
        if text is None or lines is None:
            return
        for first, last in self._ranges(text):
            yield from filter(None, lines[first - 1 : last])

    def _ranges(self, text: Text) -> Iterator[tuple[int, int]]:
        """The first and last line of the label, of each block, and of the approaches in it."""
        source, label = self.taxonomy.place_of(text)
        yield source.line_of(label), source.line_of(label)
        for piece in text.content:
            if isinstance(piece, str):
                if inner := self.taxonomy.concepts[piece].texts.get(text.lang):
                    yield from self._ranges(inner)
            else:
                begin, end, _ = source.whole(piece.span)
                yield source.position(begin).line, source.position(max(begin, end - 1)).line

    def _changes(self, lang: str) -> tuple[ChangeGroup, ...]:
        """What each revision did, newest first."""
        return tuple(self._group(each, lang) for each in self.history.changes)

    def _group(self, each: RevisionChanges, lang: str) -> ChangeGroup:
        revision, changes = each
        by_kind: dict[str, list[ChangeRow]] = {}
        for change in changes:
            by_kind.setdefault(change.kind.value, []).append(self._row(change, lang))
        rows = tuple((kind, tuple(found)) for kind, found in by_kind.items())
        return ChangeGroup(revision.id, revision.date, revision.author, revision.subject, rows)

    def _row(self, change: Change, lang: str) -> ChangeRow:
        ref = self.refs.ref(change.id, lang) if change.id in self.taxonomy.concepts else None
        before = _former_name(change, lang) if change.kind is ChangeKind.RENAMED else ""
        year = change.after.year if change.kind is ChangeKind.DATED and change.after else None
        return ChangeRow(change.kind.value, change.name(lang), ref, before, year)


def _former_name(change: Change, lang: str) -> str:
    """What it was called, in another language where only the name in that one is another now."""
    if change.before is None or change.after is None:
        return ""
    now = dict(change.after.label)
    changed = {of: label for of, label in change.before.label if now.get(of, label) != label}
    return changed.get(lang) or next(iter(changed.values()), "")


def _told(lines: Iterable[BlameLine]) -> PageHistory | None:
    known = tuple(lines)
    return PageHistory(max(line.date for line in known), contributors(known)) if known else None


def feeds(past: ChangeHistory, languages: Iterable[str]) -> Mapping[str, str]:
    """The site path of the feed of changes in each language, where there is anything to tell."""
    return {lang: f"{lang}/{FEED}" for lang in languages} if past.history.changes else {}
