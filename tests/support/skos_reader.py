"""What other programs make of the linked data of a site: graphs by rdflib, judged by pyshacl, read back as concepts."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlsplit

from pyshacl import validate
from rdflib import DCTERMS, FOAF, PROV, RDF, RDFS, SKOS, Graph, Literal, Namespace, Node, URIRef

SCHEMA = Namespace("https://schema.org/")
SHACL = Namespace("http://www.w3.org/ns/shacl#")
HERE = "https://reader.example/maps/"
"""Where a site that does not know its address is read."""


def graph_of(data: bytes, path: str, base: str = HERE) -> Graph:
    """The graph that a file of a site holds, read at its address."""
    syntax = "turtle" if path.endswith(".ttl") else "json-ld"
    with warnings.catch_warnings():
        # rdflib's reader of JSON-LD uses what rdflib itself calls outdated.
        warnings.simplefilter("ignore", DeprecationWarning)
        return Graph().parse(data=data, format=syntax, publicID=base + path)


def site_graph(site: Path, path: str) -> Graph:
    return graph_of((site / path).read_bytes(), path)


@cache
def _shapes() -> Graph:
    return Graph().parse(Path(__file__).with_name("skos-shapes.ttl"), format="turtle")


def broken_rules(graph: Graph) -> set[str]:
    """The names of the shapes that a graph breaks."""
    # Shapes are plain SHACL; without this pyshacl copies the whole graph for each run.
    conforms, report, _ = validate(graph, shacl_graph=_shapes(), inference="none", inplace=True)
    assert isinstance(report, Graph)
    names = {
        urlsplit(str(value)).path.lstrip("/")
        for of in (SHACL.sourceShape, SHACL.sourceConstraint)
        for value in report.objects(None, of)
        if isinstance(value, URIRef)
    }
    assert conforms == (not names)
    return names


class Reader:
    """Makes the concepts of `taxonomy.json` out of a graph, without a look at anything else."""

    def __init__(self, graph: Graph, base: str = HERE) -> None:
        self.graph = graph
        self.base = base

    def concepts(self) -> dict[str, dict[str, Any]]:
        """By id; lists are sets, for a graph has no order."""
        found = map(self.concept, self.graph.subjects(RDF.type, SKOS.Concept))
        return {concept["id"]: concept for concept in found}

    def concept(self, thing: Node) -> dict[str, Any]:
        pages = {self.lang(page): page for page in self.graph.objects(thing, FOAF.isPrimaryTopicOf)}
        readable = {str(tag).split("-")[0] for tag in self.graph.objects(thing, DCTERMS.language)}
        place, _, line = self.text(thing, DCTERMS.bibliographicCitation).rpartition(":")
        assert place == self.text(self.graph.value(thing, DCTERMS.source), DCTERMS.identifier)
        year = self.text(thing, DCTERMS.date)
        confidence = self.text(thing, SKOS.editorialNote).removeprefix("confidence: ")
        return {
            "id": self.text(thing, DCTERMS.identifier),
            "kind": self.text(self.graph.value(thing, DCTERMS.type), RDFS.label),
            "label": self.by_language(thing, SKOS.prefLabel),
            "alt": {str(name) for name in self.graph.objects(thing, SKOS.altLabel)},
            "broader": self.ids(thing, SKOS.broader),
            "narrower": self.ids(thing, SKOS.narrower),
            "related": self.ids(thing, SKOS.related),
            "based_on": self.ids(thing, PROV.wasDerivedFrom),
            "needs": self.ids(thing, DCTERMS.requires),
            "links": self.links(thing, SCHEMA.subjectOf, SCHEMA.Article),
            "resources": self.links(thing, RDFS.seeAlso, SCHEMA.CreativeWork),
            "url": {lang: self.path(page) for lang, page in pages.items()},
            "definition": self.by_language(thing, SKOS.definition),
            "series": self.series(thing),
            "expansion": self.text(thing, DCTERMS.alternative) or None,
            "year": int(year) if year else None,
            "paper": self.paper(thing),
            "code": self.code(thing),
            "confidence": confidence or None,
            "translated": {lang: lang in readable for lang in pages},
            "source": {"path": place, "line": int(line)},
        }

    def text(self, thing: Node | None, property_: URIRef) -> str:
        values = list(self.graph.objects(thing, property_)) if thing else []
        assert len(values) <= 1, (thing, property_, values)
        return str(values[0]) if values else ""

    def by_language(self, thing: Node, property_: URIRef) -> dict[str, str]:
        words = [word for word in self.graph.objects(thing, property_) if isinstance(word, Literal)]
        return {str(word.language).split("-")[0]: str(word) for word in words}

    def ids(self, thing: Node, property_: URIRef) -> set[str]:
        return {self.text(other, DCTERMS.identifier) for other in self.graph.objects(thing, property_)}

    def lang(self, page: Node) -> str:
        return self.text(page, DCTERMS.language).split("-")[0]

    def path(self, page: Node) -> str:
        """From the root of the site, as `taxonomy.json` has it."""
        assert str(page).startswith(self.base)
        return str(page).removeprefix(self.base)

    def links(self, thing: Node, property_: URIRef, kind: URIRef) -> set[tuple[str, str]]:
        linked = (
            link for link in self.graph.objects(thing, property_) if (link, RDF.type, kind) in self.graph
        )
        return {(self.text(link, SCHEMA.url), self.text(link, SCHEMA.name)) for link in linked}

    def series(self, thing: Node) -> str | None:
        groups = [
            group
            for group in self.graph.subjects(SKOS.member, thing)
            if urldefrag(str(group)).fragment.startswith("series/")
        ]
        return self.text(groups[0], SKOS.prefLabel) if groups else None

    def paper(self, thing: Node) -> dict[str, Any] | None:
        for work in self.graph.objects(thing, SCHEMA.subjectOf):
            if (work, RDF.type, SCHEMA.ScholarlyArticle) in self.graph:
                return {
                    "title": self.text(work, SCHEMA.name),
                    "authors": {str(name) for name in self.graph.objects(work, DCTERMS.creator)},
                    "venue": self.text(work, SCHEMA.isPartOf) or None,
                    "url": self.text(work, SCHEMA.url) or None,
                }
        return None

    def code(self, thing: Node) -> str | None:
        source = self.graph.value(thing, SCHEMA.workExample)
        return self.text(source, SCHEMA.codeRepository) or None


def as_read(concept: dict[str, Any]) -> dict[str, Any]:
    """A concept of `taxonomy.json` as a `Reader` gives it."""
    sets = {key: set(concept[key]) for key in ("alt", "broader", "narrower", "related", "based_on", "needs")}
    linked = {key: {(link["href"], link["label"]) for link in concept[key]} for key in ("links", "resources")}
    urls = {lang: path.removeprefix("/") for lang, path in concept["url"].items()}
    paper = concept["paper"] and {
        **concept["paper"],
        "authors": set(concept["paper"]["authors"]) - {"others"},
    }
    return {**concept, **sets, **linked, "url": urls, "paper": paper}
