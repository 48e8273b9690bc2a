"""The values of `dlmap.toml`, and the errors that a site without usable settings raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from dlmap.text import Diagnostic, Severity, SourceFile, Span

LANGUAGES = ("zh", "en")
"""The languages of the interface."""


class SiteNotFoundError(Exception):
    """The path names nothing that a site can be built from; the message says what to do."""


class ConfigError(Exception):
    """The configuration cannot be used; carries its diagnostics."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics[0].message)
        self.diagnostics = diagnostics


class Alias(NamedTuple):
    """The current id of a concept that was renamed, with the position of the alias in `dlmap.toml`."""

    id: str
    source: SourceFile
    span: Span


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a site; see `docs/configuration.md`."""

    title: Mapping[str, str] = field(default_factory=dict)
    """By language; the key "" applies to all languages."""
    description: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    """Empty: the outline's language first, then the others."""
    base_url: str = ""
    """The address of the published site, with a trailing slash; empty if unknown."""
    domain: str = ""
    """The custom domain on GitHub Pages; empty for the domain that GitHub assigns."""
    origin: str = ""
    """The host of the author's own articles."""
    outline: str = ""
    articles: str = ""
    """The folder of the articles; empty: `content/articles`, else `_posts`."""
    remote_images: bool = True
    """Whether pages show pictures from other hosts; else they link to them."""
    trusted_templates: bool = False
    """Whether the site's own templates run outside Jinja's sandbox."""
    flavor: str = ""
    offline: bool = True
    """Whether browsers keep pages that were read, to show them without a network."""
    repository: str = ""
    branch: str = "main"
    editor: str = ""
    """The URL with which a preview opens a file in the author's editor, with `{file}`, `{line}` and `{column}`."""
    redirects: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, Alias] = field(default_factory=dict)
    """By former id."""
    check: Mapping[str, Severity] = field(default_factory=dict)

    @property
    def base_path(self) -> str:
        """The path of `base_url`: `/` or `/repo/`."""
        return urlsplit(self.base_url).path or "/"
