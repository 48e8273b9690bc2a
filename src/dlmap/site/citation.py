"""The paper of a method as BibTeX."""

from __future__ import annotations

import re

from dlmap.taxonomy import Concept

_ARXIV = re.compile(r"https?://arxiv\.org/abs/(?P<id>[\w.\-/]+?)(?:v\d+)?")
_SPECIAL = re.compile(r"[&%$#_{}]")
_COMMANDS = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def bibtex(concept: Concept) -> str:
    """The entry of the concept's paper, empty without one; it says only what the registry knows."""
    if concept.paper is None:
        return ""
    url = concept.paper.url
    # Doubled braces: BibTeX styles would take the capitals of names away.
    fields = {"title": f"{{{_escaped(concept.paper.title)}}}"}
    if concept.year is not None:
        fields["year"] = str(concept.year)
    if url and (arxiv := _ARXIV.fullmatch(url)):
        fields |= {"eprint": arxiv["id"], "archivePrefix": "arXiv"}
    if url:
        fields["url"] = url
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{concept.id},\n{lines}\n}}"


def _escaped(text: str) -> str:
    # First what becomes a command, whose braces stay as they are.
    parts = re.split(r"([\\~^])", text)
    return "".join(_COMMANDS.get(part) or _SPECIAL.sub(r"\\\g<0>", part) for part in parts)
