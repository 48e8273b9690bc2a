"""Read `dlmap.toml` into a `Config`, and report every value that cannot be used."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import fields
from typing import Any
from urllib.parse import urlsplit

from dlmap.config.addresses import is_site_path, normal_base_url, normal_domain, normal_host
from dlmap.config.editors import EDITORS, editor_url_template
from dlmap.config.model import LANGUAGES, Alias, Config
from dlmap.config.toml import key_span, parse_toml
from dlmap.text import CATALOGUE, Diagnostic, Severity, SourceFile
from dlmap.text.source import CONTROL_CHARACTER

_FLAVORS = ("kramdown", "commonmark")
_SEVERITIES = tuple(severity.value for severity in Severity)
_BRANCH = re.compile(r"\w[\w.+@-]*(/\w[\w.+@-]*)*")
_SUPPORTED = f"supported: {', '.join(LANGUAGES)}"


def read_config(source: SourceFile) -> tuple[Config, tuple[Diagnostic, ...]]:
    """Read `dlmap.toml`; if there are any diagnostics, do not use the configuration."""
    table = parse_toml(source)
    if isinstance(table, Diagnostic):
        return Config(), (table,)
    reader = _Reader(source, table)
    config = reader.config()
    return config, tuple(sorted(reader.diagnostics, key=Diagnostic.sort_key))


class _Reader:
    def __init__(self, source: SourceFile, table: dict[str, Any]) -> None:
        self.source = source
        self.table = table
        self.diagnostics: list[Diagnostic] = []

    def config(self) -> Config:
        self.check_keys()
        domain = self.domain()
        return Config(
            title=self.by_language("title"),
            description=self.by_language("description"),
            languages=self.languages(),
            base_url=self.base_url(domain),
            domain=domain,
            origin=self.origin(),
            outline=self.outline(),
            articles=self.site_path("articles").rstrip("/"),
            remote_images=self.flag("remote_images", default=True),
            trusted_templates=self.flag("trusted_templates", default=False),
            flavor=self.choice("flavor", _FLAVORS),
            offline=self.flag("offline", default=True),
            repository=self.address("repository").rstrip("/"),
            branch=self.branch(),
            editor=self.editor(),
            redirects=self.redirects(),
            aliases=self.aliases(),
            check=self.check(),
        )

    def check_keys(self) -> None:
        keys = [field.name for field in fields(Config)]
        for key in self.table:
            if key not in keys:
                help = _suggestion(key, keys) or f"known keys: {', '.join(sorted(keys))}"
                self.report("DL902", f"unknown key `{key}`", help, key)

    def report(self, code: str, message: str, help: str, *path: str) -> None:
        self.diagnostics.append(Diagnostic(code, message, help, self.source, key_span(self.source, *path)))

    def report_type(self, expected: str, example: str, value: object, *path: str) -> None:
        message = f"`{'.'.join(path)}` must be {expected}, not {_type_name(value)}"
        self.report("DL903", message, f"write {example}", *path)

    def report_value(self, message: str, help: str, *path: str) -> None:
        self.report("DL904", message, help, *path)

    def text(self, key: str) -> str:
        value = self.table.get(key, "")
        if not isinstance(value, str):
            self.report_type("text", f'{key} = "…"', value, key)
            return ""
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self.table.get(key, default)
        if not isinstance(value, bool):
            self.report_type("true or false", f"{key} = {str(not default).lower()}", value, key)
            return default
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        value = self.text(key)
        if value and value not in choices:
            self.report_value(f"`{key}` cannot be `{value}`", f"use one of: {', '.join(choices)}", key)
            return ""
        return value

    def address(self, key: str) -> str:
        value = self.text(key)
        url = normal_base_url(value)
        if value and url is None:
            self.report_value(f"`{key}` is not a web address: `{value}`", "write https://…", key)
        return url or ""

    def domain(self) -> str:
        """A host name in ASCII, as in DNS."""
        value = self.text("domain")
        domain = normal_domain(value) if value else ""
        if domain is None:
            message = f"`domain` is not a host name: `{value}`"
            self.report_value(message, "write only the name: map.example.org", "domain")
        return domain or ""

    def base_url(self, domain: str) -> str:
        """The address of the site; by default that of its custom domain."""
        url = self.address("base_url")
        if domain and url and urlsplit(url).netloc != domain:
            self.report_value(
                f"`base_url` and `domain` name different hosts: `{url}`",
                f'write base_url = "https://{domain}/", or leave it out',
                "base_url",
            )
        return url or (f"https://{domain}/" if domain else "")

    def origin(self) -> str:
        """A host, or the host of an address."""
        value = self.text("origin")
        host = normal_host(value) if value else ""
        if host is None:
            self.report_value(
                f"`origin` is not a host: `{value}`", "write only the host: blog.example.org", "origin"
            )
        return host or ""

    def outline(self) -> str:
        path = self.site_path("outline")
        if path and not path.endswith(".md"):
            message = f"`outline` is not a Markdown file: `{path}`"
            self.report_value(message, "use a name that ends with .md: content/map.md", "outline")
            return ""
        return path

    def site_path(self, key: str) -> str:
        """A relative path inside the site."""
        value = self.text(key)
        # Joining a drive or a root to the site's folder would drop that folder.
        if value and (re.match(r"[A-Za-z]:|[/\\]", value) or ".." in re.split(r"[/\\]", value)):
            self.report_value(
                f"`{key}` is outside the site: `{value}`", "write a path inside the folder", key
            )
            return ""
        return value

    def branch(self) -> str:
        value = self.text("branch") or "main"
        if not _BRANCH.fullmatch(value):
            self.report_value(f"`branch` cannot be `{value}`", "write the name of a branch: main", "branch")
        return value

    def editor(self) -> str:
        value = self.text("editor")
        template = editor_url_template(value) if value else ""
        if template is None:
            self.report_value(
                f"`editor` cannot be `{value}`",
                f"write one of {', '.join(EDITORS)}, or a URL: idea://open?file={{file}}&line={{line}}",
                "editor",
            )
        return template or ""

    def by_language(self, key: str) -> dict[str, str]:
        value = self.table.get(key, {})
        if isinstance(value, str):
            self.check_printable(value, key)
            return {"": value} if value else {}
        if not isinstance(value, dict):
            self.report_type("text, or a table of texts by language", f'{key} = "…"', value, key)
            return {}
        for lang, text in value.items():
            if lang not in LANGUAGES:
                self.report_value(f"unsupported language `{lang}`", _SUPPORTED, key, lang)
            elif not isinstance(text, str):
                self.report_type("text", f'{lang} = "…"', text, key, lang)
            else:
                self.check_printable(text, key, lang)
        return {lang: text for lang, text in value.items() if isinstance(text, str)}

    def check_printable(self, text: str, *path: str) -> None:
        """Report control characters: TOML allows them as escapes, but no page can show them."""
        if control := CONTROL_CHARACTER.search(text):
            character = f"U+{ord(control.group()):04X}"
            self.report_value(
                f"`{'.'.join(path)}` contains the control character {character}", "remove it", *path
            )

    def languages(self) -> tuple[str, ...]:
        value = self.table.get("languages", [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.report_type("a list of languages", 'languages = ["zh", "en"]', value, "languages")
            return ()
        for item in value:
            if item not in LANGUAGES:
                self.report_value(f"unsupported language `{item}`", _SUPPORTED, "languages")
        if len(set(value)) < len(value):
            self.report_value("`languages` repeats a language", "list each language once", "languages")
        return tuple(dict.fromkeys(item for item in value if item in LANGUAGES))

    def redirects(self) -> dict[str, str]:
        value = self.table.get("redirects", {})
        if not isinstance(value, dict):
            example = '[redirects] and a line "/old.html" = "/new/"'
            self.report_type("a table of addresses", example, value, "redirects")
            return {}
        for old, new in value.items():
            self.check_redirect(old, new)
        return value

    def check_redirect(self, old: str, new: object) -> None:
        if not isinstance(new, str):
            self.report_type("an address", f'"{old}" = "/zh/…/"', new, "redirects", old)
        elif not is_site_path(old) or old == "/":
            self.report_value(
                f"`{old}` is not the path of a page", 'write it like "/2020/03/06/CNN.html"', "redirects", old
            )
        elif not is_site_path(new.partition("#")[0]) and normal_base_url(new.partition("#")[0]) is None:
            self.report_value(
                f"`{new}` is not a possible target of a redirect",
                'write a path of this site, "/zh/cnn/", or https://…',
                "redirects",
                old,
            )

    def aliases(self) -> dict[str, Alias]:
        """Aliases by former id; the taxonomy checks later whether their concepts exist."""
        value = self.table.get("aliases", {})
        if not isinstance(value, dict):
            self.report_type("a table of ids", '[aliases] and a line old-id = "new-id"', value, "aliases")
            return {}
        aliases: dict[str, Alias] = {}
        for old, new in value.items():
            if isinstance(new, str):
                aliases[old] = Alias(new, self.source, key_span(self.source, "aliases", old))
            else:
                self.report_type("an id", f'{old} = "new-id"', new, "aliases", old)
        return aliases

    def check(self) -> dict[str, Severity]:
        value = self.table.get("check", {})
        if not isinstance(value, dict):
            self.report_type("a table of codes", '[check] and a line DL501 = "off"', value, "check")
            return {}
        severities: dict[str, Severity] = {}
        for code, severity in value.items():
            if code not in CATALOGUE:
                self.report_value(
                    f"unknown code `{code}`", "write a code as reports show it: DL501", "check", code
                )
            elif severity not in _SEVERITIES:
                help = f"use one of: {', '.join(_SEVERITIES)}"
                self.report_value(f"`{code}` cannot be `{severity}`", help, "check", code)
            else:
                severities[code] = Severity(severity)
        return severities


def _suggestion(word: str, known: Iterable[str]) -> str:
    matches = difflib.get_close_matches(word, list(known), 1)
    return f"did you mean `{matches[0]}`?" if matches else ""


def _type_name(value: object) -> str:
    names = {
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a table",
    }
    return names.get(type(value), "a date or time")
