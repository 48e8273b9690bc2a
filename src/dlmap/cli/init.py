"""`dlmap init`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from dlmap.cli.shared import count, usage_errors
from dlmap.load.discover import discover
from dlmap.pipeline import explain, read_outline
from dlmap.scaffold import FolderTakenError, example_site, is_free, post_site, repository_of, write_files
from dlmap.taxonomy import Taxonomy
from dlmap.text import Severity
from dlmap.text.explanation import as_brief_text
from dlmap.text.report import as_text


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
    help="Make the site of this post, which stays as it is, and the frame of its translation.",
)
@click.option("--name", default="", help="The title of the site; by default that of the outline.")
def command(folder: Path | None, post: Path | None, name: str) -> None:
    """Make a new site in the folder DIR: an example of every rule, or the site of a post.

    A file that exists is never overwritten.
    """
    name = name.strip()
    if not name.isprintable():
        raise click.BadParameter("a title is one line of text", param_hint="--name")
    folder = folder or _asked_for()
    if not is_free(folder):
        raise click.UsageError(f"{folder} is taken, and nothing is overwritten; name a new folder")
    title, repository = folder.resolve().name, repository_of(folder)
    if post is None:
        files = example_site(title, name, repository)
    else:
        taxonomy, posts = _read(post)
        files = post_site(posts, taxonomy, title, name, repository)
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


def _asked_for() -> Path:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("name the folder of the new site: dlmap init my-map")
    from rich.console import Console  # noqa: PLC0415 - seldom needed, and slow to import
    from rich.prompt import Prompt  # noqa: PLC0415

    return Path(Prompt.ask("The folder of the new site", console=Console(stderr=True), default="my-map"))


def _read(post: Path) -> tuple[Taxonomy, dict[str, bytes]]:
    """A post and, where it has one, its translation: what they say, and their bytes by language."""
    with usage_errors():
        if post.is_dir():
            raise click.UsageError(f"{post} is a folder; name the post itself: --from {post / 'post.md'}")
        reading = read_outline(post)
    taxonomy, diagnostics = reading.taxonomy, reading.diagnostics
    if not taxonomy.parts:
        click.echo(as_text(diagnostics), err=True, nl=False)
        click.echo("error: the post names no concept; nothing was written", err=True)
        raise click.exceptions.Exit(1)
    if errors := sum(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics):
        click.echo(f"{post}: {count(errors, 'error')} to mend, see: dlmap check", err=True)
    files = {file.name: file for _, file in discover(post).outlines}
    named = {lang: preface.source.path.rpartition("/")[2] for lang, preface in taxonomy.prefaces.items()}
    return taxonomy, {lang: files[name].read_bytes() for lang, name in named.items() if name in files}


def _report(folder: Path, files: Iterable[str]) -> list[str]:
    enter = [] if folder.resolve() == Path.cwd() else [f"  cd {shlex.quote(str(folder))}"]
    return [
        f"{folder}: a new site",
        *(f"  {name}" for name in sorted(files)),
        "Next:",
        *enter,
        "  dlmap serve --open",
    ]
