"""The bilingual glossary as its pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from dlmap.site.model import ConceptLink
from dlmap.site.urls import ConceptLinks
from dlmap.taxonomy import TermPair

_MAX_REFS = 3


@dataclass(frozen=True, slots=True)
class GlossaryRow:
    """A term in both languages."""

    zh: str
    en: str
    refs: tuple[ConceptLink, ...]
    is_name: bool
    """Whether the concepts are called so; else their text uses the term."""


def rows(pairs: tuple[TermPair, ...], refs: ConceptLinks, lang: str) -> tuple[GlossaryRow, ...]:
    """All pairs as a page in `lang` shows them."""
    made = []
    for pair in pairs:
        # An approach is shown by its family: its own label says the term once more.
        shown = tuple(dict.fromkeys(map(refs.page_of, pair.concepts)))
        is_name = pair.is_name and shown == pair.concepts
        made.append(GlossaryRow(pair.zh, pair.en, refs.all(shown[:_MAX_REFS], lang), is_name))
    return tuple(made)
