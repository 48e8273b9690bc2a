"""`dlmap init`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from dlmap.cli.shared import usage_errors
from dlmap.pipeline import explain
from dlmap.scaffold import (
    FolderTakenError,
    Post,
    example_site,
    is_free,
    post_site,
    read_post,
    repository_of,
    write_files,
)
from dlmap.text.count import count
from dlmap.text.explanation import as_brief_text
from dlmap.text.report import as_text, count_errors


@click.command(
    "init",
    epilog="""\b
    Examples:
      dlmap init my-map
      dlmap init my-map --from 2020-01-01-DL.md
      dlmap init "我的 地图" --name 深度学习地图
    """,
)
@click.argument("folder", metavar="DIR", required=False, type=click.Path(path_type=Path))
@click.option(
    "--from",
    "post",
    type=click.Path(path_type=Path),
    metavar="POST.md",
    help="Start from this post: copy it unchanged, and write a skeleton of its translation.",
)
@click.option("--name", default="", help="The title of the site.  Default: the title of the outline.")
def command(folder: Path | None, post: Path | None, name: str) -> None:
    """Create a site in the folder DIR: an example of every rule, or a site from a post.

    Existing files are never overwritten.
    """
    name = name.strip()
    if not name.isprintable():
        raise click.BadParameter("write the title on one line", param_hint="--name")
    folder = folder or _prompt()
    if not is_free(folder):
        raise click.UsageError(f"{folder} is not empty; choose a new or empty folder")
    title, repository = folder.resolve().name, repository_of(folder)
    if post is None:
        files = example_site(title, name, repository)
    else:
        source = _read(post)
        files = post_site(source.files, source.taxonomy, title, name, repository)
    try:
        write_files(folder, files)
    except FolderTakenError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        click.echo(f"error: {error.filename or folder}: {error.strerror or error}", err=True)
        raise click.exceptions.Exit(1) from None
    click.echo("\n".join(_report(folder, files)))
    if post is not None:
        click.echo(f"\nWhat dlmap made of {post.name}:\n{as_brief_text(explain(post))}", nl=False)


def _prompt() -> Path:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("name the folder of the new site: dlmap init my-map")
    from rich.console import Console  # noqa: PLC0415 - seldom needed, and slow to import
    from rich.prompt import Prompt  # noqa: PLC0415

    return Path(Prompt.ask("The folder of the new site", console=Console(stderr=True), default="my-map"))


def _read(path: Path) -> Post:
    with usage_errors():
        if path.is_dir():
            raise click.UsageError(f"{path} is a folder; name the post itself: --from {path / 'post.md'}")
        post = read_post(path)
    if not post.taxonomy.parts:
        click.echo(as_text(post.diagnostics), err=True, nl=False)
        click.echo("error: the post names no concept; nothing was written", err=True)
        raise click.exceptions.Exit(1)
    if errors := count_errors(post.diagnostics):
        click.echo(f"{path}: {count(errors, 'error')} to fix; run `dlmap check` to list them", err=True)
    return post


def _report(folder: Path, files: Iterable[str]) -> list[str]:
    enter = [] if folder.resolve() == Path.cwd() else [f"  cd {shlex.quote(str(folder))}"]
    return [
        f"{folder}: created a site",
        *(f"  {name}" for name in sorted(files)),
        "Next:",
        *enter,
        "  dlmap serve --open",
    ]
