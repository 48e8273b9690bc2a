"""`dlmap build`."""

from __future__ import annotations

from pathlib import Path

import click

from dlmap import Severity
from dlmap.cli.shared import (
    base_url_option,
    checked_base_url,
    jobs_option,
    reason,
    report,
    site_argument,
    usage_errors,
)
from dlmap.config import default_output
from dlmap.result import BuildResult
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
    default=None,
    show_default="site; .dlmap/site in a Jekyll blog without dlmap.toml",
    help="The output folder.",
)
@base_url_option()
@click.option("-s", "--strict", is_flag=True, help="Publish nothing if there are warnings.")
@click.option("--keep-going", is_flag=True, help="Publish despite errors; each is shown where it occurs.")
@click.option("--drafts", is_flag=True, help="Include articles that are marked as drafts.")
@click.option("--no-cache", is_flag=True, help="Rebuild everything, ignoring the cache in .dlmap.")
@jobs_option()
@click.option("-q", "--quiet", is_flag=True, help="Print only warnings and errors.")
@click.option("-v", "--verbose", is_flag=True, help="Show the time of each stage.")
def command(  # noqa: PLR0913, PLR0917 - one for each option
    path: Path,
    output: Path | None,
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
    output = output or default_output(path)
    with usage_errors():
        try:
            request = BuildRequest(path, output, checked_base_url(base_url), strict, keep_going, drafts)
            result = (None if no_cache else find_up_to_date(request)) or _build(
                request, cache=not no_cache, jobs=jobs
            )
        except OSError as error:
            click.echo(f"error: {reason(error)}; the site in {output} is unchanged", err=True)
            raise click.exceptions.Exit(1) from None
    report(result.diagnostics, in_full=strict)
    if verbose:
        click.echo(_stage_times(result), err=True)
    for hint in result.hints if result.published and not quiet else ():
        click.echo(f"hint: {hint}", err=True)
    if not quiet or not result.published:
        click.echo(_summary(result, output), err=True)
    if result.count(Severity.ERROR) or (strict and result.count(Severity.WARNING)) or not result.published:
        raise click.exceptions.Exit(1)


def _build(request: BuildRequest, *, cache: bool, jobs: int) -> BuildResult:
    # Importing it takes longer than finding out that nothing has changed.
    from dlmap.pipeline import build  # noqa: PLC0415

    return build(
        request.path,
        request.output,
        base_url=request.base_url,
        strict=request.strict,
        keep_going=request.keep_going,
        drafts=request.drafts,
        cache=cache,
        jobs=jobs,
    )


def _stage_times(result: BuildResult) -> str:
    lines = [f"{stage.name:>12} {stage.seconds:8.3f} s" for stage in result.stages]
    return "\n".join([*lines, f"from the cache: {result.cached} of {count(result.formulas, 'formula')}"])


def _summary(result: BuildResult, output: Path) -> str:
    errors, warnings = result.count(Severity.ERROR), result.count(Severity.WARNING)
    cached = f" ({result.cached} from the cache)" if result.cached else ""
    parts = [count(result.formulas, "formula") + cached]
    if errors:
        parts.append(count(errors, "error"))
    parts += [count(warnings, "warning"), f"{result.seconds:.1f} s"]
    if result.published:
        files = f"{result.written} written" if result.written else "nothing changed"
        return f"{output}: {count(result.pages, 'page')}, {files}, {', '.join(parts)}"
    reason = "" if errors or result.concepts or result.articles else "the outline names no concept; "
    return f"nothing published: {reason}{', '.join(parts)}"
