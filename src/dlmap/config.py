"""The site's settings: `dlmap.toml`, every key optional, every mistake with its place."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from dlmap.text import CATALOGUE, Diagnostic, Severity, SourceFile, Span

LANGUAGES = ("zh", "en")
"""The languages that the interface speaks."""
_SEVERITIES = tuple(severity.value for severity in Severity)


@dataclass(frozen=True, slots=True)
class Config:
    """What `dlmap.toml` says; see `docs/configuration.md`."""

    title: Mapping[str, str] = field(default_factory=dict)
    """By language; the key "" stands for all languages."""
    description: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    """Empty: the outline's language first, then the other ones."""
    base_url: str = ""
    """Where the site will stand, with a slash at the end; empty when that is not known."""
    origin: str = ""
    """The host of the author's own articles."""
    outline: str = ""
    flavor: str = ""
    repository: str = ""
    branch: str = "main"
    redirects: Mapping[str, str] = field(default_factory=dict)
    check: Mapping[str, Severity] = field(default_factory=dict)

    @property
    def base_path(self) -> str:
        """The path of `base_url`: `/` or `/repo/`."""
        return urlsplit(self.base_url).path or "/"


def normal_base_url(url: str) -> str | None:
    """`url` with a slash at its end, or None when it cannot be a base address."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        return None
    return url if url.endswith("/") else f"{url}/"


def read_config(source: SourceFile) -> tuple[Config, tuple[Diagnostic, ...]]:
    """Read `dlmap.toml`; with any diagnostic the configuration is not to be used."""
    try:
        table = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        start = len(source.text.rstrip())
        if place:
            start = source.line_start(int(place[1])) + int(place[2]) - 1
        message = re.sub(r"\s*\(at .*\)", "", str(error))
        return Config(), (
            Diagnostic(
                "DL901",
                f"TOML: {message[:1].lower()}{message[1:]}",
                "check quotes, brackets and commas",
                source,
                Span(start, start + 1),
            ),
        )
    reader = _Reader(source)
    return reader.config(table), tuple(reader.diagnostics)


class _Reader:
    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def config(self, table: dict[str, Any]) -> Config:
        known = list(Config.__dataclass_fields__)
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                help = f"did you mean `{near[0]}`?" if near else f"known keys: {', '.join(sorted(known))}"
                self.report("DL902", f"unknown key `{key}`", help, key)
        return Config(
            title=self.by_language(table, "title"),
            description=self.by_language(table, "description"),
            languages=self.languages(table),
            base_url=self.base_url(table),
            origin=self.origin(table),
            outline=self.text(table, "outline"),
            flavor=self.choice(table, "flavor", ("kramdown", "commonmark")),
            repository=self.address(table, "repository").rstrip("/"),
            branch=self.text(table, "branch") or "main",
            redirects=self.redirects(table),
            check=self.check(table),
        )

    def report(self, code: str, message: str, help: str, key: str) -> None:
        self.diagnostics.append(Diagnostic(code, message, help, self.source, self.place(key)))

    def place(self, key: str) -> Span:
        """Where a key stands.  tomllib tells no positions, but a key begins its line (or is a table's name)."""
        quoted = re.escape(key)
        match = re.search(
            rf"^[ \t]*\[?[ \t]*[\"']?({quoted})[\"']?[ \t]*[\].=]", self.source.text, re.MULTILINE
        )
        return Span(*match.span(1)) if match else self.source.line_span(1)

    def wrong(self, key: str, want: str, value: object) -> None:
        self.report("DL903", f"`{key}` must be {want}", f"it is {_kind(value)}", key)

    def text(self, table: dict[str, Any], key: str) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            self.wrong(key, "text", value)
            return ""
        return value

    def choice(self, table: dict[str, Any], key: str, choices: tuple[str, ...]) -> str:
        value = self.text(table, key)
        if value and value not in choices:
            self.report("DL904", f"`{key}` cannot be `{value}`", f"use one of: {', '.join(choices)}", key)
            return ""
        return value

    def address(self, table: dict[str, Any], key: str) -> str:
        value = self.text(table, key)
        if value and normal_base_url(value) is None:
            self.report("DL904", f"`{key}` is no web address: `{value}`", "write https://…", key)
            return ""
        return value

    def base_url(self, table: dict[str, Any]) -> str:
        value = self.address(table, "base_url")
        return normal_base_url(value) or "" if value else ""

    def origin(self, table: dict[str, Any]) -> str:
        """A host; an address stands for its host."""
        value = self.text(table, "origin")
        return (urlsplit(value).hostname or "" if "//" in value else value.split("/")[0]).lower()

    def by_language(self, table: dict[str, Any], key: str) -> dict[str, str]:
        value = table.get(key)
        if value is None:
            return {}
        if isinstance(value, str):
            return {"": value}
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            self.wrong(key, "text, or a table of texts by language", value)
            return {}
        return value

    def languages(self, table: dict[str, Any]) -> tuple[str, ...]:
        value = table.get("languages", [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong("languages", 'a list such as ["zh", "en"]', value)
            return ()
        for item in value:
            if item not in LANGUAGES:
                self.report(
                    "DL904",
                    f"the interface does not speak `{item}`",
                    f"languages: {', '.join(LANGUAGES)}",
                    "languages",
                )
        if len(set(value)) < len(value):
            self.report("DL904", "a language stands twice in `languages`", "name each once", "languages")
        return tuple(dict.fromkeys(item for item in value if item in LANGUAGES))

    def redirects(self, table: dict[str, Any]) -> dict[str, str]:
        value = table.get("redirects", {})
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            self.wrong("redirects", "a table of addresses", value)
            return {}
        for old in value:
            if not old.startswith("/") or ".." in old.split("/"):
                self.report("DL904", f"`{old}` is no path of this site", "begin it with `/`", old)
        return {old: new for old, new in value.items() if old.startswith("/") and ".." not in old.split("/")}

    def check(self, table: dict[str, Any]) -> dict[str, Severity]:
        value = table.get("check", {})
        if not isinstance(value, dict):
            self.wrong("check", "a table of codes", value)
            return {}
        made: dict[str, Severity] = {}
        for code, severity in value.items():
            if code not in CATALOGUE:
                near = difflib.get_close_matches(code, CATALOGUE, 1)
                help = f"did you mean `{near[0]}`?" if near else "see docs/codes/"
                self.report("DL904", f"there is no code `{code}`", help, code)
            elif severity not in _SEVERITIES:
                self.report(
                    "DL904", f"`{code}` cannot be `{severity}`", f"use one of: {', '.join(_SEVERITIES)}", code
                )
            else:
                made[code] = Severity(severity)
        return made


def _kind(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return names.get(type(value), f"of type {type(value).__name__}")
