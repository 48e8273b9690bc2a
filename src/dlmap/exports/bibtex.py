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


_JOURNAL = re.compile(
    r"(?:IEEE|ACM|IEEE/ACM) (?:T[A-Z]+|SPL|Trans.*|J.*)|JMLR|TMLR|TACL|IJCV|PNAS|PLoS.*|Proceedings of the IEEE"
    r"|(?!.*(?:Conference|Workshop|Symposium|Proceedings|Findings|Interspeech))(?:[A-Z][a-z]+\b.*)"
)
"""Names of journals: abbreviations, and what is spelt out and says nothing else; most conferences are abbreviated."""
_NO_PUBLISHER = re.compile(r"arXiv|report|blog|repository|lecture|patent|\.\w", re.IGNORECASE)
_YEAR_OF_VENUE = re.compile(r"\s*\b(?:19|20)\d\d\b(?P<rest>.*)")
_NO_KEYWORD = frozenset(
    {
        *("a", "an", "and", "are", "as", "at", "by", "can", "do", "does", "for", "from", "how", "in", "into"),
        *(
            "is",
            "it",
            "its",
            "of",
            "on",
            "or",
            "the",
            "to",
            "toward",
            "towards",
            "using",
            "via",
            "what",
            "why",
        ),
        "with",
    }
)
"""Words of a title that say too little to be in a key."""


class Bibliography:
    """Every paper that the registry knows, each with one key: first author, year, and a word of the title."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._first: dict[str, Concept] = {}
        for concept in taxonomy.concepts.values():
            if concept.paper:
                self._first.setdefault(_identity(concept.paper), concept)
        self._keys: dict[str, str] = {}
        taken: set[str] = set()
        for identity, concept in self._first.items():
            key = wanted = _key(concept)
            number = 2
            while key in taken:
                key, number = f"{wanted}-{number}", number + 1
            taken.add(key)
            self._keys[identity] = key

    def __len__(self) -> int:
        return len(self._first)

    def entry(self, concept: Concept) -> str:
        """The entry of the concept's paper, empty without one; it says only what the registry knows."""
        if concept.paper is None:
            return ""
        identity = _identity(concept.paper)
        first = self._first[identity]
        paper = first.paper or concept.paper
        kind, published = _published(paper.venue)
        # Doubled braces: BibTeX styles would take the capitals of names away.
        fields = {"title": f"{{{_escaped(paper.title)}}}"}
        if paper.authors:
            fields = {"author": " and ".join(map(_escaped, paper.authors)), **fields}
        fields |= published
        if first.year is not None:
            fields["year"] = (_year_of(paper.venue) if published else "") or str(first.year)
        url = paper.url
        if arxiv := _ARXIV.fullmatch(url):
            fields |= {"eprint": arxiv["id"], "archivePrefix": "arXiv"}
        elif doi := _DOI.fullmatch(url):
            fields["doi"] = unquote(doi["doi"]).translate(_NOT_IN_URLS)
        if url:
            fields["url"] = url.translate(_NOT_IN_URLS)
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@{kind}{{{self._keys[identity]},\n{lines}\n}}"

    def file(self) -> bytes:
        """All entries, in the order of the concepts."""
        return "".join(f"{self.entry(concept)}\n\n" for concept in self._first.values()).encode()


def _identity(paper: Paper) -> str:
    """What tells papers apart: the address, else the title."""
    arxiv = _ARXIV.fullmatch(paper.url)
    return arxiv["id"] if arxiv else paper.url or " ".join(paper.title.casefold().split())


def _key(concept: Concept) -> str:
    """`vaswani2017attention`; without an author the id of the concept."""
    paper = concept.paper
    if paper is None or not paper.authors:
        return concept.id
    words = (_plain(word) for word in re.split(r"[\s/:–—-]+", paper.title))
    word = next((word for word in words if word and word not in _NO_KEYWORD), "")
    surname = _plain(paper.authors[0].split()[-1])
    return f"{surname}{concept.year or ''}{word}" if surname else concept.id


def _plain(text: str) -> str:
    """The text in lower-case ASCII letters and digits."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^a-z0-9]", "", letters)


def _year_of(venue: str) -> str:
    """The year in which a venue took place: `CVPR 2016`."""
    found = _YEAR_OF_VENUE.search(venue)
    return found[0].strip()[:4] if found else ""


def _published(venue: str) -> tuple[str, dict[str, str]]:
    """The type of an entry, and the field that says where it was published."""
    name = _YEAR_OF_VENUE.sub(r"\g<rest>", venue).strip()
    if not name or _NO_PUBLISHER.search(name):
        return "misc", {"howpublished": _escaped(venue)} if name and not name.startswith("arXiv") else {}
    if _JOURNAL.fullmatch(name) or not _year_of(venue):
        return "article", {"journal": _escaped(name)}
    return "inproceedings", {"booktitle": _escaped(name)}


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
