"""`dlmap check`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlmap.cli.shared import count, jobs_option, reason, site_argument, usage_errors
from dlmap.config import ConfigError
from dlmap.pipeline import accept, build
from dlmap.text import Diagnostic, Severity
from dlmap.text.report import FORMATS, summary

if TYPE_CHECKING:
    from dlmap.cache import Store
    from dlmap.load.site import LoadedSite

_DAY = 24 * 60 * 60
_OF_A_REPOSITORY = frozenset({"github", "sarif"})
"""Formats whose paths begin where the command runs: the site may lie in a folder of a repository."""


@click.command(
    "check",
    epilog="""\b
    Examples:
      dlmap check
      dlmap check --strict
      dlmap check --external
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
@click.option("-x", "--external", is_flag=True, help="Look up the links to other hosts as well.")
@click.option(
    "--max-age",
    type=click.FloatRange(0),
    default=7,
    show_default=True,
    metavar="DAYS",
    help="How long a link that was fine is not looked up again.",
)
@click.option(
    "--allow-private", is_flag=True, help="Look up links into private networks and to this machine too."
)
@jobs_option()
def command(  # noqa: PLR0913, PLR0917 - one for each option
    path: Path,
    form: str,
    strict: bool,
    accept_translations: bool,
    external: bool,
    max_age: float,
    allow_private: bool,
    jobs: int,
) -> None:
    """Report everything that is wrong with the site at PATH."""
    links = _Links(max_age * _DAY, allow_private=allow_private) if external else None
    with usage_errors():
        try:
            if accept_translations:
                click.echo(f"{count(accept(path), 'translation')} noted as up to date", err=True)
            result = build(path, jobs=jobs, extra_checks=links)
        except ConfigError as error:
            if form != "text":
                _write(form, error.diagnostics, path)
                raise click.exceptions.Exit(2) from None
            raise
        except OSError as error:
            click.echo(f"error: {reason(error)}", err=True)
            raise click.exceptions.Exit(1) from None
    _write(form, result.diagnostics, path)
    if form == "text":
        if links:
            click.echo(links.tally, err=True)
        tally = f"{count(result.concepts, 'concept')}, {count(result.formulas, 'formula')}"
        click.echo(f"{tally}: {summary(result.diagnostics)}", err=True)
    if result.count(Severity.ERROR) or (strict and result.count(Severity.WARNING)):
        raise click.exceptions.Exit(1)


class _Links:
    """Looks further than the files: at the links to the outside, with a bar where somebody watches."""

    def __init__(self, max_age: float, *, allow_private: bool) -> None:
        self.max_age = max_age
        self.allow_private = allow_private
        self.tally = ""

    def __call__(self, made: LoadedSite, store: Store) -> Iterable[Diagnostic]:
        # An HTTP client takes a while to import, and only this option needs one.
        from dlmap.external import RequestPolicy, check_links, external_links  # noqa: PLC0415

        links = tuple(external_links(made.texts.documents, made.texts.registry, made.library))
        manners = RequestPolicy(allow_private=self.allow_private)
        with click.progressbar(
            length=1, label="links", file=sys.stderr, show_pos=True, hidden=not sys.stderr.isatty()
        ) as bar:

            def progress(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            checked = check_links(links, store, manners=manners, max_age=self.max_age, progress=progress)
        parts = [f"{number} {finding}" for finding, number in sorted(checked.findings.items())]
        pages = count(sum(checked.findings.values()), "page")
        again = f" ({checked.remembered} looked up before)" if checked.remembered else ""
        self.tally = f"{count(len(links), 'link')} to {pages}{again}: {', '.join(parts) or 'none'}"
        return checked.diagnostics


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
