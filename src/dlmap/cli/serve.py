"""`dlmap serve`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from dlmap.cli.shared import base_url_option, checked_base_url, jobs_option, site_argument, usage_errors
from dlmap.preview import ListenError
from dlmap.preview.session import preview_site


@click.command(
    "serve",
    epilog="""\b
    Examples:
      dlmap serve --open
      dlmap serve posts/DL-outline.md
      dlmap serve -o -p 8001 --drafts
    """,
)
@site_argument()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; 0.0.0.0 for all interfaces.",
)
@click.option(
    "-p",
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port to listen on; 0 selects a free one.",
)
@click.option("-o", "--open", "open_browser", is_flag=True, help="Open the preview in the browser.")
@click.option("--drafts", is_flag=True, help="Include articles that are marked as drafts.")
@jobs_option()
@base_url_option()
def command(  # noqa: PLR0913, PLR0917 - one for each option
    path: Path, host: str, port: int, open_browser: bool, drafts: bool, jobs: int, base_url: str
) -> None:
    """Preview the site at PATH; the open pages update each time you save."""
    with usage_errors():
        try:
            code = preview_site(
                path,
                announce=lambda line: click.echo(line, err=True),
                host=host,
                port=port,
                base_url=checked_base_url(base_url),
                jobs=jobs,
                drafts=drafts,
                open_browser=open_browser,
                is_terminal=sys.stderr.isatty(),
            )
        except ListenError as error:
            raise click.UsageError(f"{error.message}; {error.help}") from None
    raise click.exceptions.Exit(code)
