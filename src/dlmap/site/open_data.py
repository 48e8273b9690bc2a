"""The page of open data, and the files that it offers: the map in the formats of other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial

from dlmap.config import Config
from dlmap.exports import FORMATS, SCHEMA, ExportContext
from dlmap.exports.skos import SkosExporter
from dlmap.site.addresses import absolute
from dlmap.site.concepts import Views
from dlmap.site.model import Page, SiteInfo, alternates
from dlmap.site.page_types import OpenDataPage
from dlmap.site.seo.linked_data import place_of
from dlmap.site.study import StudyPages
from dlmap.taxonomy import Concept, Taxonomy
from dlmap.theme import default_theme_root


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


class OpenData:
    """Plans the page and its files; each file is made once, whoever asks."""

    def __init__(
        self, taxonomy: Taxonomy, views: Views, study: StudyPages, head: SiteInfo, config: Config
    ) -> None:
        self.taxonomy = taxonomy
        self.paths = views.refs
        self.config = config
        self.skos = SkosExporter(taxonomy, place_of(head, views.refs.path, config))
        self.context = ExportContext(
            taxonomy,
            head.title,
            self.skos,
            views.bibliography,
            lambda concept_id, lang: config.base_path + views.refs.path(concept_id, lang),
            self.address,
            lambda: study.pairs,
        )
        self.files = {path: cache(write) for path, write in self._files()}

    def _files(self) -> Iterator[tuple[str, Callable[[], bytes]]]:
        """The site path of each file, and what makes its content."""
        for each in FORMATS:
            if each.is_available(self.context):
                for lang in self.taxonomy.languages if each.by_language else ("",):
                    yield each.file(lang), partial(each.write, self.context, lang)
        if self.taxonomy.concepts:
            yield SCHEMA, (default_theme_root() / "docs" / "taxonomy.schema.json").read_bytes

    def address(self, lang: str, concept: Concept) -> str:
        """Where a concept is to be read: on this site, else in the author's own article; empty where nobody knows."""
        if self.config.base_url:
            return absolute(self.paths.path(concept.id, lang), self.config)
        href = concept.links[0].href if concept.links else ""
        if href.startswith("/") and self.taxonomy.origin:
            return f"https://{self.taxonomy.origin}{href}"
        return href if href.startswith(("http://", "https://")) else ""

    def pages(self) -> Iterator[Page]:
        """The page in every language."""
        path, languages = f"{OpenDataPage.slug}/", self.taxonomy.languages
        for lang in languages if self.taxonomy.concepts else ():
            yield Page(
                path=f"{lang}/{path}",
                type=OpenDataPage,
                content=lambda: OpenDataPage(tuple(self.offers())),
                lang=lang,
                alternates=alternates(path, languages),
            )

    def offers(self) -> Iterator[FormatView]:
        """What there is to download."""
        for each in FORMATS:
            if each.is_available(self.context):
                paths = {
                    code: each.file(code) for code in (self.taxonomy.languages if each.by_language else ("",))
                }
                yield FormatView(
                    each.name,
                    each.title,
                    each.media_type,
                    each.counted,
                    each.count(self.context),
                    each.schema,
                    tuple(FormatFile(path, code, len(self.files[path]())) for code, path in paths.items()),
                )
