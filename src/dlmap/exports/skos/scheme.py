"""What SKOS says of a taxonomy: the scheme, its concepts, the groups of methods, and where each is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from urllib.parse import quote

from dlmap.exports.skos import vocabulary as say
from dlmap.exports.skos.graph import Graph, GraphNode, LangString, node
from dlmap.exports.skos.iris import SCHEME, address_iri, concept_iri, own_iri, site_iri
from dlmap.markdown.cjk import has_han
from dlmap.taxonomy import Concept, Kind, Link, Taxonomy


@dataclass(frozen=True, slots=True)
class SkosContext:
    """Where a taxonomy is published, and what the site says of itself."""

    base_url: str
    """The address of the site, with a slash at the end; empty when that is not known."""
    page: Callable[[str, str], str]
    """The site path that shows a concept, by its id and the language."""
    tags: Mapping[str, str]
    """Each language of the site as BCP 47 writes it: `zh` is `zh-Hans`."""
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    origin: str = ""
    """The host that addresses from the root in the outline belong to, empty if unknown."""
    files: str = ""
    """Where the source files can be read, with a slash at the end; empty when nowhere."""


class SkosExporter:
    """The graphs of a taxonomy: of the whole, and of what the page of one concept shows.

    What is said of a concept is put together once, whatever graphs it stands in.
    """

    def __init__(self, taxonomy: Taxonomy, place: SkosContext) -> None:
        self._taxonomy = taxonomy
        self.place = place
        self._about = cache(self._told)

    @cached_property
    def whole(self) -> Graph:
        """Everything."""
        concepts = self._taxonomy.concepts.values()
        return Graph(
            (
                self._scheme(),
                *self._homes(),
                *(thing for concept in concepts for thing in self._about_with_line(concept)),
                *self._shared(concepts),
            )
        )

    def of_page(self, concept_id: str) -> Graph:
        """A concept and the approaches that stand on its page, with the names of what they are tied to.

        A part of the whole, without the lines of the outline: with them, an edit would change every file below it.
        """
        concepts = [self._taxonomy.concepts[concept_id], *self._approaches(concept_id)]
        own = {concept.id for concept in concepts}
        tied = {
            other: None
            for concept in concepts
            for other in (
                *(*concept.broader, *concept.narrower, *concept.based_on, *concept.needs),
                *self._related[concept.id],
                *self._series.get(concept.series, ()),
            )
            if other not in own
        }
        return Graph(
            (
                node(SCHEME, ("skos:ConceptScheme",), (say.TITLE, self._words(self.place.titles))),
                *(thing for concept in concepts for thing in self._about(concept.id)),
                *self._shared(concepts),
                *map(self._named, tied),
            )
        )

    @cached_property
    def _related(self) -> Mapping[str, tuple[str, ...]]:
        return self._taxonomy.related()

    @cached_property
    def _series(self) -> Mapping[str, list[str]]:
        """The members of each series."""
        members: dict[str, list[str]] = {}
        for concept in self._taxonomy.concepts.values():
            if concept.series:
                members.setdefault(concept.series, []).append(concept.id)
        return members

    def _approaches(self, concept_id: str) -> Iterator[Concept]:
        """The approaches that stand in the page of a concept: those of approaches too."""
        for child in self._taxonomy.concepts[concept_id].narrower:
            concept = self._taxonomy.concepts[child]
            # An approach that stands in several places is shown in the first one.
            if concept.kind is Kind.APPROACH and concept.broader[0] == concept_id:
                yield concept
                yield from self._approaches(child)

    def _scheme(self) -> GraphNode:
        top = (concept.id for concept in self._taxonomy.concepts.values() if not concept.broader)
        return node(
            SCHEME,
            ("skos:ConceptScheme",),
            (say.TITLE, self._words(self.place.titles)),
            (say.DESCRIPTION, self._words(self.place.descriptions)),
            (say.LANGUAGE, (self.place.tags[lang] for lang in self._taxonomy.languages)),
            (say.HAS_TOP_CONCEPT, map(concept_iri, top)),
            (say.PAGE, (f"{lang}/" for lang in self._taxonomy.languages)),
        )

    def _homes(self) -> Iterator[GraphNode]:
        return (self._page(f"{lang}/", lang) for lang in self._taxonomy.languages)

    def _about_with_line(self, concept: Concept) -> Iterator[GraphNode]:
        (path, line), (itself, *others) = concept.source, self._about(concept.id)
        yield replace(itself, said=(*itself.said, (say.CITATION, (f"{path}:{line}",))))
        yield from others

    def _told(self, concept_id: str) -> tuple[GraphNode, ...]:
        return tuple(self._things(self._taxonomy.concepts[concept_id]))

    def _things(self, concept: Concept) -> Iterator[GraphNode]:
        """A concept, and what is its own: paper, code, links, pages, and of an approach the group of its methods."""
        own_articles = [own_iri(concept.id, "article", str(n)) for n, _ in enumerate(concept.links, 1)]
        resources = [own_iri(concept.id, "resource", str(n)) for n, _ in enumerate(concept.resources, 1)]
        paper, code = own_iri(concept.id, "paper"), own_iri(concept.id, "code")
        pages = {lang: self.place.page(concept.id, lang) for lang in self._taxonomy.languages}
        yield node(
            concept_iri(concept.id),
            ("skos:Concept",),
            (say.IDENTIFIER, (concept.id,)),
            (say.KIND, (site_iri("kind", concept.kind.value),)),
            (say.IN_SCHEME, (SCHEME,)),
            (say.TOP_CONCEPT_OF, () if concept.broader else (SCHEME,)),
            (say.PREF_LABEL, self._words(concept.label)),
            (say.ALT_LABEL, map(self._name, concept.alt)),
            (say.EXPANSION, (self._name(concept.expansion),) if concept.expansion else ()),
            (say.DEFINITION, self._definitions(concept)),
            (say.BROADER, map(concept_iri, concept.broader)),
            (say.NARROWER, map(concept_iri, concept.narrower)),
            (say.RELATED, map(concept_iri, self._related[concept.id])),
            (say.BASED_ON, map(concept_iri, concept.based_on)),
            (say.NEEDS, map(concept_iri, concept.needs)),
            (say.YEAR, _years(concept)),
            (say.SUBJECT_OF, (*((paper,) if concept.paper else ()), *own_articles)),
            (say.IMPLEMENTED_BY, (code,) if concept.code else ()),
            (say.SEE_ALSO, resources),
            (say.LANGUAGE, (self.place.tags[lang] for lang in pages if concept.is_translated(lang))),
            (say.PAGE, pages.values()),
            (
                say.NOTE,
                (LangString("en", f"confidence: {concept.confidence}"),) if concept.confidence else (),
            ),
            (say.SOURCE, (self._file(concept.source[0]),)),
        )
        if concept.paper:
            yield node(
                paper,
                ("schema:ScholarlyArticle",),
                (say.NAME, (concept.paper.title,)),
                (say.URL, (address_iri(concept.paper.url, ""),)),
                (say.PUBLISHED, _years(concept)),
                (say.CREATOR, (name for name in concept.paper.authors if name != "others")),
                (say.VENUE, (concept.paper.venue,) if concept.paper.venue else ()),
            )
        if concept.code:
            yield node(
                code,
                ("schema:SoftwareSourceCode",),
                (say.CODE_REPOSITORY, (address_iri(concept.code, ""),)),
            )
        yield from self._linked(own_articles, concept.links, "schema:Article")
        yield from self._linked(resources, concept.resources, "schema:CreativeWork")
        yield from (self._page(path, lang) for lang, path in pages.items())
        if concept.kind is Kind.APPROACH:
            yield from self._group(concept)

    def _linked(self, iris: Iterable[str], links: Iterable[Link], kind: str) -> Iterator[GraphNode]:
        for iri, link in zip(iris, links, strict=True):
            address = address_iri(link.href, self.place.origin)
            yield node(iri, (kind,), (say.NAME, (link.label,)), (say.URL, (address,)))

    def _group(self, approach: Concept) -> Iterator[GraphNode]:
        """The methods that an approach names, as a collection: no concept may be one, so it has an IRI of its own."""
        members = [child for child in approach.narrower if self._taxonomy.concepts[child].kind.is_named]
        if members:
            yield node(
                own_iri(approach.id, "methods"),
                ("skos:Collection",),
                (say.IN_SCHEME, (SCHEME,)),
                (say.PREF_LABEL, self._words(approach.label)),
                (say.SUBJECT, (concept_iri(approach.id),)),
                (say.MEMBER, map(concept_iri, members)),
            )

    def _shared(self, concepts: Iterable[Concept]) -> Iterator[GraphNode]:
        """What several concepts point to: kinds, series and source files."""
        known = list(concepts)
        for kind in dict.fromkeys(concept.kind.value for concept in known):
            yield node(site_iri("kind", kind), ("rdfs:Class",), (say.LABEL, (LangString("en", kind),)))
        for series in dict.fromkeys(concept.series for concept in known if concept.series):
            yield node(
                site_iri("series", series),
                ("skos:Collection",),
                (say.IN_SCHEME, (SCHEME,)),
                (say.PREF_LABEL, (self._name(series),)),
                (say.MEMBER, map(concept_iri, self._series[series])),
            )
        for path in dict.fromkeys(concept.source[0] for concept in known):
            yield node(self._file(path), ("foaf:Document",), (say.IDENTIFIER, (path,)))

    def _named(self, concept_id: str) -> GraphNode:
        label = self._taxonomy.concepts[concept_id].label
        return node(concept_iri(concept_id), ("skos:Concept",), (say.PREF_LABEL, self._words(label)))

    def _page(self, path: str, lang: str) -> GraphNode:
        return node(path, ("foaf:Document",), (say.LANGUAGE, (self.place.tags[lang],)))

    def _file(self, path: str) -> str:
        files = self.place.files
        return f"{files}{quote(path)}" if files else site_iri("source", path)

    def _definitions(self, concept: Concept) -> Iterator[LangString]:
        for lang in self._taxonomy.languages:
            if text := concept.definition(lang):
                yield LangString(self.place.tags[lang], text)

    def _words(self, texts: Mapping[str, str]) -> Iterator[LangString]:
        # A label may have a gloss in a language that the site has no pages in.
        return (LangString(self.place.tags.get(lang, lang), text) for lang, text in texts.items() if text)

    def _name(self, name: str) -> LangString:
        """A name whose language nobody has told: its script tells."""
        lang = "zh" if has_han(name) else "en"
        return LangString(self.place.tags.get(lang, lang), name)


def _years(concept: Concept) -> tuple[str, ...]:
    return (f"{concept.year:04}",) if concept.year else ()
