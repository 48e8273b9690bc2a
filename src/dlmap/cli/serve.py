"""`dlmap serve`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import click

from dlmap.cache import Cache
from dlmap.cli.shared import (
    base_url_option,
    checked_base_url,
    count,
    jobs_option,
    site_argument,
    usage_errors,
)
from dlmap.config import ConfigError, SiteNotFoundError
from dlmap.load.discover import Sources, discover
from dlmap.load.site import LoadedSite, Loader
from dlmap.math import katex_assets
from dlmap.preview import ListenError, PreviewOptions, RebuildResult, run_preview
from dlmap.render import CompiledTemplates, RenderedSite, Templates
from dlmap.site import Site, plan_site
from dlmap.site.page_types import reserved_ids
from dlmap.text import Severity
from dlmap.theme import Theme, default_theme_root
from dlmap.up_to_date import BuildRequest, is_output


@click.command(
    "serve",
    epilog="""\b
    Examples:
      dlmap serve --open
      dlmap serve posts/DL-outline.md
      dlmap serve --port 8001
    """,
)
@site_argument()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to listen at; 0.0.0.0 for all."
)
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option("--open", "open_browser", is_flag=True, help="Open the browser.")
@jobs_option()
@base_url_option()
def command(path: Path, host: str, port: int, open_browser: bool, jobs: int, base_url: str) -> None:
    """Preview the site at PATH, brought up to date at every change."""
    base_path = urlsplit(checked_base_url(base_url)).path or "/"
    with usage_errors():
        sources = discover(path)
    theme = Theme.for_site(sources.folder)
    options = PreviewOptions(
        folder=sources.folder,
        watch=(*sources.watched, *theme.folders),
        # Pages, theme and libraries; whatever a link in them leads to elsewhere is not sent.
        roots=(sources.folder, default_theme_root() / "static", katex_assets().parent),
        is_output=is_output,
        host=host,
        port=port,
        base_path=base_path,
        open_browser=open_browser,
        is_terminal=sys.stderr.isatty(),
    )
    with (
        Cache.open(BuildRequest(path, None).cache_folder) as cache,
        Loader(cache, reserved_ids=reserved_ids(), jobs=jobs) as loader,
    ):
        editions = PreviewSession(path, base_path, loader, theme)
        try:
            code = run_preview(
                replace(options, editor=lambda: editions.editor),
                editions.next,
                announce=lambda line: click.echo(line, err=True),
            )
        except ListenError as error:
            raise click.UsageError(f"{error.message}; {error.help}") from None
    raise click.exceptions.Exit(code)


class PreviewSession:
    """One edition of the site after the other, each understood as far as files have changed."""

    def __init__(self, path: Path, base_path: str, loader: Loader, theme: Theme) -> None:
        self._path = path
        # The page addresses itself relatively; only the path matters here.
        self._base_url = f"http://localhost{base_path}"
        self._loader = loader
        self._theme = theme
        self.editor = ""
        """The address that opens a file, as the configuration was last found to say it."""
        self._compiled = CompiledTemplates()
        self._templates = Templates(theme, self._compiled)
        self._text_files: frozenset[str] = frozenset()
        """The files whose edits leave the sources as they are."""
        self._sources: Sources | None = None
        """What was found last; None where that cannot be used."""
        self._good: tuple[LoadedSite, Site] | None = None
        """What the last build made, if it went well."""

    def next(self, changed: tuple[str, ...]) -> RebuildResult:
        """The site as it is now; one that is gone or misconfigured is shown, not the end."""
        templates = _resolved(self._theme.template_folders)
        if any(_is_below(place, templates) for place in changed):
            # An edition keeps its own, and a template of the site may have come to stand before one of the theme.
            self._templates = Templates(self._theme, self._compiled)
        # A link may lead out of the site, which is to be told.
        look = _resolved(self._theme.folders)
        only_look = all(_is_below(place, look) and not Path(place).is_symlink() for place in changed)
        if not only_look or self._good is None:
            self._good = None
            understood = self._understand(frozenset(changed))
            if isinstance(understood, RebuildResult):
                return understood
            self._good = understood
        made, site = self._good
        edition = RenderedSite(site, self._templates, made.formulas.results)
        return RebuildResult(True, edition, made.diagnostics, count(len(site.pages), "page"))

    def _understand(self, changed: frozenset[str]) -> tuple[LoadedSite, Site] | RebuildResult:
        """Read what has changed; what is wrong with it, if it cannot be shown."""
        if not all(place in self._text_files and _is_plain_file(place) for place in changed):
            self._sources = None
        try:
            self._sources = self._sources or self._find()
            made = self._loader.load(self._sources)
            self._text_files = made.text_files
        except ConfigError as error:
            return RebuildResult(False, None, error.diagnostics, "the configuration cannot be used")
        except SiteNotFoundError as error:
            return RebuildResult(False, None, (), str(error))
        if errors := sum(diagnostic.severity is Severity.ERROR for diagnostic in made.diagnostics):
            return RebuildResult(False, None, made.diagnostics, count(errors, "error"))
        if made.is_empty:
            return RebuildResult(False, None, made.diagnostics, "there is nothing to show")
        site = plan_site(made.taxonomy, made.config, made.articles, self._loader.cache)
        return made, site

    def _find(self) -> Sources:
        sources = discover(self._path, self._base_url)
        self.editor = sources.config.editor
        # What a browser keeps of a preview would outlive it.
        return replace(sources, config=replace(sources.config, offline=False))


def _is_plain_file(place: str) -> bool:
    return Path(place).is_file() and not Path(place).is_symlink()


def _resolved(folders: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(folder.resolve() for folder in folders)


def _is_below(place: str, folders: Iterable[Path]) -> bool:
    return any(map(Path(place).is_relative_to, folders))
