"""The bilingual glossary: its pages, and the same as TSV and TBX for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from dlmap.site.model import ConceptLink
from dlmap.site.urls import ConceptLinks
from dlmap.taxonomy import TermPair

LANGUAGES = ("zh", "en")
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


def tsv(pairs: tuple[TermPair, ...]) -> bytes:
    """A line for each pair: Chinese, English, the ids of its concepts."""
    lines = ["zh\ten\tconcepts", *("\t".join((pair.zh, pair.en, " ".join(pair.concepts))) for pair in pairs)]
    return ("\n".join(lines) + "\n").encode()


def tbx(pairs: tuple[TermPair, ...], titles: Mapping[str, str]) -> bytes:
    """TBX-Basic (ISO 30042:2019), in the style that names data categories by elements' attributes."""
    title = " · ".join(dict.fromkeys(titles.values()))
    entries = "\n".join(
        f'<conceptEntry id="c{number}">{_section("zh", pair.zh)}{_section("en", pair.en)}</conceptEntry>'
        for number, pair in enumerate(pairs, start=1)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<tbx style="dca" type="TBX-Basic" xml:lang="zh" xmlns="urn:iso:std:iso:30042:ed-2">
<tbxHeader><fileDesc><titleStmt><title>{escape(title)}</title></titleStmt><sourceDesc><p>{escape(title)}</p></sourceDesc></fileDesc></tbxHeader>
<text><body>
{entries}
</body></text>
</tbx>
""".encode()


def _section(lang: str, term: str) -> str:
    return f'<langSec xml:lang="{lang}"><termSec><term>{escape(term)}</term></termSec></langSec>'
