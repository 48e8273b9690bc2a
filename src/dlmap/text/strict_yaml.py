"""A small, strict YAML: mappings, sequences and scalars with positions, without surprises.

PyYAML's `safe_load` keeps the last of two equal keys, reads `no` as false and `1.10` as a number, expands
aliases without bound and raises errors that are no `YAMLError`.  So this module takes PyYAML's events only
and builds its own nodes: no aliases, no tags, no duplicate keys, bounded depth.  The reader of each key
decides the type of its scalar.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import yaml

from dlmap.text.diagnostic import Diagnostic
from dlmap.text.source import SourceFile
from dlmap.text.span import Span

MAX_DEPTH = 16
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_DIGITS = 18
# Unquoted scalars that YAML 1.1 does not read as text.
_NOT_TEXT = re.compile(
    r"""(?xi) ~ | null | true | false | yes | no | on | off
    | [-+]?[0-9][0-9_,]*(\.[0-9_]*)?([e][-+]?[0-9]+)? | [-+]?\.[0-9_]+ | 0x[0-9a-f_]+ | 0o?[0-7_]+
    | [-+]?\.(inf|nan) | [-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)? | \d{4}-\d\d?-\d\d?([Tt ].*)?"""
)
# What YAML does not allow in a document, and pages do not in what YAML's escapes stand for; half a surrogate pair
# would make libyaml's binding raise besides.
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Mark(Protocol):
    """A position in a YAML text, as both parsers of PyYAML give it."""

    @property
    def index(self) -> int: ...


@dataclass(frozen=True, slots=True)
class YamlScalar:
    """A scalar as written; `plain` means unquoted."""

    text: str
    plain: bool
    span: Span

    @property
    def is_null(self) -> bool:
        """Whether it is empty or one of YAML's spellings of null."""
        return self.plain and self.text in ("", "~", "null")

    @property
    def is_text(self) -> bool:
        """Whether every YAML parser reads it as text."""
        return not self.plain or not (self.text == "" or _NOT_TEXT.fullmatch(self.text))


@dataclass(frozen=True, slots=True)
class YamlSequence:
    """A list of nodes."""

    items: tuple[YamlNode, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class YamlMapping:
    """Keys with their spans and values, in the order of the file."""

    items: tuple[tuple[YamlScalar, YamlNode], ...]
    span: Span


YamlNode = YamlScalar | YamlSequence | YamlMapping


class _Refusal(Exception):  # noqa: N818 - not an error of the program: it ends the parsing of one document
    """Carries the diagnostic that ends the parsing."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def parse_yaml(source: SourceFile, span: Span) -> tuple[YamlNode | None, tuple[Diagnostic, ...]]:
    """Parse the single YAML document in `span` of `source`."""
    builder = _Builder(source, span)
    try:
        return builder.document(), ()
    except _Refusal as refusal:
        return None, (refusal.diagnostic,)


class _Builder:
    def __init__(self, source: SourceFile, span: Span, is_prefix: bool = False) -> None:
        self.source = source
        self.is_prefix = is_prefix
        self.start = span.start
        self.text = source.text[span.start : span.end]

    def refusal(self, code: str, message: str, help: str, span: Span) -> _Refusal:
        return _Refusal(Diagnostic(code, message, help, self.source, span))

    def forbidden(self, character: str, span: Span) -> _Refusal:
        return self.refusal(
            "DL102", f"YAML: the character U+{ord(character):04X} is not allowed", "remove it", span
        )

    def document(self) -> YamlNode | None:
        if control := _CONTROL.search(self.text):
            raise self.forbidden(control.group(), self.character(self.start + control.start()))
        events = self.events()
        node: YamlNode | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    raise self.refusal(
                        "DL102", "holds two YAML documents", "keep one", self.event_span(event)
                    )
                node = self.node(next(events), events, 1)
        return node

    def events(self) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(self.text, Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.check_up_to(self.offset(mark))
            problem = (error.problem or str(error)).rstrip(".")
            at = self.character(self.offset(mark))
            help = _yaml_help(problem, self.source.text[at.start : at.end])
            raise self.refusal("DL102", f"YAML: {problem}", help, at) from None
        except yaml.YAMLError as error:
            raise self.refusal("DL102", f"YAML: {error}", _yaml_help(), self.character(self.start)) from None

    def check_up_to(self, offset: int) -> None:
        """Raise what dlmap itself refuses before `offset`, where the library found an error.

        The library's scanner reads ahead of its events, so a limit of its own (a depth of 1,000 since PyYAML 6.0.4)
        may answer before the check of an event that comes first in the file.  The prefix may cut its last token, so
        only the depth of that one counts.
        """
        if self.is_prefix or offset >= self.start + len(self.text):
            return
        try:
            _Builder(self.source, Span(self.start, offset), is_prefix=True).document()
        except _Refusal as refusal:
            code, span = refusal.diagnostic.code, refusal.diagnostic.span
            if code == "DL105" or (code != "DL102" and span and span.end < offset):
                raise

    def offset(self, mark: _Mark | None) -> int:
        # Not by line: YAML has more line-end characters than Markdown.
        return self.start + mark.index if mark else self.start

    def character(self, offset: int) -> Span:
        """The one character at `offset`; at the end of the text, nothing."""
        return Span(offset, min(offset + 1, max(offset, self.start + len(self.text))))

    def event_span(self, event: yaml.Event) -> Span:
        start = self.offset(event.start_mark)
        written = self.source.text[start : self.offset(event.end_mark)]
        # YAML ends a block where the next node begins.
        return Span(start, start + len(written.rstrip()))

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> YamlNode:
        span = self.event_span(event)
        self.check_event(event, span)
        if depth > MAX_DEPTH:
            raise self.refusal("DL105", f"YAML is nested deeper than {MAX_DEPTH} levels", "flatten it", span)
        if isinstance(event, yaml.ScalarEvent):
            if control := _CONTROL.search(event.value):
                raise self.forbidden(control.group(), span)
            # The style of a plain scalar is "" in libyaml's binding, and None in PyYAML's own parser.
            return YamlScalar(event.value, not event.style, span)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                items.append(self.node(item, events, depth + 1))
            return YamlSequence(tuple(items), self.upto(span, item))
        return self.mapping(span, events, depth)

    def check_event(self, event: yaml.Event, span: Span) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.refusal(
                "DL104", "YAML anchors and aliases are not allowed", "write the value out", span
            )
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            raise self.refusal("DL107", f"YAML tag `{tag}` is not allowed", "remove the tag", span)

    def mapping(self, span: Span, events: Iterator[yaml.Event], depth: int) -> YamlMapping:
        pairs: list[tuple[YamlScalar, YamlNode]] = []
        seen: set[str] = set()
        while not isinstance(item := next(events), yaml.MappingEndEvent):
            key = self.node(item, events, depth + 1)
            if not isinstance(key, YamlScalar):
                raise self.refusal("DL102", "a key must be a word", "write `key: value`", key.span)
            if key.plain and key.text == "<<":
                raise self.refusal("DL104", "YAML merge keys are not allowed", "write the keys out", key.span)
            if key.text in seen:
                raise self.refusal(
                    "DL103", f"the key `{key.text}` appears twice", "keep one of them", key.span
                )
            seen.add(key.text)
            pairs.append((key, self.node(next(events), events, depth + 1)))
        return YamlMapping(tuple(pairs), self.upto(span, item))

    def upto(self, span: Span, end: yaml.Event) -> Span:
        """From the start of a collection to its end event."""
        written = self.source.text[span.start : self.offset(end.end_mark)]
        return Span(span.start, span.start + len(written.rstrip()))


def _yaml_help(problem: str = "", char: str = "") -> str:
    if "mapping values are not allowed" in problem:
        return 'a value that holds `: ` wants quotes: title: "Foo: bar"'
    if char == "\t":
        return "indent with spaces, not with tabs"
    if "cannot start any token" in problem:
        return f'a value that begins with `{char}` wants quotes: title: "{char}…"'
    return "check quotes, colons and indentation"


def as_integer(scalar: YamlScalar) -> int | None:
    """The integer value of a decimal scalar of reasonable length."""
    if re.fullmatch(r"[-+]?[0-9]+", scalar.text) and len(scalar.text) <= _MAX_DIGITS:
        return int(scalar.text)
    return None


def as_boolean(scalar: YamlScalar) -> bool | None:
    """The truth value of a plain `true` or `false`; YAML 1.1's `yes` and `no` are none."""
    return {"true": True, "false": False}.get(scalar.text.lower()) if scalar.plain else None


def as_date(scalar: YamlScalar) -> datetime.date | None:
    """The calendar day that begins a date or a Jekyll time stamp."""
    match = re.fullmatch(r"(\d{4})([-/.])(\d\d?)\2(\d\d?)([T ].*)?", scalar.text.strip())
    try:
        return datetime.date(*map(int, match.group(1, 3, 4))) if match else None
    except ValueError:
        return None
