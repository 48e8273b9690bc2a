"""The taxonomy as linked data: SKOS, as JSON-LD and as Turtle."""

from dlmap.exports.skos.iris import SCHEME, concept_iri
from dlmap.exports.skos.jsonld import to_jsonld
from dlmap.exports.skos.scheme import SkosContext, SkosExporter
from dlmap.exports.skos.turtle import to_turtle

__all__ = [
    "JSONLD",
    "SCHEME",
    "TURTLE",
    "SkosContext",
    "SkosExporter",
    "concept_iri",
    "scheme_jsonld",
    "scheme_turtle",
    "to_jsonld",
]

JSONLD, TURTLE = "application/ld+json", "text/turtle"
"""The media types of both."""
_HERE = "./"
"""What a file at the root of a site takes as the address of the site where that is not known."""


def scheme_jsonld(scheme: SkosExporter) -> bytes:
    """The whole scheme as JSON-LD, in UTF-8: `taxonomy.jsonld` at the root of the site."""
    return to_jsonld(scheme.whole, scheme.place.base_url or _HERE)


def scheme_turtle(scheme: SkosExporter) -> bytes:
    """The whole scheme as Turtle, in UTF-8: `taxonomy.ttl` at the root of the site."""
    return to_turtle(scheme.whole, scheme.place.base_url or _HERE)
