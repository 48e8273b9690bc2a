"""The site as values: pages, links between them, data files."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


def __getattr__(name: str) -> object:
    # Only when it is asked for: a check needs the page types alone, and the rest takes a tenth of a second to import.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{'planner' if name == 'plan_site' else 'model'}")
    value = getattr(module, name)
    globals()[name] = value
    return value
