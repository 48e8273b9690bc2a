"""What is missing, stale or at odds in the languages of a taxonomy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import methodcaller

from dlmap.cache.memory import MemoryCache
from dlmap.taxonomy.glossary import check_renderings
from dlmap.taxonomy.model import Concept, Note, Taxonomy, Text
from dlmap.text import Diagnostic, SourceFile, Span
from dlmap.text.strict_yaml import YamlMapping, YamlNode, YamlScalar, parse_yaml

Accepted = Mapping[tuple[str, str], str]
"""(language, key of a text) to the digest of the source it was translated from."""


def read_accepted(source: SourceFile | None) -> tuple[Accepted, tuple[Diagnostic, ...]]:
    """Read `translations.yml`: the state of every source text when its translation was accepted."""
    if source is None:
        return {}, ()
    node, diagnostics = parse_yaml(source, Span(0, len(source.text)))
    reader = _Reader(source)
    for lang, table in reader.items(node):
        for key, value in reader.items(table):
            if isinstance(value, YamlScalar):
                reader.accepted[lang, key] = value.text
            else:
                reader.refuse(value)
    return reader.accepted, (*diagnostics, *reader.diagnostics)


class _Reader:
    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.accepted: dict[tuple[str, str], str] = {}
        self.diagnostics: list[Diagnostic] = []

    def items(self, node: YamlNode | None) -> Iterator[tuple[str, YamlNode]]:
        if isinstance(node, YamlMapping):
            yield from ((key.text, value) for key, value in node.items)
        elif node is not None:
            self.refuse(node)

    def refuse(self, node: YamlNode) -> None:
        self.diagnostics.append(
            Diagnostic(
                "DL106",
                "the record of translations is a table of languages, each a table of texts",
                "write it again: dlmap check --accept-translations",
                self.source,
                node.span,
            )
        )


def accepted_now(taxonomy: Taxonomy) -> Accepted:
    """What `translations.yml` says when every translation is up to date."""
    return {(text.lang, key): source.digest for key, source, text in _translations(taxonomy)}


def _translations(taxonomy: Taxonomy) -> Iterator[tuple[str, Text | Note, Text | Note]]:
    """Each translated text with its key and the text in the default language."""
    default = taxonomy.languages[0]
    for concept in taxonomy.concepts.values():
        for key, texts in _translatable(concept):
            if default in texts:
                for lang, text in texts.items():
                    if lang != default:
                        yield key, texts[default], text


def _translatable(concept: Concept) -> Iterator[tuple[str, Mapping[str, Text | Note]]]:
    if len(concept.texts) > 1:
        yield concept.id, concept.texts
    if len(concept.notes) > 1:
        yield f"notes/{concept.id}", concept.notes


def check_taxonomy(
    taxonomy: Taxonomy, accepted: Accepted, *, memo: MemoryCache | None = None
) -> tuple[Diagnostic, ...]:
    """Report what has no text in a language, what has changed since it was translated, and terms with two renderings."""
    return (
        *_untranslated(taxonomy, memo or MemoryCache()),
        *_stale(taxonomy, accepted),
        *check_renderings(taxonomy),
    )


def _untranslated(taxonomy: Taxonomy, memo: MemoryCache) -> Iterator[Diagnostic]:
    for lang in taxonomy.languages:
        with memo.generation("translated concepts", lang) as recall:
            has_text = methodcaller("is_translated", lang)
            missing = [concept for concept in taxonomy.concepts.values() if not recall.of(concept, has_text)]
        if lang not in taxonomy.prefaces:
            if missing and taxonomy.prefaces:
                source = next(iter(taxonomy.prefaces.values())).source
                name = (
                    source.path.rsplit("/", 1)[-1]
                    .removesuffix(".md")
                    .removesuffix(f".{taxonomy.languages[0]}")
                )
                yield Diagnostic(
                    "DL501",
                    f"{_count(missing)} no text in `{lang}`: there is no outline in that language",
                    f"write {name}.{lang}.md beside it; until then pages show the other language",
                    source,
                    source.line_span(1),
                )
            continue
        if len(missing) > 1 and not any(concept.definition(lang) for concept in taxonomy.concepts.values()):
            source = taxonomy.prefaces[lang].source
            yield Diagnostic(
                "DL501",
                f"{_count(missing)} no text in `{lang}`: nothing is translated yet",
                "write below the headings of this outline; until then pages show the other language",
                source,
                source.line_span(1),
            )
            continue
        for concept in missing:
            texts: tuple[Text | Note, ...] = (*concept.texts.values(), *concept.notes.values())
            place = taxonomy.place_of(texts[0]) if texts else None
            yield Diagnostic(
                "DL501",
                f"`{concept.id}` has no text in `{lang}`",
                "translate it, under the same id",
                place and place[0],
                place and place[1],
                path=concept.source[0],
            )


def _count(missing: Sequence[Concept]) -> str:
    return "1 concept has" if len(missing) == 1 else f"{len(missing)} concepts have"


def _stale(taxonomy: Taxonomy, accepted: Accepted) -> Iterator[Diagnostic]:
    for key, source, text in _translations(taxonomy):
        if accepted.get((text.lang, key), source.digest) != source.digest:
            yield Diagnostic(
                "DL502",
                f"`{key}` has changed in `{taxonomy.languages[0]}` since it was translated into `{text.lang}`",
                "bring the translation up to date, then: dlmap check --accept-translations",
                *taxonomy.place_of(text),
            )
