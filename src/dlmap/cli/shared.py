"""Shared parts of the commands: the path argument, common options, errors and reports."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from dlmap import ConfigError, Diagnostic, EngineError, OutputRefusedError, Severity, SiteNotFoundError
from dlmap.config import normal_base_url
from dlmap.text.report import as_text

_MAX_SAME_CODE = 10
"""Further warnings of the same code are summarised, so that a hundred missing translations do not hide the rest."""

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def site_argument() -> Decorator:
    """The site folder or post; by default the current folder."""
    return click.argument("path", default=".", type=click.Path(path_type=Path))


def base_url_option() -> Decorator:
    """The address of the published site."""
    return click.option(
        "--base-url",
        default="",
        metavar="URL",
        help="The address of the published site, such as https://you.github.io/repo/",
    )


def jobs_option() -> Decorator:
    """The number of parallel processes."""
    return click.option(
        "-j",
        "--jobs",
        type=click.IntRange(1, 64),
        default=os.cpu_count() or 1,
        show_default="the number of processors",
        help="The number of parallel processes.",
    )


def checked_base_url(url: str) -> str:
    """The base URL in its normal form; a usage error if it is invalid."""
    if not url:
        return ""
    normal = normal_base_url(url)
    if normal is None:
        raise click.BadParameter(f"{url!r} is not a web address; write https://…", param_hint="--base-url")
    return normal


@contextmanager
def usage_errors() -> Iterator[None]:
    """Exit with 2 for errors of the command line or the configuration, and with 1 if the formula engine fails to start."""
    try:
        yield
    except ConfigError as error:
        report(error.diagnostics)
        raise click.exceptions.Exit(2) from None
    except (SiteNotFoundError, OutputRefusedError) as error:
        raise click.UsageError(str(error)) from None
    except EngineError as error:
        click.echo(f"error: {error}", err=True)
        raise click.exceptions.Exit(1) from None


def report(diagnostics: Sequence[Diagnostic], *, in_full: bool = False) -> None:
    """Print diagnostics to stderr; unless `in_full`, only the first warnings of each code."""
    printed: list[Diagnostic] = []
    warnings: Counter[str] = Counter()
    for diagnostic in diagnostics:
        if diagnostic.severity is Severity.WARNING:
            warnings[diagnostic.code] += 1
        if in_full or warnings[diagnostic.code] <= _MAX_SAME_CODE:
            printed.append(diagnostic)
    click.echo(as_text(printed), err=True, nl=False)
    for code, number in warnings.items():
        if not in_full and number > _MAX_SAME_CODE:
            click.echo(
                f"and {number - _MAX_SAME_CODE} more warning[{code}]: run `dlmap check` to list them",
                err=True,
            )


def reason(error: OSError) -> str:
    """`PATH: REASON`."""
    path = f"{error.filename}: " if error.filename else ""
    return f"{path}{error.strerror or error}"
