"""Notes on concepts: `content/notes/ID.LANG.md`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial

from dlmap.cache.memory import MemoryCache
from dlmap.markdown import Document
from dlmap.taxonomy.model import Note
from dlmap.taxonomy.texts import definition_of, digest_of

NOTE_NAME = re.compile(r"(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)\.(?P<lang>[a-z]{2})\.md")


def collect_notes(
    documents: Iterable[tuple[str, str, Document]], *, memo: MemoryCache | None = None
) -> Mapping[str, Mapping[str, Note]]:
    """Notes by concept id and language, from (id, language, document)."""
    notes: dict[str, dict[str, Note]] = {}
    with (memo or MemoryCache()).generation("notes") as recall:
        for concept_id, lang, document in documents:
            notes.setdefault(concept_id, {})[lang] = recall.of(document, partial(_note, lang))
    return notes


def _note(lang: str, document: Document) -> Note:
    body = document.source.text[document.front_matter.span.end :]
    return Note(
        lang,
        document.source,
        document.blocks,
        definition_of(document.blocks),
        document.kramdown,
        digest_of([body]),
    )
