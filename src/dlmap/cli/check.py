"""`dlmap check`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from dlmap import ConfigError, Diagnostic, Severity
from dlmap.cli.shared import jobs_option, reason, site_argument, usage_errors
from dlmap.pipeline import accept, build
from dlmap.pipeline import explain as explain_outlines
from dlmap.text.count import count
from dlmap.text.explanation import EXPLANATION_FORMATS
from dlmap.text.report import FORMATS, summary, with_folder

_REPOSITORY_FORMATS = frozenset({"github", "sarif"})
"""Formats with paths relative to the working directory, as the site may be in a subfolder of a repository."""


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
    "format_name",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="Output format: `text` for people, the others for programs.",
)
@click.option("-s", "--strict", is_flag=True, help="Exit with 1 if there are warnings.")
@click.option("--accept-translations", is_flag=True, help="Mark all translations as up to date.")
@click.option(
    "--explain", is_flag=True, help="Also print what the outlines were read as, why, and how certain it is."
)
@jobs_option()
def command(
    path: Path, format_name: str, strict: bool, accept_translations: bool, explain: bool, jobs: int
) -> None:
    """Report all problems of the site at PATH."""
    if explain and format_name not in EXPLANATION_FORMATS:
        raise click.UsageError(f"--explain has the formats {' and '.join(EXPLANATION_FORMATS)}")
    with usage_errors():
        try:
            if accept_translations:
                click.echo(f"marked {count(accept(path), 'translation')} as up to date", err=True)
            result = build(path, jobs=jobs)
        except ConfigError as error:
            if format_name != "text":
                _print(format_name, error.diagnostics, path)
                raise click.exceptions.Exit(2) from None
            raise
        except OSError as error:
            click.echo(f"error: {reason(error)}", err=True)
            raise click.exceptions.Exit(1) from None
    # An explanation takes stdout; the diagnostics then go to stderr as text.
    _print("text" if explain else format_name, result.diagnostics, path)
    if explain:
        output = EXPLANATION_FORMATS[format_name](explain_outlines(path))
        click.echo(output.encode(errors="backslashreplace"), nl=False)
    if format_name == "text":
        concepts, formulas = count(result.concepts, "concept"), count(result.formulas, "formula")
        click.echo(f"{concepts}, {formulas}: {summary(result.diagnostics)}", err=True)
    if result.count(Severity.ERROR) or (strict and result.count(Severity.WARNING)):
        raise click.exceptions.Exit(1)


def _print(format_name: str, diagnostics: Sequence[Diagnostic], path: Path) -> None:
    """Text goes to stderr; output for programs goes to stdout, in UTF-8 on every system."""
    if format_name in _REPOSITORY_FORMATS:
        folder, working_folder = (path if path.is_dir() else path.parent).resolve(), Path.cwd()
        if folder.is_relative_to(working_folder):
            diagnostics = with_folder(diagnostics, folder.relative_to(working_folder))
    output = FORMATS[format_name](diagnostics)
    if format_name == "text":
        click.echo(output, err=True, nl=False)
    else:
        click.echo(output.encode(errors="backslashreplace"), nl=False)
