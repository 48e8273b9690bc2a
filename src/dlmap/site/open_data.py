"""The page of open data, and the files that it offers: the map in the formats of other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial

from dlmap.config import Config
from dlmap.exports import ON_CARDS, anki, opml
from dlmap.exports.skos import SkosExporter, scheme_jsonld, scheme_turtle
from dlmap.site.addresses import absolute
from dlmap.site.concepts import Views
from dlmap.site.model import Page, SiteInfo, alternates
from dlmap.site.seo.linked_data import JSONLD, TURTLE, place_of
from dlmap.site.seo.robots import taxonomy_json
from dlmap.site.study import StudyPages
from dlmap.taxonomy import Concept, Taxonomy
from dlmap.theme import default_theme_root

SCHEMA = "data/taxonomy.schema.json"


@dataclass(frozen=True, slots=True)
class Format:
    """A format that the map is published in."""

    name: str
    """As `dlmap export --format` and the words of the interface have it."""
    title: str
    path: str
    """Where the site has the file; `{lang}` stands for the language where there is one for each."""
    media_type: str
    is_text: bool = True
    counted: str = "concepts"
    """What is counted in it."""

    @property
    def by_language(self) -> bool:
        """Whether there is a file for each language."""
        return "{lang}" in self.path

    def file(self, lang: str) -> str:
        """The site path of the file."""
        return self.path.replace("{lang}", lang)


FORMATS = (
    Format("json", "JSON", "taxonomy.json", "application/json"),
    Format("jsonld", "JSON-LD", "taxonomy.jsonld", JSONLD),
    Format("turtle", "Turtle", "taxonomy.ttl", TURTLE),
    Format("opml", "OPML", "data/outline.{lang}.opml", "text/x-opml"),
    Format("bibtex", "BibTeX", "data/papers.bib", "application/x-bibtex", counted="papers"),
    Format("anki", "Anki", "data/cards.{lang}.apkg", "application/apkg", is_text=False),
    Format("tsv", "TSV", "glossary.tsv", "text/tab-separated-values", counted="terms"),
    Format("tbx", "TBX", "glossary.tbx", "application/x-tbx+xml", counted="terms"),
)
"""In the order of the page.  What one of them is made by stands in `Downloads`."""


@dataclass(frozen=True, slots=True)
class FormatFile:
    """A file as the page offers it."""

    path: str
    lang: str
    """The language of the file; empty for all of them."""
    size: int
    """In bytes."""


@dataclass(frozen=True, slots=True)
class FormatView:
    """A format with its files."""

    name: str
    title: str
    media_type: str
    counted: str
    """What is counted in it: `concepts`, `papers` or `terms`."""
    count: int
    schema: str
    """The site path of its schema; empty without one."""
    files: tuple[FormatFile, ...]


class Downloads:
    """Plans the page and its files; each file is made once, whoever asks."""

    def __init__(
        self,
        taxonomy: Taxonomy,
        views: Views,
        reading: StudyPages,
        head: SiteInfo,
        config: Config,
    ) -> None:
        self.taxonomy = taxonomy
        self.views = views
        self.reading = reading
        self.titles = head.title
        self.scheme = SkosExporter(taxonomy, place_of(head, views.refs.path, config))
        self.config = config
        self.files = {path: cache(make) for path, make in self._files().items()}

    def _files(self) -> dict[str, Callable[[], bytes]]:
        """Site path to what makes the content."""
        taxonomy, titles = self.taxonomy, self.titles
        files: dict[str, Callable[[], bytes]] = {
            "taxonomy.json": lambda: taxonomy_json(taxonomy, self.views.refs, titles, self.config).encode(),
            "taxonomy.jsonld": partial(scheme_jsonld, self.scheme),
            "taxonomy.ttl": partial(scheme_turtle, self.scheme),
            **self.reading.glossaries(titles),
        }
        if not taxonomy.concepts:
            return files
        files[SCHEMA] = (default_theme_root() / "docs" / "taxonomy.schema.json").read_bytes
        for lang in taxonomy.languages:
            address = partial(self.address, lang)
            files[f"data/outline.{lang}.opml"] = partial(opml, taxonomy, lang, titles[lang], address)
            files[f"data/cards.{lang}.apkg"] = partial(anki, taxonomy, lang, titles[lang], address)
        if len(self.views.bibliography):
            files["data/papers.bib"] = self.views.bibliography.file
        return files

    def address(self, lang: str, concept: Concept) -> str:
        """Where a concept is to be read: on this site, else in the author's own article; empty where nobody knows."""
        if self.config.base_url:
            return absolute(self.views.refs.path(concept.id, lang), self.config)
        href = concept.links[0].href if concept.links else ""
        if href.startswith("/") and self.taxonomy.origin:
            return f"https://{self.taxonomy.origin}{href}"
        return href if href.startswith(("http://", "https://")) else ""

    def pages(self) -> Iterator[Page]:
        """The page in every language."""
        languages = self.taxonomy.languages
        for lang in languages if self.taxonomy.concepts else ():
            made = alternates("data/", languages)
            yield Page(f"{lang}/data/", "data.html", lang, "", "", made, self.content)

    def content(self) -> Mapping[str, object]:
        return {"offers": tuple(self.offers())}

    def offers(self) -> Iterator[FormatView]:
        """What there is to load."""
        for form in FORMATS:
            codes = self.taxonomy.languages if form.by_language else ("",)
            files = tuple(
                FormatFile(form.file(code), code, len(self.files[form.file(code)]()))
                for code in codes
                if form.file(code) in self.files
            )
            if files:
                schema = SCHEMA if form.name == "json" else ""
                yield FormatView(
                    form.name, form.title, form.media_type, form.counted, self.count(form), schema, files
                )

    def count(self, form: Format) -> int:
        """How many concepts, papers or terms a file of that format has."""
        match form.counted:
            case "papers":
                return len(self.views.bibliography)
            case "terms":
                return len(self.reading.pairs)
        if form.name == "anki":
            return len(self.taxonomy.of_kind(*ON_CARDS))
        return len(self.taxonomy.concepts)
