"""The site as values: pages, links between them, data files."""

from dlmap.site.model import (
    Alternate,
    ConceptView,
    MemberRow,
    Page,
    Prose,
    Ref,
    Section,
    Sentence,
    Site,
    TocEntry,
    TreeItem,
)
from dlmap.site.planner import plan_site

__all__ = [
    "Alternate",
    "ConceptView",
    "MemberRow",
    "Page",
    "Prose",
    "Ref",
    "Section",
    "Sentence",
    "Site",
    "TocEntry",
    "TreeItem",
    "plan_site",
]
