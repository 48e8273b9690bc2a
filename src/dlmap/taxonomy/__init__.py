"""The taxonomy: from outline documents to concepts in SKOS's words."""

from dlmap.taxonomy.aliases import check_aliases, resolve_aliases
from dlmap.taxonomy.assemble import assemble
from dlmap.taxonomy.checks import Accepted, accepted_now, check_taxonomy, read_accepted
from dlmap.taxonomy.explanation import explain_taxonomy
from dlmap.taxonomy.glossary import TermPair, glossary
from dlmap.taxonomy.kinds import NAMED, Kind
from dlmap.taxonomy.languages import glossed_language, language_of, site_languages
from dlmap.taxonomy.model import Concept, Note, Occurrence, Preface, Taxonomy, Term, Text
from dlmap.taxonomy.notes import NOTE_NAME, collect_notes
from dlmap.taxonomy.outline import read_outline, read_outlines
from dlmap.taxonomy.outline_model import Link, Outline
from dlmap.taxonomy.registry import Registry, read_registry
from dlmap.taxonomy.registry_entry import Paper, RegistryEntry

__all__ = [
    "NAMED",
    "NOTE_NAME",
    "Accepted",
    "Concept",
    "Kind",
    "Link",
    "Note",
    "Occurrence",
    "Outline",
    "Paper",
    "Preface",
    "Registry",
    "RegistryEntry",
    "Taxonomy",
    "Term",
    "TermPair",
    "Text",
    "accepted_now",
    "assemble",
    "check_aliases",
    "check_taxonomy",
    "collect_notes",
    "explain_taxonomy",
    "glossary",
    "glossed_language",
    "language_of",
    "read_accepted",
    "read_outline",
    "read_outlines",
    "read_registry",
    "resolve_aliases",
    "site_languages",
]
