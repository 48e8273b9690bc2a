"""`dlmap serve`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import replace
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import click

from dlmap.articles import formulas_in, make_library, placed
from dlmap.build import around_articles, formula_uses, judge, read_articles, read_taxonomy, render_all
from dlmap.cli.shared import base_url_option, checked_base_url, count, site_argument, usage_errors
from dlmap.config import ConfigError, SiteNotFound
from dlmap.math import katex_assets
from dlmap.preview import ListenError, PreviewOptions, RebuildResult, run_preview
from dlmap.publish.output import is_own
from dlmap.render import RenderedSite
from dlmap.site import plan_site
from dlmap.sources import find_sources, read_sources
from dlmap.store import Store
from dlmap.text import Severity
from dlmap.theme import Theme, default_theme_root


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
@base_url_option()
def command(path: Path, host: str, port: int, open_browser: bool, base_url: str) -> None:
    """Preview the site at PATH, rebuilt and shown anew at every change."""
    base_path = urlsplit(checked_base_url(base_url)).path or "/"
    with usage_errors():
        sources = find_sources(path)
    # Pages, theme and libraries; whatever a link in them leads to elsewhere is not sent.
    roots = (sources.folder, default_theme_root() / "static", katex_assets())
    try:
        options = PreviewOptions(
            folder=sources.folder,
            watch=sources.watched,
            roots=roots,
            is_output=is_own,
            host=host,
            port=port,
            base_path=base_path,
            editor=sources.config.editor,
            open_browser=open_browser,
            is_terminal=sys.stderr.isatty(),
        )
        rebuild = _rebuild_of(path, base_path)
        code = run_preview(options, rebuild, announce=lambda line: click.echo(line, err=True))
    except ListenError as error:
        raise click.UsageError(f"{error.message}; {error.help}") from None
    raise click.exceptions.Exit(code)


def _rebuild_of(path: Path, base_path: str) -> Callable[[tuple[str, ...]], RebuildResult]:
    def rebuild(_: tuple[str, ...]) -> RebuildResult:
        """Build for where the preview stands; a site that is gone or misconfigured is shown, not the end."""
        try:
            return _understand(path, base_path)
        except ConfigError as error:
            return RebuildResult(False, None, error.diagnostics, "the configuration cannot be used")
        except SiteNotFound as error:
            return RebuildResult(False, None, (), str(error))

    return rebuild


def _understand(path: Path, base_path: str) -> RebuildResult:
    sources = find_sources(path)
    # The page addresses itself relatively; only the path matters here.
    config = replace(sources.config, base_url=f"http://localhost{base_path}")
    shelf = read_articles(sources)
    texts = read_sources(sources, shelf.lang)
    taxonomy, registry, found = read_taxonomy(texts, config)
    library, lost = make_library(shelf, around_articles(texts, sources, taxonomy))
    with Store.open(path if path.is_dir() else Path()) as store:
        formulas, wrong = render_all(chain(formula_uses(texts, registry), formulas_in(library)), store)
    told = placed((*texts.diagnostics, *found, *lost, *wrong), library.texts())
    diagnostics = judge(told, config)
    if errors := sum(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics):
        return RebuildResult(False, None, diagnostics, count(errors, "error"))
    if not (taxonomy.concepts or library.entries):
        return RebuildResult(False, None, diagnostics, "there is nothing to show")
    site = plan_site(taxonomy, config, library)
    edition = _Edition(RenderedSite(site, Theme.for_site(sources.folder), formulas.outcomes))
    return RebuildResult(True, edition, diagnostics, count(len(site.pages), "page"))


class _Edition:
    def __init__(self, site: RenderedSite) -> None:
        self._paths = frozenset(site.paths())
        self.content = site.content

    def paths(self) -> Collection[str]:
        return self._paths
