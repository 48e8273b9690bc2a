"""What the commands share: the path they work on, how they fail, how they report."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from dlmap.config import ConfigError, SiteNotFoundError, normal_base_url
from dlmap.math import EngineError
from dlmap.publish import OutputRefusedError
from dlmap.text import Diagnostic, Severity
from dlmap.text.report import as_text

_MOST_ALIKE = 10
"""Who has a hundred texts to translate wants to see what else is wrong."""

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def site_argument() -> Decorator:
    """The folder or post a command works on; the current folder by default."""
    return click.argument("path", default=".", type=click.Path(path_type=Path))


def base_url_option() -> Decorator:
    """Where the site will stand."""
    return click.option(
        "--base-url", default="", metavar="URL", help="Where the site will stand: https://you.github.io/repo/"
    )


def jobs_option() -> Decorator:
    """How many processes share the work."""
    return click.option(
        "-j",
        "--jobs",
        type=click.IntRange(1, 64),
        default=os.cpu_count() or 1,
        show_default="the number of processors",
        help="How many processes share the work.",
    )


def checked_base_url(url: str) -> str:
    """The base address in its normal form; a usage error when it is none."""
    if not url:
        return ""
    normal = normal_base_url(url)
    if normal is None:
        raise click.BadParameter(f"{url!r} is no web address; write https://…", param_hint="--base-url")
    return normal


@contextmanager
def usage_errors() -> Iterator[None]:
    """Turn what the user can mend on the command line or in the configuration into exit code 2.

    A formula engine that does not start is no fault of the site either, but nothing of the command line: 1.
    """
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
    """Write diagnostics to stderr, for people; of warnings that are alike only some, if not `in_full`."""
    shown: list[Diagnostic] = []
    alike: Counter[str] = Counter()
    for diagnostic in diagnostics:
        if diagnostic.severity is Severity.WARNING:
            alike[diagnostic.code] += 1
        if in_full or alike[diagnostic.code] <= _MOST_ALIKE:
            shown.append(diagnostic)
    click.echo(as_text(shown), err=True, nl=False)
    for code, number in alike.items():
        if not in_full and number > _MOST_ALIKE:
            click.echo(
                f"and {number - _MOST_ALIKE} more warning[{code}]: `dlmap check` shows them all", err=True
            )


def reason(error: OSError) -> str:
    """`path: what went wrong`."""
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"
