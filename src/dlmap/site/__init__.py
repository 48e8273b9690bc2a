"""The site as values: pages, links between them, data files."""

from dlmap.site.model import (
    Alternate,
    ConceptLink,
    ConceptView,
    MemberRow,
    Page,
    Prose,
    Sentence,
    Site,
    TocEntry,
    TocSection,
    TreeItem,
)
from dlmap.site.planner import plan_site

__all__ = [
    "Alternate",
    "ConceptLink",
    "ConceptView",
    "MemberRow",
    "Page",
    "Prose",
    "Sentence",
    "Site",
    "TocEntry",
    "TocSection",
    "TreeItem",
    "plan_site",
]
