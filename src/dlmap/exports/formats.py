"""The formats that the map is published and exported in: one entry each.

An entry needs words for the page of open data (`data_for_NAME` in `templates/strings/`) and a line in `docs/exports.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dlmap.exports.anki import ON_CARDS, anki
from dlmap.exports.bibtex import Bibliography
from dlmap.exports.glossary_tsv import glossary_tsv
from dlmap.exports.json import taxonomy_json
from dlmap.exports.opml import opml
from dlmap.exports.skos import JSONLD, TURTLE, SkosExporter, scheme_jsonld, scheme_turtle
from dlmap.taxonomy import Concept, Taxonomy, TermPair

GLOSSARY_LANGUAGES = ("zh", "en")
"""The glossary pairs the terms of these; a site without one of them has none."""


@dataclass(frozen=True, slots=True)
class ExportContext:
    """What the writers of formats know of a site."""

    taxonomy: Taxonomy
    titles: Mapping[str, str]
    """Of the site, by language."""
    skos: SkosExporter
    bibliography: Bibliography
    site_address: Callable[[str, str], str]
    """The address of a concept on the site, from the root of its host, by its id and the language."""
    public_address: Callable[[str, Concept], str]
    """Where a concept can be read from anywhere, in a language; empty where that is not known."""
    terms: Callable[[], tuple[TermPair, ...]]
    """Every term in both languages."""

    @property
    def has_concepts(self) -> bool:
        return bool(self.taxonomy.concepts)

    @property
    def has_glossary(self) -> bool:
        return self.has_concepts and set(GLOSSARY_LANGUAGES) <= set(self.taxonomy.languages)


def _number_of_concepts(context: ExportContext) -> int:
    return len(context.taxonomy.concepts)


def _always(_: ExportContext) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format that the map is published in."""

    name: str
    """As `dlmap export --format` and the words of the interface have it."""
    title: str
    path: str
    """Where the site has the file; `{lang}` stands for the language where there is one for each."""
    media_type: str
    write: Callable[[ExportContext, str], bytes]
    """Makes the file of a language; the language is empty where one file holds them all."""
    is_available: Callable[[ExportContext], bool] = _always
    """Whether a site has anything to put into it."""
    is_text: bool = True
    counted: str = "concepts"
    """What is counted in it: the words are `data_count_COUNTED`."""
    count: Callable[[ExportContext], int] = _number_of_concepts
    schema: str = ""
    """The site path of its schema; empty without one."""

    @property
    def by_language(self) -> bool:
        """Whether there is a file for each language."""
        return "{lang}" in self.path

    def file(self, lang: str) -> str:
        """The site path of the file."""
        return self.path.replace("{lang}", lang)


SCHEMA = "data/taxonomy.schema.json"

FORMATS = (
    ExportFormat(
        "json",
        "JSON",
        "taxonomy.json",
        "application/json",
        lambda context, _: taxonomy_json(context.taxonomy, context.titles, context.site_address),
        schema=SCHEMA,
    ),
    ExportFormat(
        "jsonld", "JSON-LD", "taxonomy.jsonld", JSONLD, lambda context, _: scheme_jsonld(context.skos)
    ),
    ExportFormat("turtle", "Turtle", "taxonomy.ttl", TURTLE, lambda context, _: scheme_turtle(context.skos)),
    ExportFormat(
        "opml",
        "OPML",
        "data/outline.{lang}.opml",
        "text/x-opml",
        lambda context, lang: opml(
            context.taxonomy,
            lang,
            context.titles[lang],
            lambda concept: context.public_address(lang, concept),
        ),
        lambda context: context.has_concepts,
    ),
    ExportFormat(
        "bibtex",
        "BibTeX",
        "data/papers.bib",
        "application/x-bibtex",
        lambda context, _: context.bibliography.file(),
        lambda context: len(context.bibliography) > 0,
        counted="papers",
        count=lambda context: len(context.bibliography),
    ),
    ExportFormat(
        "anki",
        "Anki",
        "data/cards.{lang}.apkg",
        "application/apkg",
        lambda context, lang: anki(
            context.taxonomy,
            lang,
            context.titles[lang],
            lambda concept: context.public_address(lang, concept),
        ),
        lambda context: context.has_concepts,
        is_text=False,
        count=lambda context: len(context.taxonomy.of_kind(*ON_CARDS)),
    ),
    ExportFormat(
        "tsv",
        "TSV",
        "glossary.tsv",
        "text/tab-separated-values",
        lambda context, _: glossary_tsv(context.terms()),
        lambda context: context.has_glossary,
        counted="terms",
        count=lambda context: len(context.terms()),
    ),
)
"""In the order of the page of open data."""
