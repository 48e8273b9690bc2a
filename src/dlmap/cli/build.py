"""`dlmap build`."""

from __future__ import annotations

from pathlib import Path

import click

from dlmap.cli.shared import base_url_option, checked_base_url, report, site_argument, usage_errors
from dlmap.text import Severity


@click.command(
    "build",
    epilog="Examples:  dlmap build   |   dlmap build posts/DL-outline.md -o out   |   dlmap build --base-url https://you.github.io/map/",
)
@site_argument()
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The folder to write  [default: site]")
@base_url_option()
@click.option("-s", "--strict", is_flag=True, help="Publish nothing when there are warnings.")
@click.option("--keep-going", is_flag=True, help="Publish in spite of errors, each shown in its place.")
@click.option(
    "--no-cache", is_flag=True, help="Make everything anew; neither read nor fill the store in .dlmap."
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what is wrong.")
@click.option("-v", "--verbose", is_flag=True, help="Say where the time goes.")
def command(  # noqa: PLR0913, PLR0917 - one for each option
    path: Path,
    output: Path | None,
    base_url: str,
    strict: bool,
    keep_going: bool,
    no_cache: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Build the site at PATH: a folder with an outline, or a single post."""
    from dlmap.build import build

    output = output or Path("site")
    with usage_errors():
        try:
            result = build(
                path,
                output,
                base_url=checked_base_url(base_url),
                strict=strict,
                keep_going=keep_going,
                cache=not no_cache,
            )
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            click.echo(
                f"error: {place}{error.strerror or error}; the site in {output} is as it was", err=True
            )
            raise click.exceptions.Exit(1) from None
    report(result.diagnostics)
    if verbose:
        for stage in result.stages:
            click.echo(f"{stage.name:>12} {stage.seconds:8.3f} s", err=True)
        click.echo(f"from the cache: {result.cached} of {_n(result.formulas, 'formula')}", err=True)
    errors, warnings = result.count(Severity.ERROR), result.count(Severity.WARNING)
    if not quiet or not result.published:
        counts = f"{_n(errors, 'error')}, " if errors else ""
        cached = f" ({result.cached} from the cache)" if result.cached else ""
        tally = (
            f"{result.formulas} formulas{cached}, {counts}{_n(warnings, 'warning')}, {result.seconds:.1f} s"
        )
        if result.published:
            click.echo(f"{output}: {result.pages} pages, {tally}", err=True)
        else:
            click.echo(f"nothing published: {tally}", err=True)
    if errors or (strict and warnings) or not result.published:
        raise click.exceptions.Exit(1)


def _n(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
