"""`dlmap check`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from dlmap.cli.shared import count, jobs_option, reason, site_argument, usage_errors
from dlmap.config import ConfigError
from dlmap.pipeline import accept, build
from dlmap.pipeline import explain as explain_outlines
from dlmap.text import Diagnostic, Severity
from dlmap.text.explanation import EXPLANATION_FORMATS
from dlmap.text.report import FORMATS, summary

_OF_A_REPOSITORY = frozenset({"github", "sarif"})
"""Formats whose paths begin where the command runs: the site may lie in a folder of a repository."""


@click.command(
    "check",
    epilog="""\b
    Examples:
      dlmap check
      dlmap check --strict
      dlmap check --explain
      dlmap check --format sarif > dlmap.sarif
    """,
)
@site_argument()
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="How to report: for people, or for programs.",
)
@click.option("-s", "--strict", is_flag=True, help="Exit with 1 on warnings as well.")
@click.option(
    "--accept-translations", is_flag=True, help="Note that every translation is up to date with its source."
)
@click.option(
    "--explain", is_flag=True, help="Also print what the outlines were read as, why, and how certain it is."
)
@jobs_option()
def command(path: Path, form: str, strict: bool, accept_translations: bool, explain: bool, jobs: int) -> None:
    """Report everything that is wrong with the site at PATH."""
    if explain and form not in EXPLANATION_FORMATS:
        raise click.UsageError(f"--explain has the formats {' and '.join(EXPLANATION_FORMATS)}")
    with usage_errors():
        try:
            if accept_translations:
                click.echo(f"{count(accept(path), 'translation')} noted as up to date", err=True)
            result = build(path, jobs=jobs)
        except ConfigError as error:
            if form != "text":
                _write(form, error.diagnostics, path)
                raise click.exceptions.Exit(2) from None
            raise
        except OSError as error:
            click.echo(f"error: {reason(error)}", err=True)
            raise click.exceptions.Exit(1) from None
    # The explanation takes the place of the output; what is wrong is still reported to people.
    _write("text" if explain else form, result.diagnostics, path)
    if explain:
        written = EXPLANATION_FORMATS[form](explain_outlines(path))
        click.echo(written.encode(errors="backslashreplace"), nl=False)
    if form == "text":
        tally = f"{count(result.concepts, 'concept')}, {count(result.formulas, 'formula')}"
        click.echo(f"{tally}: {summary(result.diagnostics)}", err=True)
    if result.count(Severity.ERROR) or (strict and result.count(Severity.WARNING)):
        raise click.exceptions.Exit(1)


def _write(form: str, diagnostics: Sequence[Diagnostic], path: Path) -> None:
    """For people it goes where errors go; for programs it is the command's output, and UTF-8 everywhere."""
    if form in _OF_A_REPOSITORY:
        folder, here = (path if path.is_dir() else path.parent).resolve(), Path.cwd()
        folder = folder.relative_to(here) if folder.is_relative_to(here) else Path()
        diagnostics = [_in_folder(diagnostic, folder) for diagnostic in diagnostics]
    written = FORMATS[form](diagnostics)
    if form == "text":
        click.echo(written, err=True, nl=False)
    else:
        click.echo(written.encode(errors="backslashreplace"), nl=False)


def _in_folder(diagnostic: Diagnostic, folder: Path) -> Diagnostic:
    if not diagnostic.file:
        return diagnostic
    path = (folder / diagnostic.file).as_posix()
    source = replace(diagnostic.source, path=path) if diagnostic.source else None
    return replace(diagnostic, source=source, path=path)
