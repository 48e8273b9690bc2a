"""Notes on concepts: `content/notes/ID.LANG.md`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from dlmap.markdown import Document
from dlmap.taxonomy.model import Note
from dlmap.taxonomy.texts import definition_of, digest_of

NOTE_NAME = re.compile(r"(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)\.(?P<lang>[a-z]{2})\.md")


def collect_notes(documents: Iterable[tuple[str, str, Document]]) -> Mapping[str, Mapping[str, Note]]:
    """Notes by concept id and language, from (id, language, document)."""
    notes: dict[str, dict[str, Note]] = {}
    for concept_id, lang, document in documents:
        body = document.source.text[document.front_matter.span.end :]
        notes.setdefault(concept_id, {})[lang] = Note(
            lang,
            document.source,
            document.blocks,
            definition_of(document.blocks),
            document.kramdown,
            digest_of([body]),
        )
    return notes
