"""`dlmap export`."""

from __future__ import annotations

from pathlib import Path

import click

from dlmap.book import DOCUMENT_FORMATS, BrowserFailedError, NoBrowserError, NothingToExportError
from dlmap.cli.shared import (
    base_url_option,
    checked_base_url,
    jobs_option,
    reason,
    report,
    site_argument,
    usage_errors,
)
from dlmap.config import LANGUAGES
from dlmap.pipeline import ExportRefusedError, ExportResult, export
from dlmap.text.count import count
from dlmap.text.report import count_errors

_WITH_LANGUAGE = ", ".join(name for name, form in DOCUMENT_FORMATS.items() if form.by_language)


@click.command(
    "export",
    epilog="""\b
    Examples:
      dlmap export --format json > taxonomy.json
      dlmap export --format opml --lang en -o map.opml
      dlmap export posts/DL-outline.md --format bibtex -o papers.bib
      dlmap export --format anki -o cards.apkg
      dlmap export --format pdf --lang zh -o map.pdf
    """,
)
@site_argument()
@click.option(
    "-f", "--format", "name", type=click.Choice(list(DOCUMENT_FORMATS)), required=True, help="Output format."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="The file to write, or `-` for standard output.  Default: standard output for text formats.",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    help=f"The language, for {_WITH_LANGUAGE}.  Default: the first language of the site.",
)
@base_url_option()
@jobs_option()
def command(path: Path, name: str, output: Path | None, lang: str | None, base_url: str, jobs: int) -> None:
    """Write the map of the site at PATH in the format of another program."""
    if lang and not DOCUMENT_FORMATS[name].by_language:
        raise click.UsageError(f"{name} has all languages in one file; leave out --lang")
    to_stdout = str(output) == "-"
    with usage_errors():
        try:
            result = export(
                path,
                name,
                None if to_stdout else output,
                to_stdout=to_stdout,
                lang=lang or "",
                base_url=checked_base_url(base_url),
                jobs=jobs,
            )
        except (ExportRefusedError, NoBrowserError) as error:
            raise click.UsageError(str(error)) from None
        except NothingToExportError:
            raise _failure("the site has no content for this format") from None
        except BrowserFailedError as error:
            raise _failure(str(error)) from None
        except OSError as error:
            click.echo(f"error: {reason(error)}; nothing was written", err=True)
            raise click.exceptions.Exit(1) from None
    _print(result)


def _print(result: ExportResult) -> None:
    report(result.diagnostics)
    if result.content is None:
        raise _failure(count(count_errors(result.diagnostics), "error"))
    if result.output:
        click.echo(f"{result.output}: {count(len(result.content), 'byte')}", err=True)
    else:
        click.echo(result.content, nl=False)


def _failure(reason: str) -> click.exceptions.Exit:
    click.echo(f"nothing written: {reason}", err=True)
    return click.exceptions.Exit(1)
