"""The registry: facts on named methods, and further names of any concept, once for all languages (`content/methods.yml`)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from dlmap.cache import Cache, Codec, Key, Task, record_codec
from dlmap.markdown.frontmatter import unknown_key
from dlmap.markdown.rules_core import link_problem
from dlmap.taxonomy.kinds import NAMED
from dlmap.taxonomy.names import ID_PATTERN, MAX_ID_LENGTH, name_key
from dlmap.taxonomy.registry_entry import Paper, RegistryEntry
from dlmap.taxonomy.relations import check_relations
from dlmap.text import Diagnostic, LocalDiagnostic, SourceChunk, SourceFile, Span
from dlmap.text.strict_yaml import YamlMapping, YamlNode, YamlScalar, YamlSequence, as_integer, parse_yaml

_KEYS = frozenset(
    {
        *("name", "kind", "series", "expansion", "aliases", "year"),
        *("paper", "authors", "venue", "summary", "based_on", "needs", "confidence"),
    }
)
_KINDS = (*(kind.value for kind in NAMED), "term")
_OF_SECTIONS = frozenset({"aliases", "needs"})
"""What may be said of a concept that the outline names by a heading."""
_CONFIDENCES = ("high", "medium", "low")
_YEARS = range(1600, 2200)
_ENTRY = re.compile(r"[A-Za-z0-9]")
_BEFORE_ENTRY = re.compile(rf"\n(?={_ENTRY.pattern})")
_WHOLE_ONLY = re.compile(r"^(?:---|\.\.\.|%)", re.MULTILINE)
"""The marks of documents and directives: what stands behind one is not read as what stands before it."""


@dataclass(frozen=True, slots=True)
class Registry:
    """All entries, found by id or by name."""

    entries: dict[str, RegistryEntry] = field(default_factory=dict)
    source: SourceFile | None = None
    _by_name: dict[str, tuple[RegistryEntry, ...]] = field(default_factory=dict)

    def fact(self, entry_id: str) -> RegistryEntry | None:
        """The entry of a method, metric or term."""
        entry = self.entries.get(entry_id)
        return entry if entry and entry.name else None

    def named(self, name: str) -> tuple[RegistryEntry, ...]:
        """The entries of that name; by alias only where no entry has it as its name."""
        return self._by_name.get(name_key(name), ())

    def without(self, ids: Collection[str]) -> Registry:
        """The registry without the entries of those ids; this very one where it has none of them."""
        if self.entries.keys().isdisjoint(ids):
            return self
        entries = {entry_id: entry for entry_id, entry in self.entries.items() if entry_id not in ids}
        return Registry(entries, self.source, _index(entries))


def read_registry(
    source: SourceFile | None, languages: tuple[str, ...], *, cache: Cache | None = None
) -> tuple[Registry, tuple[Diagnostic, ...]]:
    """Read `methods.yml`: a mapping from ids to facts.  A broken entry is reported and left out."""
    cache = cache or Cache.open(None)
    with cache.memory.generation("registry") as memory:
        return memory((source, languages), lambda: _read(source, languages, cache))


def _read(
    source: SourceFile | None, languages: tuple[str, ...], cache: Cache
) -> tuple[Registry, tuple[Diagnostic, ...]]:
    if source is None:
        return Registry(), ()
    begins = _passages(source.text)
    parts = cache.map(_PARTS, [_PartText(each, languages) for each in begins])
    keys = Counter(key for part in parts if part for key in part.keys)
    if None in parts or keys.total() > len(keys):
        # What is wrong shows only in the whole text.
        node, diagnostics = parse_yaml(source, Span(0, len(source.text)))
        if node is None:
            return Registry(source=source), diagnostics
        parts, begins = [_read_mapping(node, source, languages)], {}
    known = replace(source, passages=begins)
    read = [part for part in parts if part]
    entries = {entry.id: entry for part in read for entry in part.entries}
    problems = (*(problem for part in read for problem in part.problems), *check_relations(entries))
    return Registry(entries, known, _index(entries)), tuple(problem.at(known) for problem in problems)


class _Part(NamedTuple):
    """What a passage of the registry says."""

    keys: tuple[str, ...]
    entries: tuple[RegistryEntry, ...]
    problems: tuple[LocalDiagnostic, ...]


class _PartText(NamedTuple):
    """A passage of the registry, and the languages of the site."""

    passage: SourceChunk
    languages: tuple[str, ...]

    @property
    def key(self) -> Key:
        options = f"{self.passage.number} {' '.join(self.languages)}"
        return (options.encode(), self.passage.text.encode("utf-8", "surrogatepass"))


def _in_passage(part: _Part, passage: SourceChunk | None) -> _Part:
    """The same with its spans in a passage; in rows they are in none."""
    entries = (replace(each, span=each.span._replace(passage=passage)) for each in part.entries)
    problems = (replace(each, span=each.span._replace(passage=passage)) for each in part.problems)
    return _Part(part.keys, tuple(entries), tuple(problems))


def _parts(texts: Sequence[_PartText]) -> Iterator[_Part | None]:
    return (_read_passage(text.passage, text.languages) for text in texts)


_ROWS: Codec[_PartText, _Part] = record_codec(_Part)
_PARTS: Task[_PartText, _Part | None] = Task(
    "registry entry",
    "dlmap.taxonomy.registry",
    lambda text: text.key,
    Codec(
        lambda part: _ROWS.encode(_in_passage(part, None)) if part else b"",
        lambda row, text: _in_passage(_ROWS.decode(row, text), text.passage),
    ),
    _parts,
    is_lasting=lambda _, part: part is not None,
    in_memory=True,
)


def _passages(text: str) -> dict[SourceChunk, int]:
    """The passages of a registry with their beginnings: each entry, as nothing else begins a line with a word.

    A value in quotes or brackets may do so as well, but then no passage can be read that holds a part of it.
    """
    if _WHOLE_ONLY.search(text):
        return {SourceChunk(text, 0): 0}
    cuts = [0, *(match.end() for match in _BEFORE_ENTRY.finditer(text)), len(text)]
    passages: dict[SourceChunk, int] = {}
    numbers: Counter[str] = Counter()
    for begin, end in pairwise(cuts):
        stretch = text[begin:end]
        passages[SourceChunk(stretch, numbers[stretch])] = begin
        numbers[stretch] += 1
    return passages


def _read_passage(passage: SourceChunk, languages: tuple[str, ...]) -> _Part | None:
    """What a passage says; None where it cannot be read by itself."""
    source = SourceFile("", passage.text)
    node, diagnostics = parse_yaml(source, Span(0, len(passage.text)))
    if node is None and not diagnostics:
        return _Part((), (), ())  # comments
    if not isinstance(node, YamlMapping) or not _ENTRY.match(passage.text):
        return None
    return _read_mapping(node, source, languages, passage)


def _read_mapping(
    node: YamlNode, source: SourceFile, languages: tuple[str, ...], passage: SourceChunk | None = None
) -> _Part:
    reader = _Reader(source, languages, passage)
    if not isinstance(node, YamlMapping):
        reader.refuse(
            node.span, "the registry is not a mapping of keys to values", "write `id:` and the facts under it"
        )
        return _Part((), (), tuple(reader.problems))
    entries = tuple(entry for key, value in node.items if (entry := reader.entry(key, value)))
    return _Part(tuple(key.text for key, _ in node.items), entries, tuple(reader.problems))


def _index(entries: dict[str, RegistryEntry]) -> dict[str, tuple[RegistryEntry, ...]]:
    names: dict[str, list[RegistryEntry]] = defaultdict(list)
    aliases: dict[str, list[RegistryEntry]] = defaultdict(list)
    for entry in entries.values():
        if not entry.name:
            continue
        names[name_key(entry.name)].append(entry)
        for alias in entry.aliases:
            aliases[name_key(alias)].append(entry)
    return {key: tuple(found) for key, found in (aliases | names).items()}


class _Reader:
    def __init__(self, source: SourceFile, languages: tuple[str, ...], passage: SourceChunk | None) -> None:
        self.source = source
        self.languages = languages
        self.passage = passage
        self.problems: list[LocalDiagnostic] = []

    def report(self, code: str, message: str, help: str, span: Span) -> None:
        self.problems.append(LocalDiagnostic(code, message, help, span._replace(passage=self.passage)))

    def refuse(self, span: Span, message: str, help: str) -> None:
        self.report("DL601", message, help, span)

    def entry(self, key: YamlScalar, node: YamlNode) -> RegistryEntry | None:
        if not ID_PATTERN.fullmatch(key.text):
            self.refuse(
                key.span,
                f"`{key.text}` cannot be an id",
                f"use lower-case ASCII words joined by hyphens, at most {MAX_ID_LENGTH} characters",
            )
            return None
        if not isinstance(node, YamlMapping):
            self.refuse(node.span, f"`{key.text}` has no facts", "write at least `name: …` under it")
            return None
        values = {k.text: v for k, v in node.items}
        for k, _ in node.items:
            if k.text not in _KEYS:
                unknown = unknown_key(self.source, k, _KEYS)
                self.report(unknown.code, unknown.message, unknown.help, k.span)
        name = self.text(values.get("name"), "name")
        if not name and (not values or values.keys() - _OF_SECTIONS):
            self.refuse(key.span, f"`{key.text}` has no name", "add `name: …`")
            return None
        return RegistryEntry(
            id=key.text,
            name=name,
            span=key.span._replace(passage=self.passage),
            kind=self.choice(values.get("kind"), "kind", _KINDS),
            expansion=self.text(values.get("expansion"), "expansion"),
            aliases=self.texts(values.get("aliases"), "aliases"),
            year=self.year(values.get("year")),
            paper=self.paper(values.get("paper"), values.get("authors"), values.get("venue")),
            summary=self.summary(values.get("summary")),
            based_on=self.texts(values.get("based_on"), "based_on"),
            needs=self.texts(values.get("needs"), "needs"),
            series=self.text(values.get("series"), "series"),
            confidence=self.choice(values.get("confidence"), "confidence", _CONFIDENCES),
        )

    def text(self, node: YamlNode | None, key: str) -> str:
        """Text; here a plain number is its digits, for no key but `year` wants a number."""
        if node is None:
            return ""
        if not isinstance(node, YamlScalar):
            self.refuse(node.span, f"`{key}` must be text", f"write `{key}: …`")
            return ""
        return "" if node.is_null else node.text.strip()

    def texts(self, node: YamlNode | None, key: str) -> tuple[str, ...]:
        if node is None:
            return ()
        if not isinstance(node, YamlSequence):
            self.refuse(node.span, f"`{key}` must be a list", f"write `{key}: [one, two]`")
            return ()
        return tuple(filter(None, (self.text(item, key) for item in node.items)))

    def choice(self, node: YamlNode | None, key: str, choices: tuple[str, ...]) -> str:
        text = self.text(node, key)
        if text and text not in choices and node is not None:
            self.refuse(node.span, f"`{key}` cannot be `{text}`", f"use one of: {', '.join(choices)}")
        return text if text in choices else choices[0]

    def year(self, node: YamlNode | None) -> int | None:
        if node is None or (isinstance(node, YamlScalar) and node.is_null):
            return None
        year = as_integer(node) if isinstance(node, YamlScalar) else None
        if year is None or year not in _YEARS:
            self.refuse(node.span, "`year` must be a year", "write year: 2017")
            return None
        return year

    def paper(
        self, node: YamlNode | None, authors_node: YamlNode | None, venue_node: YamlNode | None
    ) -> Paper | None:
        authors, venue = self.texts(authors_node, "authors"), self.text(venue_node, "venue")
        if node is None:
            if at := authors_node or venue_node:
                self.refuse(at.span, "authors or a venue without a paper", "add `paper: {title: …}`")
            return None
        values = {k.text: v for k, v in node.items} if isinstance(node, YamlMapping) else {}
        title, url = self.text(values.get("title"), "title"), self.text(values.get("url"), "url")
        if not title:
            self.refuse(node.span, "`paper` needs a title", "write `paper: {title: …, url: …}`")
            return None
        if url and (link_problem(url) or not url.startswith(("http://", "https://"))):
            self.report("DL303", f"the address `{url[:60]}` is not allowed", "use http or https", node.span)
            url = ""
        return Paper(title, url, authors, venue)

    def summary(self, node: YamlNode | None) -> dict[str, str]:
        if node is None:
            return {}
        if not isinstance(node, YamlMapping):
            self.refuse(node.span, "`summary` needs its languages", "write `summary: {zh: …, en: …}`")
            return {}
        for key, _ in node.items:
            if key.text not in self.languages:
                self.refuse(
                    key.span,
                    f"`summary` has a language that the site does not have: `{key.text}`",
                    f"the site's languages are {', '.join(self.languages)}",
                )
        return {key.text: text for key, value in node.items if (text := self.text(value, key.text))}
