"""The kinds of concepts."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a concept is in the map."""

    PART = "part"
    TYPE = "type"
    FAMILY = "family"
    APPROACH = "approach"
    METHOD = "method"
    METRIC = "metric"
    DATASET = "dataset"
    BENCHMARK = "benchmark"

    @property
    def is_named(self) -> bool:
        """Whether concepts of the kind are known by a name: methods, metrics, data sets and benchmarks."""
        return self in NAMED

    @property
    def is_section(self) -> bool:
        """Whether concepts of the kind hold others, as sections of the map: parts, types and families."""
        return self in (Kind.PART, Kind.TYPE, Kind.FAMILY)

    @property
    def has_page(self) -> bool:
        """Whether concepts of the kind have a page of their own: all but approaches."""
        return self is not Kind.APPROACH


NAMED = (Kind.METHOD, Kind.METRIC, Kind.DATASET, Kind.BENCHMARK)
"""The kinds whose concepts the text names in bold, in the order in which lists show them."""
