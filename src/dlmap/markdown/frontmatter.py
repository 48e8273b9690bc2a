"""Front matter: the head of a post, YAML or TOML, read strictly."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from dlmap.markdown.toml_head import parse_toml
from dlmap.text import Diagnostic, SourceFile, Span
from dlmap.text.strict_yaml import (
    YamlMapping,
    YamlNode,
    YamlScalar,
    YamlSequence,
    as_boolean,
    as_date,
    parse_yaml,
)

MAX_CHARS = 64 * 1024
_FENCE = re.compile(r"(---|\+\+\+)[ \t]*\n")
_END_OF_YAML = re.compile(r"^(---|\.\.\.)[ \t]*(\n|\Z)", re.MULTILINE)
_END_OF_TOML = re.compile(r"^(\+\+\+)[ \t]*(\n|\Z)", re.MULTILINE)
_SECOND = re.compile(
    r"\s*^(\+\+\+|---)[ \t]*\n(?:[ \t]*[\w-]+[ \t]*[=:][^\n]*\n|[ \t]*\n|#[^\n]*\n)+?\1[ \t]*(?:\n|\Z)",
    re.MULTILINE,
)
_NUMBER_OR_DAY = re.compile(r"[-+]?[\d.]+|\d{4}[-/]\d\d?[-/]\d\d?")
"""What YAML reads as a number or a day, and an author may well mean as text: a tag `2024`."""
_CLOCK = re.compile(r"[T ](\d\d?):(\d\d)(?::(\d\d))?")
_SAYS_DRAFT = re.compile(r"^\s*(?:draft\s*[=:]\s*true|published\s*[=:]\s*false)\b", re.MULTILINE)
_TEXT_KEYS = (
    "layout",
    "title",
    "subtitle",
    "author",
    "cover",
    "permalink",
    "lang",
    "slug",
    "description",
    "excerpt",
    "nav",
)
_LIST_KEYS = ("tags", "categories", "category", "aliases", "redirect_from", "include")
_DATE_KEYS = ("date", "lastmod", "updated", "last_modified_at")
_FLAG_KEYS = ("draft", "published", "math", "mathjax", "toc", "comments", "pin", "katex")
NAV = ("bar", "footer")
"""Where a page of the site's own can be linked from on every page."""
KNOWN_KEYS = frozenset((*_TEXT_KEYS, *_LIST_KEYS, *_DATE_KEYS, *_FLAG_KEYS))


class Include(NamedTuple):
    """A file that an outline goes on in."""

    path: str
    """As it is written: relative to the outline."""
    span: Span


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the head of a post says."""

    span: Span = Span(0, 0)
    """The head with both its fences."""
    layout: str | None = None
    title: str | None = None
    author: str | None = None
    description: str | None = None
    date: datetime.date | None = None
    time: str = ""
    """The time of that day as it is written, `HH:MM:SS`; empty without one."""
    lang: str | None = None
    slug: str | None = None
    permalink: str | None = None
    nav: str | None = None
    """One of `NAV`."""
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    draft: bool = False
    include: tuple[Include, ...] = ()
    """The files that an outline goes on in, in order."""
    spans: dict[str, Span] = field(default_factory=dict, compare=False)
    """Where each key's value stands."""


def read_front_matter(source: SourceFile) -> tuple[FrontMatter, tuple[Diagnostic, ...]]:
    """Read the head of a post; a post without one has an empty head."""
    fence = _FENCE.match(source.text)
    if fence is None:
        return FrontMatter(), ()
    body_start = fence.end()
    is_toml = fence[1] == "+++"
    close = (_END_OF_TOML if is_toml else _END_OF_YAML).search(source.text, body_start)
    if close is None:
        return FrontMatter(Span(0, body_start)), (
            Diagnostic(
                "DL101",
                "the front matter is not closed",
                f"end it with a line `{fence[1]}`",
                source,
                Span(0, 3),
            ),
        )
    whole, inner = Span(0, close.end()), Span(body_start, close.start())
    if inner.end - inner.start > MAX_CHARS:
        message = f"the front matter is longer than {MAX_CHARS:,} characters"
        return FrontMatter(whole), (
            Diagnostic("DL108", message, "move long texts into the post", source, Span(0, 3)),
        )
    node, diagnostics = parse_toml(source, inner) if is_toml else parse_yaml(source, inner)
    if node is None:
        return FrontMatter(whole), diagnostics
    if not isinstance(node, YamlMapping):
        return FrontMatter(whole), (
            Diagnostic(
                "DL106",
                "the front matter is not a mapping of keys to values",
                "write `key: value`",
                source,
                node.span,
            ),
        )
    reader = _Reader(source)
    front = reader.front(whole, node)
    if second := _SECOND.match(source.text, whole.end):
        reader.diagnostics.append(
            Diagnostic(
                "DL112",
                "a second front matter follows the first; it is shown as text",
                "keep one of them, and move its keys there",
                source,
                Span(second.start(1), second.end(1)),
            )
        )
        front = replace(front, draft=front.draft or _SAYS_DRAFT.search(second[0]) is not None)
    return front, tuple(reader.diagnostics)


class _Reader:
    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def front(self, span: Span, node: YamlMapping) -> FrontMatter:
        values: dict[str, YamlNode] = {}
        for key, value in node.items:
            if key.text not in KNOWN_KEYS:
                self.diagnostics.append(unknown_key(self.source, key, KNOWN_KEYS))
            values[key.text] = value
        draft = bool(self.flag(values.get("draft"), "draft"))
        published = self.flag(values.get("published"), "published")
        return FrontMatter(
            span=span,
            layout=self.text(values.get("layout"), "layout"),
            title=self.text(values.get("title"), "title"),
            author=self.author(values.get("author")),
            description=self.text(values.get("description"), "description")
            or self.text(values.get("excerpt"), "excerpt"),
            date=self.date(values.get("date")),
            time=_time(values.get("date")),
            lang=self.language(values.get("lang")),
            slug=self.text(values.get("slug"), "slug"),
            permalink=self.text(values.get("permalink"), "permalink"),
            nav=self.nav(values.get("nav")),
            tags=tuple(self.texts(values.get("tags"), "tags")),
            aliases=tuple(
                alias for key in ("aliases", "redirect_from") for alias in self.texts(values.get(key), key)
            ),
            draft=draft or published is False,
            include=tuple(self.includes(values.get("include"))),
            spans={key.text: value.span for key, value in node.items},
        )

    def author(self, node: YamlNode | None) -> str | None:
        """The name of the author, who may be a table with a `name` or a list of authors."""
        if isinstance(node, YamlMapping):
            return next((self.author(value) for key, value in node.items if key.text == "name"), None)
        if isinstance(node, YamlSequence):
            return ", ".join(filter(None, map(self.author, node.items))) or None
        return self.text(node, "author")

    def wrong(self, node: YamlNode, key: str, want: str, help: str) -> None:
        self.diagnostics.append(Diagnostic("DL106", f"`{key}` must be {want}", help, self.source, node.span))

    def text(self, node: YamlNode | None, key: str, *, is_tag: bool = False) -> str | None:
        if node is None or (isinstance(node, YamlScalar) and node.is_null):
            return None
        if not isinstance(node, YamlScalar):
            self.wrong(node, key, "text", f'write {key}: "…"')
            return None
        if not node.is_text and not (is_tag and _NUMBER_OR_DAY.fullmatch(node.text)):
            self.wrong(
                node, key, "text", f'YAML does not read `{node.text}` as text; quote it: {key}: "{node.text}"'
            )
            return None
        if hidden := re.search("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", node.text):
            self.diagnostics.append(
                Diagnostic(
                    "DL110",
                    f"`{key}` holds the invisible character U+{ord(hidden.group()):04X}",
                    "remove it",
                    self.source,
                    node.span,
                )
            )
        return node.text

    def language(self, node: YamlNode | None) -> str | None:
        """The language of a BCP 47 tag, without its script and region: `zh-Hans-CN` is `zh`."""
        tag = self.text(node, "lang")
        return tag and re.split("[-_]", tag, maxsplit=1)[0].lower()

    def nav(self, node: YamlNode | None) -> str | None:
        value = self.text(node, "nav")
        if node is None or value is None or value in NAV:
            return value
        self.wrong(node, "nav", " or ".join(f"`{place}`" for place in NAV), f"write nav: {NAV[0]}")
        return None

    def texts(self, node: YamlNode | None, key: str) -> Iterator[str]:
        """A list of words; Jekyll takes a bare string for a list of one (or of words)."""
        if isinstance(node, YamlSequence):
            for item in node.items:
                text = self.text(item, key, is_tag=True)
                if text:
                    yield text
        elif node is not None and (text := self.text(node, key, is_tag=True)):
            yield text

    def includes(self, node: YamlNode | None) -> Iterator[Include]:
        items = node.items if isinstance(node, YamlSequence) else [node] if node else []
        for item in items:
            if path := self.text(item, "include"):
                yield Include(path, item.span)

    def flag(self, node: YamlNode | None, key: str) -> bool | None:
        if node is None or (isinstance(node, YamlScalar) and node.is_null):
            return None
        value = as_boolean(node) if isinstance(node, YamlScalar) else None
        if value is None:
            self.wrong(node, key, "true or false", f"write {key}: true")
        return value

    def date(self, node: YamlNode | None) -> datetime.date | None:
        if node is None or (isinstance(node, YamlScalar) and node.is_null):
            return None
        value = as_date(node) if isinstance(node, YamlScalar) else None
        if value is None:
            self.wrong(node, "date", "a day of the calendar", "write date: 2026-01-31")
        return value


def _time(node: YamlNode | None) -> str:
    match = _CLOCK.search(node.text) if isinstance(node, YamlScalar) else None
    return f"{match[1]:0>2}:{match[2]}:{match[3] or '00'}" if match else ""


def unknown_key(source: SourceFile, key: YamlScalar, known: frozenset[str]) -> Diagnostic:
    """The warning on a key nobody reads, with the nearest known one."""
    near = difflib.get_close_matches(key.text, sorted(known), 1)
    help = f"did you mean `{near[0]}`?" if near else f"known keys: {', '.join(sorted(known))}"
    return Diagnostic("DL109", f"unknown key `{key.text}`", help, source, key.span)
