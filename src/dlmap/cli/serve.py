"""`dlmap serve`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import click

from dlmap.build import build
from dlmap.cli.shared import base_url_option, checked_base_url, site_argument, usage_errors
from dlmap.preview import ListenError, PreviewOptions, RebuildResult, run_preview
from dlmap.sources import ConfigError, SiteNotFound, find_sources


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

    with tempfile.TemporaryDirectory(prefix="dlmap-preview-", ignore_cleanup_errors=True) as folder:
        site = Path(folder) / "site"

        def rebuild() -> RebuildResult:
            """Build for where the preview stands; a site that is gone or misconfigured is shown, not the end."""
            try:
                # The page addresses itself relatively; only the path matters here.
                result = build(
                    path, site, base_url=f"http://localhost{base_path}", durable=False, offline=False
                )
            except ConfigError as error:
                return RebuildResult(False, error.diagnostics, "the configuration cannot be used")
            except SiteNotFound as error:
                return RebuildResult(False, (), str(error))
            return RebuildResult(result.published, result.diagnostics, f"{result.pages} pages")

        options = PreviewOptions(
            site,
            watch=sources.watched,
            ignore=(path / "site",),
            host=host,
            port=port,
            base_path=base_path,
            open_browser=open_browser,
        )
        try:
            code = run_preview(options, rebuild, announce=lambda line: click.echo(line, err=True))
        except ListenError as error:
            raise click.UsageError(f"{error.message}; {error.help}") from None
    raise click.exceptions.Exit(code)
