"""What the registry says of one thing."""

from __future__ import annotations

from dataclasses import dataclass, field

from dlmap.text import Span


@dataclass(frozen=True, slots=True)
class Paper:
    """Where a method was published first."""

    title: str
    url: str
    authors: tuple[str, ...] = ()
    """Their names as they are printed, in order."""
    venue: str = ""
    """Where it was published, with the year where that is no part of the name: `CVPR 2016`."""


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """What the registry knows of one method, metric, data set, benchmark or term; or of a section of the outline."""

    id: str
    name: str
    """Empty where there are `aliases` and `needs` only: then it is the section of the outline that has this id."""
    span: Span
    kind: str = "method"
    expansion: str = ""
    aliases: tuple[str, ...] = ()
    year: int | None = None
    paper: Paper | None = None
    summary: dict[str, str] = field(default_factory=dict)
    """One sentence per language."""
    based_on: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """The ids of what a reader has to know before."""
    series: str = ""
    confidence: str = "high"
    """How far the facts are checked: `high`, `medium` or `low`."""
