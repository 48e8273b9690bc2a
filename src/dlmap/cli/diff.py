"""`dlmap diff`."""

from __future__ import annotations

from pathlib import Path

import click

from dlmap.cli.shared import site_argument, usage_errors
from dlmap.history.report import REPORT_FORMATS
from dlmap.pipeline import RevisionError, diff


@click.command(
    "diff",
    epilog="""\b
    Examples:
      dlmap diff
      dlmap diff v1.0..v2.0
      dlmap diff HEAD~10 --format markdown
    """,
)
@click.argument("revisions", default="HEAD")
@site_argument()
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(REPORT_FORMATS)),
    default="text",
    show_default=True,
    help="Output format.",
)
def command(revisions: str, path: Path, format_name: str) -> None:
    """Show which concepts were added, moved, renamed, dated and removed.

    REVISIONS is OLD..NEW, or OLD alone to compare it with the working tree; the default is the last commit.
    """
    with usage_errors():
        try:
            changes = diff(path, revisions)
        except RevisionError as error:
            raise click.UsageError(str(error)) from None
    # As bytes: UTF-8 whatever the locale.
    click.echo(REPORT_FORMATS[format_name](changes).encode(), nl=False)
