"""The papers of the methods as BibTeX: one entry each, or all of them as a bibliography."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from dlmap.taxonomy import Concept, Paper, Taxonomy

if TYPE_CHECKING:
    from pylatexenc.latexencode import UnicodeToLatexEncoder

_ARXIV = re.compile(r"https?://arxiv\.org/(?:abs|pdf)/(?P<id>[\w.\-/]+?)(?:v\d+)?(?:\.pdf)?")
_DOI = re.compile(r"https?://(?:dx\.)?doi\.org/(?P<doi>10\.\S+)")
_SPECIAL = re.compile(r"[^\w\s.,:;!?()'/+-]")
_NOT_IN_URLS = {ord(char): f"%{ord(char):02X}" for char in "{}\\"}
"""What would end a field, or begin a command in it."""


class Bibliography:
    """Every paper that the registry knows, under the id of the first concept that comes from it."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._first: dict[Paper, Concept] = {}
        for concept in taxonomy.concepts.values():
            if concept.paper:
                self._first.setdefault(concept.paper, concept)

    def __len__(self) -> int:
        return len(self._first)

    def entry(self, concept: Concept) -> str:
        """The entry of the concept's paper, empty without one; it says only what the registry knows."""
        if concept.paper is None:
            return ""
        first = self._first[concept.paper]
        # Doubled braces: BibTeX styles would take the capitals of names away.
        fields = {"title": f"{{{_escaped(concept.paper.title)}}}"}
        if first.year is not None:
            fields["year"] = str(first.year)
        url = concept.paper.url
        if arxiv := _ARXIV.fullmatch(url):
            fields |= {"eprint": arxiv["id"], "archivePrefix": "arXiv"}
        elif doi := _DOI.fullmatch(url):
            fields["doi"] = unquote(doi["doi"]).translate(_NOT_IN_URLS)
        if url:
            fields["url"] = url.translate(_NOT_IN_URLS)
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{{first.id},\n{lines}\n}}"

    def file(self) -> bytes:
        """All entries, in the order of the concepts."""
        return "".join(f"{self.entry(concept)}\n\n" for concept in self._first.values()).encode()


@cache
def _encoder() -> UnicodeToLatexEncoder:
    from pylatexenc.latexencode import UnicodeToLatexEncoder  # noqa: PLC0415 - few titles need it

    # What LaTeX has no command for, Chinese above all, stays: programs that set it read UTF-8.
    return UnicodeToLatexEncoder(unknown_char_policy="keep", unknown_char_warning=False)


def _escaped(text: str) -> str:
    if text.isascii() and not _SPECIAL.search(text):
        return text
    escaped: str = _encoder().unicode_to_latex(unicodedata.normalize("NFC", text))
    return escaped
