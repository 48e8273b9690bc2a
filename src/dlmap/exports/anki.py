"""The map as a package of Anki cards: name and name in the other language, name and definition, both ways."""

from __future__ import annotations

import itertools
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from dlmap.exports.archive import archive
from dlmap.markdown import InlineText, MarkKind
from dlmap.markdown.cjk import has_han
from dlmap.taxonomy import Concept, Kind, Taxonomy

if TYPE_CHECKING:
    from genanki import Deck, Model

ON_CARDS = tuple(kind for kind in Kind if kind.has_page)
"""What has cards: an approach says nothing without its family."""
_TIME = 1_577_836_800
"""When everything in the package was made (2020-01-01): no clock, so that the same map gives the same bytes."""
_FIELDS = ("Id", "Name", "Other", "Definition", "Riddle", "Formulas", "Place", "Link")
_CSS = """\
.card { font: 20px/1.6 sans-serif; text-align: center; max-width: 40em; margin: 1em auto; }
.text { text-align: start; }
.place, .link { font-size: 14px; opacity: 0.75; }
"""
_TEXT = '<div class="text">{{%s}}</div>'
_MORE = '<div>{{Formulas}}</div><div class="place">{{Place}}</div><div class="link">{{Link}}</div>'
_TEMPLATES = (
    ("Name → other language", "{{#Other}}{{Name}}{{/Other}}", "{{Name}}<hr id=answer>{{Other}}" + _MORE),
    ("Other language → name", "{{#Other}}{{Other}}{{/Other}}", "{{Other}}<hr id=answer>{{Name}}" + _MORE),
    (
        "Name → definition",
        "{{#Definition}}{{Name}}{{/Definition}}",
        "{{Name}}<hr id=answer>" + _TEXT % "Definition" + _MORE,
    ),
    ("Definition → name", _TEXT % "Riddle", _TEXT % "Definition" + "<hr id=answer>{{Name}}" + _MORE),
)
_FORMULA = re.compile(r"\$(.+?)\$")
_MASK = "［…］"


def anki(taxonomy: Taxonomy, lang: str, title: str, address: Callable[[Concept], str]) -> bytes:
    """An `.apkg` in one language: a deck for each part, a note for each concept but the approaches.

    Notes, decks and the type of notes have their identities from the ids of concepts and the language, so that a later
    package brings a collection up to date.  `address` tells where a concept is to be read; empty: nowhere.
    """
    from genanki import Deck, Model, Note, Package, guid_for  # noqa: PLC0415 - as long to import as to use

    model = _model(Model, lang)
    decks: dict[str, Deck] = {}
    for concept in taxonomy.of_kind(*ON_CARDS):
        ways = taxonomy.paths_to(concept.id)
        part = (*ways[0], concept.id)[0]
        if part not in decks:
            decks[part] = Deck(
                _identity("deck", lang, part), _deck_name(title, taxonomy.concepts[part], lang)
            )
        fields = [concept.id, *_fields(concept, taxonomy, lang), address(concept)]
        if fields[-1]:
            fields[-1] = f'<a href="{escape(fields[-1])}">{escape(fields[-1])}</a>'
        tags = sorted({_tag((*way, concept.id), taxonomy) for way in ways} - {""})
        decks[part].add_note(
            Note(model=model, fields=fields, tags=tags, guid=guid_for("dlmap", lang, concept.id))
        )
    return _packed(Package(list(decks.values())))


def _model(make: type[Model], lang: str) -> Model:
    return make(
        _identity("model", lang),
        f"dlmap {lang}",
        fields=[{"name": name} for name in _FIELDS],
        templates=[{"name": name, "qfmt": front, "afmt": back} for name, front, back in _TEMPLATES],
        css=_CSS,
        sort_field_index=1,
    )


def _identity(*words: str) -> int:
    """A number that stays the same for the same words: positive, and exact also where it is read as a float."""
    return int.from_bytes(blake2b("\0".join(words).encode(), digest_size=6).digest())


def _deck_name(title: str, part: Concept, lang: str) -> str:
    """Anki puts what stands behind `::` below what stands before."""
    return "::".join(name.replace("::", ":") for name in (title, part.name(lang)))


def _tag(way: Iterable[str], taxonomy: Taxonomy) -> str:
    return "::".join(step for step in way if taxonomy.concepts[step].kind.is_section)


def _fields(concept: Concept, taxonomy: Taxonomy, lang: str) -> Iterator[str]:
    """Name, name in the other language, definition, definition without names, formulas, places."""
    name = concept.name(lang)
    others = [label for code, label in concept.label.items() if code != lang and label != name]
    told = list(_definition(concept, lang))
    names = (*concept.label.values(), concept.expansion, *concept.alt)
    yield escape(name)
    yield escape(" · ".join(others))
    yield "".join(_html(piece) for piece in told)
    yield "".join(_html(_Piece(_masked(piece.text, names), piece.tex)) for piece in told)
    yield "<br>".join(_html(_Piece("", tex), display=True) for tex in _displayed(concept, lang))
    ways = (
        " › ".join(taxonomy.concepts[step].name(lang) for step in way)
        for way in taxonomy.paths_to(concept.id)
    )
    yield "<br>".join(escape(way) for way in dict.fromkeys(ways) if way)


class _Piece(NamedTuple):
    """A stretch of a definition: text, or a formula."""

    text: str
    tex: str = ""


def _html(piece: _Piece, *, display: bool = False) -> str:
    if not piece.tex:
        return escape(piece.text)
    begin, end = (r"\[", r"\]") if display else (r"\(", r"\)")
    return f"{begin}{escape(piece.tex, quote=False)}{end}"


def _definition(concept: Concept, lang: str) -> Iterator[_Piece]:
    """What `Concept.definition` says, with its formulas."""
    plain = concept.definition(lang)
    if summary := concept.summary.get(lang):
        for index, piece in enumerate(_FORMULA.split(summary)):
            yield _Piece("", piece) if index % 2 else _Piece(piece)
        return
    for block in concept.blocks(lang):
        if block.type == "paragraph" and " ".join(block.inline.text.split()) == plain:
            yield from _pieces(block.inline)
            return
    yield _Piece(plain)


def _pieces(inline: InlineText) -> Iterator[_Piece]:
    at = 0
    for mark in inline.of(MarkKind.MATH):
        yield _Piece(inline.text[at : mark.start])
        yield _Piece("", mark.tex)
        at = mark.end
    yield _Piece(inline.text[at:])


def _displayed(concept: Concept, lang: str) -> Iterator[str]:
    """The displayed formulas of its own text."""
    for block in concept.blocks(lang):
        for inner in block.walk():
            if inner.type == "math_block":
                yield " ".join(inner.tokens[0].content.split())


def _masked(text: str, names: Iterable[str]) -> str:
    """The text without the names: a riddle shall not say its own answer."""
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        # Families are named in the plural, and defined in the singular.
        stem = name.removesuffix("s")
        if stem.casefold() in text.casefold():  # most are not, and expressions take long to compile
            begin, end = ("", "") if has_han(name) else (r"(?<![A-Za-z0-9])", r"s?(?![A-Za-z0-9])")
            text = re.sub(f"{begin}{re.escape(stem)}{end}", _MASK, text, flags=re.IGNORECASE)
    return text


def _packed(package: object) -> bytes:
    """The package as bytes.  The library would write a file, and the time of writing into it."""
    database = sqlite3.connect(":memory:")
    try:
        package.write_to_db(database.cursor(), _TIME, itertools.count(_TIME * 1000))  # type: ignore[attr-defined]
        database.commit()
        collection = database.serialize()
    finally:
        database.close()
    return archive([("collection.anki2", collection), ("media", b"{}")])
