"""The words of the graph: which property of which vocabulary says what, and under which name JSON-LD has it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

PREFIXES = {
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class Form(Enum):
    """What the values of a property are."""

    IRI = auto()
    WORDS = auto()
    """Text in a language."""
    PLAIN = auto()
    """Text in none."""
    YEAR = auto()


@dataclass(frozen=True, slots=True)
class Property:
    """A property and how it is written."""

    term: str
    """Its name in JSON-LD."""
    name: str
    """`prefix:local`, with a prefix of `PREFIXES`."""
    form: Form
    many: bool = False
    """Whether JSON-LD has a list also for one value; of words, for one value in a language."""


PREF_LABEL = Property("prefLabel", "skos:prefLabel", Form.WORDS)
ALT_LABEL = Property("altLabel", "skos:altLabel", Form.WORDS, many=True)
EXPANSION = Property("expansion", "dct:alternative", Form.WORDS)
DEFINITION = Property("definition", "skos:definition", Form.WORDS)
NOTE = Property("editorialNote", "skos:editorialNote", Form.WORDS)
TITLE = Property("title", "dct:title", Form.WORDS)
DESCRIPTION = Property("description", "dct:description", Form.WORDS)
LABEL = Property("label", "rdfs:label", Form.WORDS)

IN_SCHEME = Property("inScheme", "skos:inScheme", Form.IRI)
HAS_TOP_CONCEPT = Property("hasTopConcept", "skos:hasTopConcept", Form.IRI, many=True)
TOP_CONCEPT_OF = Property("topConceptOf", "skos:topConceptOf", Form.IRI)
BROADER = Property("broader", "skos:broader", Form.IRI, many=True)
NARROWER = Property("narrower", "skos:narrower", Form.IRI, many=True)
RELATED = Property("related", "skos:related", Form.IRI, many=True)
MEMBER = Property("member", "skos:member", Form.IRI, many=True)
SUBJECT = Property("subject", "dct:subject", Form.IRI)

IDENTIFIER = Property("identifier", "dct:identifier", Form.PLAIN)
KIND = Property("kind", "dct:type", Form.IRI)
YEAR = Property("year", "dct:date", Form.YEAR)
LANGUAGE = Property("language", "dct:language", Form.PLAIN, many=True)
BASED_ON = Property("basedOn", "prov:wasDerivedFrom", Form.IRI, many=True)
NEEDS = Property("requires", "dct:requires", Form.IRI, many=True)
PAGE = Property("page", "foaf:isPrimaryTopicOf", Form.IRI, many=True)
SUBJECT_OF = Property("subjectOf", "schema:subjectOf", Form.IRI, many=True)
IMPLEMENTED_BY = Property("workExample", "schema:workExample", Form.IRI)
SEE_ALSO = Property("seeAlso", "rdfs:seeAlso", Form.IRI, many=True)
SOURCE = Property("source", "dct:source", Form.IRI)
CITATION = Property("citation", "dct:bibliographicCitation", Form.PLAIN)

NAME = Property("name", "schema:name", Form.PLAIN)
URL = Property("url", "schema:url", Form.IRI)
CODE_REPOSITORY = Property("codeRepository", "schema:codeRepository", Form.IRI)
CREATOR = Property("creator", "dct:creator", Form.PLAIN, many=True)
VENUE = Property("isPartOf", "schema:isPartOf", Form.PLAIN)
PUBLISHED = Property("datePublished", "schema:datePublished", Form.YEAR)
