"""`dlmap build`."""

from __future__ import annotations

from pathlib import Path

import click

from dlmap.cli.shared import (
    base_url_option,
    checked_base_url,
    jobs_option,
    reason,
    report,
    site_argument,
    usage_errors,
)
from dlmap.result import BuildResult
from dlmap.text import Severity
from dlmap.text.count import count
from dlmap.up_to_date import BuildRequest, find_up_to_date


@click.command(
    "build",
    epilog="""\b
    Examples:
      dlmap build
      dlmap build posts/DL-outline.md -o out
      dlmap build --base-url https://you.github.io/map/
    """,
)
@site_argument()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("site"),
    show_default=True,
    help="The folder to write.",
)
@base_url_option()
@click.option("-s", "--strict", is_flag=True, help="Publish nothing when there are warnings.")
@click.option("--keep-going", is_flag=True, help="Publish in spite of errors, each shown in its place.")
@click.option("--drafts", is_flag=True, help="Include articles that are marked as drafts.")
@click.option(
    "--no-cache", is_flag=True, help="Make everything anew; neither read nor fill the store in .dlmap."
)
@jobs_option()
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what is wrong.")
@click.option("-v", "--verbose", is_flag=True, help="Say where the time goes.")
def command(  # noqa: PLR0913, PLR0917 - one for each option
    path: Path,
    output: Path,
    base_url: str,
    strict: bool,
    keep_going: bool,
    drafts: bool,
    no_cache: bool,
    jobs: int,
    quiet: bool,
    verbose: bool,
) -> None:
    """Build the site at PATH: a folder with an outline, or a single post."""
    with usage_errors():
        try:
            order = BuildRequest(path, output, checked_base_url(base_url), strict, keep_going, drafts)
            result = (None if no_cache else find_up_to_date(order)) or _build(
                order, cache=not no_cache, jobs=jobs
            )
        except OSError as error:
            click.echo(f"error: {reason(error)}; the site in {output} is as it was", err=True)
            raise click.exceptions.Exit(1) from None
    report(result.diagnostics, in_full=strict)
    if verbose:
        click.echo(_where_the_time_went(result), err=True)
    if not quiet or not result.published:
        click.echo(_last_line(result, output), err=True)
    if result.count(Severity.ERROR) or (strict and result.count(Severity.WARNING)) or not result.published:
        raise click.exceptions.Exit(1)


def _build(order: BuildRequest, *, cache: bool, jobs: int) -> BuildResult:
    # It takes longer to import than to see that there is nothing to do.
    from dlmap.pipeline import build  # noqa: PLC0415

    return build(
        order.path,
        order.output,
        base_url=order.base_url,
        strict=order.strict,
        keep_going=order.keep_going,
        drafts=order.drafts,
        cache=cache,
        jobs=jobs,
    )


def _where_the_time_went(result: BuildResult) -> str:
    lines = [f"{stage.name:>12} {stage.seconds:8.3f} s" for stage in result.stages]
    return "\n".join([*lines, f"from the cache: {result.cached} of {count(result.formulas, 'formula')}"])


def _last_line(result: BuildResult, output: Path) -> str:
    errors, warnings = result.count(Severity.ERROR), result.count(Severity.WARNING)
    cached = f" ({result.cached} from the cache)" if result.cached else ""
    tally = [count(result.formulas, "formula") + cached]
    if errors:
        tally.append(count(errors, "error"))
    tally += [count(warnings, "warning"), f"{result.seconds:.1f} s"]
    if result.published:
        done = f"{result.written} written" if result.written else "nothing changed"
        return f"{output}: {count(result.pages, 'page')}, {done}, {', '.join(tally)}"
    reason = "" if errors or result.concepts or result.articles else "the outline names no concept; "
    return f"nothing published: {reason}{', '.join(tally)}"
