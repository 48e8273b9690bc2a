"""The files that the search loads: the names of all concepts with their index, texts, and the script."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dlmap.javascript import VENDOR, Run, Script
from dlmap.search.pinyin import syllables
from dlmap.text.strings import compact_json

MINISEARCH = VENDOR / "minisearch" / "index.js"
_HERE = Path(__file__).parent
_WORDS = tuple(_HERE / "browser" / f"{name}.js" for name in ("hanzi", "words"))
_SCRIPTS = (
    MINISEARCH,
    *_WORDS,
    *(_HERE / "browser" / f"{name}.js" for name in ("likeness", "names", "passages", "engine")),
)
_PROGRAM = Script("search index", (MINISEARCH, *_WORDS, _HERE / "build.js"), "buildIndex", "[]", "[")


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A concept as it is found and shown."""

    path: str
    """The site path without its language."""
    kind: str
    hue: int
    """The hue of its part, in degrees."""
    parent: int
    """The number of the entry that it stands under first; -1 for a part."""
    labels: tuple[str, ...]
    """In the order of the site's languages, empty where there is none."""
    others: tuple[str, ...]
    """Its other names."""
    weight: int
    """How much stands under it and leads to it: among equals, the better known comes first."""


@dataclass(frozen=True, slots=True)
class Passages:
    """What is told at one place, what says best what it is first."""

    owner: int
    """The number of an entry, or of an article as -1, -2 …"""
    lines: tuple[str, ...]


def names_file(
    entries: Sequence[SearchEntry], languages: Sequence[str], named: Sequence[str], texts: object, run: Run
) -> bytes:
    """All names and their index; `named` are the kinds of methods, `texts` names the files that `texts_file` makes."""
    names = [(tuple(dict.fromkeys(filter(None, entry.labels))), entry.others) for entry in entries]
    rows = [
        (
            entry.path,
            entry.kind,
            entry.hue,
            entry.parent,
            entry.weight,
            entry.labels,
            entry.others,
            tuple(filter(None, map(syllables, (*labels, *others)))),
        )
        for entry, (labels, others) in zip(entries, names, strict=True)
    ]
    head = compact_json({"languages": languages, "named": named, "texts": texts, "entries": rows})
    return f'{head[:-1]},"postings":{run(_PROGRAM, json.dumps(names))}}}\n'.encode()


def texts_file(lang: str, passages: Iterable[Passages], articles: Sequence[tuple[str, str]]) -> bytes:
    """Passages in one language, a line each; `articles` are (path without language, title)."""
    told = [piece for piece in passages if piece.lines]
    text = "\n".join(" ".join(line.split()) for piece in told for line in piece.lines)
    owners = [(piece.owner, len(piece.lines)) for piece in told]
    return f"{compact_json({'lang': lang, 'owners': owners, 'articles': articles, 'text': text})}\n".encode()


def engine_script() -> bytes:
    """MiniSearch and what answers a query, for a worker of the browser."""
    notice = MINISEARCH.with_name("LICENSE.txt").read_text(encoding="utf-8")
    scripts = "\n".join(script.read_text(encoding="utf-8") for script in _SCRIPTS)
    return f"/*\nMiniSearch:\n{notice.strip()}\n*/\n{scripts}".encode()
