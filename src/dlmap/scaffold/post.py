"""Read the post that a new site is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dlmap.load.discover import discover
from dlmap.pipeline import read_outline
from dlmap.taxonomy import Taxonomy
from dlmap.text import Diagnostic


@dataclass(frozen=True, slots=True)
class Post:
    """A post, with its translation if it has one."""

    taxonomy: Taxonomy
    diagnostics: tuple[Diagnostic, ...]
    files: Mapping[str, bytes]
    """The content of each file, by language."""


def read_post(path: Path) -> Post:
    """Read a post and its translation.  Raises `SiteNotFoundError` and `ConfigError`, and `OSError`."""
    outline = read_outline(path)
    files = {file.name: file for _, file in discover(path).outlines}
    names = {
        lang: preface.source.path.rpartition("/")[2] for lang, preface in outline.taxonomy.prefaces.items()
    }
    return Post(
        outline.taxonomy,
        outline.diagnostics,
        {lang: files[name].read_bytes() for lang, name in names.items() if name in files},
    )
