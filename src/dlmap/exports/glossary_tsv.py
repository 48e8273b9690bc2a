"""The glossary as a table: tab-separated values."""

from __future__ import annotations

from dlmap.taxonomy import TermPair


def glossary_tsv(pairs: tuple[TermPair, ...]) -> bytes:
    """A line for each pair: Chinese, English, the ids of its concepts."""
    lines = ["zh\ten\tconcepts", *("\t".join((pair.zh, pair.en, " ".join(pair.concepts))) for pair in pairs)]
    return ("\n".join(lines) + "\n").encode()
