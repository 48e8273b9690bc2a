"""The site's settings: `dlmap.toml`, every key optional, every mistake with its place."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from dlmap.text import CATALOGUE, Diagnostic, Severity, SourceFile, Span
from dlmap.text.source import CONTROL_CHARACTER

LANGUAGES = ("zh", "en")
"""The languages that the interface speaks."""
FLAVORS = ("kramdown", "commonmark")
_SEVERITIES = tuple(severity.value for severity in Severity)
EDITORS = {
    "cursor": "cursor://file/{file}:{line}:{column}",
    "idea": "idea://open?file={file}&line={line}&column={column}",
    "pycharm": "pycharm://open?file={file}&line={line}&column={column}",
    "sublime": "subl://open?url=file://{file}&line={line}&column={column}",
    "textmate": "txmt://open?url=file://{file}&line={line}&column={column}",
    "vscode": "vscode://file/{file}:{line}:{column}",
    "vscodium": "vscodium://file/{file}:{line}:{column}",
    "webstorm": "webstorm://open?file={file}&line={line}&column={column}",
    "windsurf": "windsurf://file/{file}:{line}:{column}",
    "zed": "zed://file/{file}:{line}:{column}",
}
"""The addresses by which editors open a file at a place."""
# Not the schemes that a browser itself follows: a link in the overlay shall open a program, not run or fetch anything.
_EDITOR = re.compile(
    r"(?!(?:https?|ftp|file|data|blob|about|javascript|vbscript|view-source|wss?|chrome):)"
    r"[a-z][a-z0-9+.-]*://(?:[^\s{}]|\{(?:file|line|column)\})+"
)
_HOST = re.compile(r"([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d+)?")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_BRANCH = re.compile(r"\w[\w.+@-]*(/\w[\w.+@-]*)*")
_LONGEST_NAME_BYTES = 250
"""File systems take names of 255 bytes; `.html` may be added to it."""
# What may stand in the path of an address without being encoded.
_PATH_SAFE = "/~!$&'()*+,;=@"


class SiteNotFoundError(Exception):
    """The path names nothing that a site can be built from; the message says what to do."""


class ConfigError(Exception):
    """The configuration cannot be used; carries its diagnostics."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics[0].message)
        self.diagnostics = diagnostics


class Alias(NamedTuple):
    """The id that a concept has instead of an old one, and where the old one stands."""

    id: str
    source: SourceFile
    span: Span


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
    domain: str = ""
    """The host name under which GitHub Pages shows the site; empty: the one that GitHub gives it."""
    origin: str = ""
    """The host of the author's own articles."""
    outline: str = ""
    articles: str = ""
    """The folder of the articles; empty: `content/articles`, else `_posts`."""
    remote_images: bool = False
    """Whether pages of articles show pictures from other hosts."""
    flavor: str = ""
    offline: bool = True
    """Whether readers' browsers keep what was read, to show it without a network."""
    repository: str = ""
    branch: str = "main"
    editor: str = ""
    """The address by which a preview opens a file in the writer's editor, with `{file}`, `{line}` and `{column}`."""
    redirects: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, Alias] = field(default_factory=dict)
    """By the id that a concept once had."""
    check: Mapping[str, Severity] = field(default_factory=dict)

    @property
    def base_path(self) -> str:
        """The path of `base_url`: `/` or `/repo/`."""
        return urlsplit(self.base_url).path or "/"


def normal_base_url(url: str) -> str | None:
    """`url` in ASCII and with a slash at its end, or None when it cannot be a base address."""
    try:
        parts = urlsplit(url)
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except ValueError:  # a host that is none, or brackets around something else than an IPv6 address
        return None
    segments = parts.path.strip("/").split("/")
    usable = parts.scheme in ("http", "https") and _HOST.fullmatch(host)
    if not usable or parts.query or parts.fragment or {".", ".."} & set(segments) or "" in segments[1:]:
        return None
    path = quote(unquote("/".join(segments)), safe=_PATH_SAFE)
    return f"{parts.scheme}://{host}/{path}/" if path else f"{parts.scheme}://{host}/"


def read_config(source: SourceFile) -> tuple[Config, tuple[Diagnostic, ...]]:
    """Read `dlmap.toml`; with any diagnostic the configuration is not to be used."""
    try:
        table = tomllib.loads(source.text)
    except (ValueError, RecursionError) as error:
        return Config(), (_syntax_error(source, error),)
    reader = _Reader(source)
    config = reader.config(table)
    return config, tuple(sorted(reader.diagnostics, key=Diagnostic.sort_key))


def _syntax_error(source: SourceFile, error: ValueError | RecursionError) -> Diagnostic:
    """tomllib tells the place in its message, and a value beyond Python's own limits by another exception."""
    place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    start = source.line_start(int(place[1])) + int(place[2]) - 1 if place else len(source.text.rstrip())
    words = re.sub(r"\s*\(at .*\)", "", str(error).splitlines()[0])
    if isinstance(error, RecursionError):
        start, words = 0, "arrays or tables are nested too deep"
    elif not isinstance(error, tomllib.TOMLDecodeError):
        start, words = 0, "a value is out of range"
    return Diagnostic(
        "DL901",
        f"TOML: {words[:1].lower()}{words[1:]}",
        "check quotes, brackets and commas",
        source,
        Span(start, start + len(source.text[start : start + 1].strip())),
    )


class _Reader:
    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def config(self, table: dict[str, Any]) -> Config:
        known = [each.name for each in fields(Config)]
        for key in table:
            if key not in known:
                help = _suggestion(key, known) or f"known keys: {', '.join(sorted(known))}"
                self.report("DL902", f"unknown key `{key}`", help, key)
        domain = self.domain(table)
        return Config(
            title=self.by_language(table, "title"),
            description=self.by_language(table, "description"),
            languages=self.languages(table),
            base_url=self.base_url(table, domain),
            domain=domain,
            origin=self.origin(table),
            outline=self.outline(table),
            articles=self.folder(table, "articles"),
            remote_images=self.flag(table, "remote_images"),
            flavor=self.choice(table, "flavor", FLAVORS),
            offline=self.flag(table, "offline", default=True),
            repository=self.address(table, "repository").rstrip("/"),
            branch=self.branch(table),
            editor=self.editor(table),
            redirects=self.redirects(table),
            aliases=self.aliases(table),
            check=self.check(table),
        )

    def report(self, code: str, message: str, help: str, *path: str) -> None:
        self.diagnostics.append(Diagnostic(code, message, help, self.source, self.place(*path)))

    def place(self, key: str, inner: str = "") -> Span:
        """Where a key stands, or a key inside of its table.  tomllib itself tells no positions."""
        text = self.source.text
        head = re.compile(r"^[ \t]*\[", re.MULTILINE).search(text)
        top = head.start() if head else len(text)
        header = re.compile(rf"^[ \t]*\[+[ \t]*({_written(key)})[ \t]*[\].]", re.MULTILINE).search(text)
        start, end = (header.end(), len(text)) if header else (0, top)
        outer = header or _line_with(key, rf"(?:\.[ \t]*{_written(inner)}[ \t]*)?=", text, 0, top)
        found = outer
        if inner and header:
            found = _line_with(inner, "=", text, start, end) or outer
        elif inner and outer:
            inline = re.compile(rf"(?<![\w-])({_written(inner)})[ \t]*=")
            found = inline.search(text, outer.end(1)) or outer
        return Span(*found.span(1)) if found else self.source.line_span(1)

    def wrong(self, want: str, example: str, value: object, *path: str) -> None:
        message = f"`{'.'.join(path)}` must be {want}, not {_kind(value)}"
        self.report("DL903", message, f"write {example}", *path)

    def refuse(self, message: str, help: str, *path: str) -> None:
        self.report("DL904", message, help, *path)

    def text(self, table: dict[str, Any], key: str) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            self.wrong("text", f'{key} = "…"', value, key)
            return ""
        return value

    def choice(self, table: dict[str, Any], key: str, choices: tuple[str, ...]) -> str:
        value = self.text(table, key)
        if value and value not in choices:
            self.refuse(f"`{key}` cannot be `{value}`", f"use one of: {', '.join(choices)}", key)
            return ""
        return value

    def address(self, table: dict[str, Any], key: str) -> str:
        value = self.text(table, key)
        normal = normal_base_url(value)
        if value and normal is None:
            self.refuse(f"`{key}` is no web address: `{value}`", "write https://…", key)
        return normal or ""

    def domain(self, table: dict[str, Any]) -> str:
        """A host name in ASCII, as DNS has it."""
        value = self.text(table, "domain")
        try:
            host = value.lower().encode("idna").decode()
        except UnicodeError:
            host = ""
        if value and not (_DOMAIN.fullmatch(host) and len(host) <= 253):
            self.refuse(
                f"`domain` is no host name: `{value}`", "write the name alone: map.example.org", "domain"
            )
            return ""
        return host

    def base_url(self, table: dict[str, Any], domain: str) -> str:
        """Where a site with a domain of its own stands is told by that."""
        written = self.address(table, "base_url")
        if domain and written and urlsplit(written).netloc != domain:
            self.refuse(
                f"`base_url` names another host than `domain`: `{written}`",
                f'write base_url = "https://{domain}/", or leave it out',
                "base_url",
            )
        return written or (f"https://{domain}/" if domain else "")

    def origin(self, table: dict[str, Any]) -> str:
        """A host; an address stands for its host."""
        value = self.text(table, "origin")
        host = re.sub(r"^https?://", "", value.lower()).split("/")[0]
        if value and not _HOST.fullmatch(host):
            self.refuse(f"`origin` is no host: `{value}`", "write the host alone: blog.example.org", "origin")
            return ""
        return host

    def outline(self, table: dict[str, Any]) -> str:
        value = self.text(table, "outline")
        # A drive or a root would make the folder of the site nothing but a prefix that is dropped.
        if value and (re.match(r"[A-Za-z]:|[/\\]", value) or ".." in re.split(r"[/\\]", value)):
            self.refuse(
                f"`outline` leads out of the site: `{value}`", "write a path inside the folder", "outline"
            )
            return ""
        if value and not value.endswith(".md"):
            self.refuse(
                f"`outline` names no Markdown file: `{value}`",
                "let it end with .md: content/map.md",
                "outline",
            )
            return ""
        return value

    def folder(self, table: dict[str, Any], key: str) -> str:
        value = self.text(table, key)
        if value and (re.match(r"[A-Za-z]:|[/\\]", value) or ".." in re.split(r"[/\\]", value)):
            self.refuse(f"`{key}` leads out of the site: `{value}`", "write a path inside the folder", key)
            return ""
        return value.rstrip("/")

    def flag(self, table: dict[str, Any], key: str, *, default: bool = False) -> bool:
        value = table.get(key, default)
        if not isinstance(value, bool):
            self.wrong("true or false", f"{key} = {str(not default).lower()}", value, key)
            return default
        return value

    def branch(self, table: dict[str, Any]) -> str:
        value = self.text(table, "branch") or "main"
        if not _BRANCH.fullmatch(value):
            self.refuse(f"`branch` cannot be `{value}`", "write the name of a branch: main", "branch")
        return value

    def editor(self, table: dict[str, Any]) -> str:
        value = self.text(table, "editor")
        address = EDITORS.get(value, value)
        if value and not ("{file}" in address and _EDITOR.fullmatch(address)):
            self.refuse(
                f"`editor` cannot be `{value}`",
                f"write one of {', '.join(EDITORS)}, or an address: idea://open?file={{file}}&line={{line}}",
                "editor",
            )
            return ""
        return address

    def by_language(self, table: dict[str, Any], key: str) -> dict[str, str]:
        value = table.get(key, {})
        if isinstance(value, str):
            self.check_shown(value, key)
            return {"": value} if value else {}
        if not isinstance(value, dict):
            self.wrong("text, or a table of texts by language", f'{key} = "…"', value, key)
            return {}
        for lang, text in value.items():
            if lang not in LANGUAGES:
                self.refuse(
                    f"the interface does not speak `{lang}`", f"languages: {', '.join(LANGUAGES)}", key, lang
                )
            elif not isinstance(text, str):
                self.wrong("text", f'{lang} = "…"', text, key, lang)
            else:
                self.check_shown(text, key, lang)
        return {lang: text for lang, text in value.items() if isinstance(text, str)}

    def check_shown(self, text: str, *path: str) -> None:
        """An escape may stand for what no page can show; written as itself it is no TOML."""
        if control := CONTROL_CHARACTER.search(text):
            self.refuse(
                f"`{'.'.join(path)}` holds the control character U+{ord(control.group()):04X}",
                "remove it",
                *path,
            )

    def languages(self, table: dict[str, Any]) -> tuple[str, ...]:
        value = table.get("languages", [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong("a list of languages", 'languages = ["zh", "en"]', value, "languages")
            return ()
        for item in value:
            if item not in LANGUAGES:
                self.refuse(
                    f"the interface does not speak `{item}`",
                    f"languages: {', '.join(LANGUAGES)}",
                    "languages",
                )
        if len(set(value)) < len(value):
            self.refuse("a language stands twice in `languages`", "name each once", "languages")
        return tuple(dict.fromkeys(item for item in value if item in LANGUAGES))

    def redirects(self, table: dict[str, Any]) -> dict[str, str]:
        value = table.get("redirects", {})
        if not isinstance(value, dict):
            self.wrong(
                "a table of addresses", '[redirects] and a line "/old.html" = "/new/"', value, "redirects"
            )
            return {}
        for old, new in value.items():
            if not isinstance(new, str):
                self.wrong("an address", f'"{old}" = "/zh/…/"', new, "redirects", old)
            elif not is_site_path(old) or old == "/":
                self.refuse(
                    f"`{old}` is no path of a page", 'write it like "/2020/03/06/CNN.html"', "redirects", old
                )
            elif not is_site_path(new.partition("#")[0]) and normal_base_url(new.partition("#")[0]) is None:
                self.refuse(
                    f"nothing can be redirected to `{new}`",
                    'write a path of this site, "/zh/cnn/", or https://…',
                    "redirects",
                    old,
                )
        return value

    def aliases(self, table: dict[str, Any]) -> dict[str, Alias]:
        """Whether there are such concepts is told when they are known."""
        value = table.get("aliases", {})
        if not isinstance(value, dict):
            self.wrong("a table of ids", '[aliases] and a line old-id = "new-id"', value, "aliases")
            return {}
        for old, new in value.items():
            if not isinstance(new, str):
                self.wrong("an id", f'{old} = "new-id"', new, "aliases", old)
        return {
            old: Alias(new, self.source, self.place("aliases", old))
            for old, new in value.items()
            if isinstance(new, str)
        }

    def check(self, table: dict[str, Any]) -> dict[str, Severity]:
        value = table.get("check", {})
        if not isinstance(value, dict):
            self.wrong("a table of codes", '[check] and a line DL501 = "off"', value, "check")
            return {}
        made: dict[str, Severity] = {}
        for code, severity in value.items():
            if code not in CATALOGUE:
                self.refuse(
                    f"there is no code `{code}`",
                    "write a code as reports have it in brackets: DL501",
                    "check",
                    code,
                )
            elif severity not in _SEVERITIES:
                self.refuse(
                    f"`{code}` cannot be `{severity}`",
                    f"use one of: {', '.join(_SEVERITIES)}",
                    "check",
                    code,
                )
            else:
                made[code] = Severity(severity)
        return made


def _line_with(key: str, then: str, text: str, start: int, end: int) -> re.Match[str] | None:
    """The place at which a line begins with `key` and goes on with the pattern `then`."""
    return re.compile(rf"^[ \t]*({_written(key)})[ \t]*{then}", re.MULTILINE).search(text, start, end)


def _written(key: str) -> str:
    """A pattern for the ways to write a key."""
    bare = re.escape(key)
    return rf"(?:\"{bare}\"|'{bare}'|{bare})"


def _suggestion(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), 1)
    return f"did you mean `{near[0]}`?" if near else ""


def is_site_path(path: str) -> bool:
    """Whether `path` can be the address of a page, and of its file: from the root, plain segments, nothing that climbs."""
    segments = path[1:].removesuffix("/").split("/")
    return path == "/" or (
        path.startswith("/")
        and path.isprintable()
        and not re.search(r"[\\?#%:*\"<>|]", path)
        and all(segment not in ("", ".", "..") for segment in segments)
        and all(len(segment.encode()) <= _LONGEST_NAME_BYTES for segment in segments)
    )


def _kind(value: object) -> str:
    names = {
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a table",
    }
    return names.get(type(value), "a date or time")
