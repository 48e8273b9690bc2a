"""`dlmap check`."""

from __future__ import annotations

from pathlib import Path

import click

from dlmap.cli.shared import site_argument, usage_errors
from dlmap.text import Severity


@click.command(
    "check",
    epilog="Examples:  dlmap check   |   dlmap check --strict   |   dlmap check --format sarif > dlmap.sarif",
)
@site_argument()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    help="How to report: for people, or for programs.",
)
@click.option("-s", "--strict", is_flag=True, help="Exit with 1 on warnings as well.")
@click.option(
    "--accept-translations", is_flag=True, help="Note that every translation is up to date with its source."
)
def command(path: Path, form: str, strict: bool, accept_translations: bool) -> None:
    """Report everything that is wrong with the site at PATH."""
    from dlmap.build import accept, build
    from dlmap.text.report import FORMATS, summary

    with usage_errors():
        if accept_translations:
            click.echo(f"{accept(path)} translations noted as up to date", err=True)
        result = build(path)
    # For people it goes where errors go; for programs it is the command's output.
    click.echo(FORMATS[form](result.diagnostics), err=form == "text", nl=False)
    if form == "text":
        click.echo(
            f"{result.concepts} concepts, {result.formulas} formulas: {summary(result.diagnostics)}", err=True
        )
    if result.count(Severity.ERROR) or (strict and result.count(Severity.WARNING)):
        raise click.exceptions.Exit(1)
