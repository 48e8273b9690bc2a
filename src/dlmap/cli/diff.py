"""`dlmap diff`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import click

from dlmap.cache import Cache
from dlmap.cli.shared import count, site_argument, usage_errors
from dlmap.history import Change, ChangeKind, GitError, MapSnapshot, Repository, compare
from dlmap.load.discover import discover
from dlmap.load.revisions import RevisionReader, read_snapshot
from dlmap.site.page_types import reserved_ids
from dlmap.up_to_date import BuildRequest

_LANGUAGES = ("en", "zh")


@click.command(
    "diff",
    epilog="""\b
    Examples:
      dlmap diff
      dlmap diff v1.0..v2.0
      dlmap diff HEAD~10 --format markdown
    """,
)
@click.argument("revisions", default="HEAD")
@site_argument()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How to tell it.",
)
def command(revisions: str, path: Path, form: str) -> None:
    """Tell what was added, moved, renamed, dated and removed on the map.

    REVISIONS is OLD..NEW, or OLD alone to compare it with the files as they are; by default with the last commit.
    """
    with usage_errors():
        sources = discover(path)
        repository = Repository.around(sources.folder)
        if repository is None:
            raise click.UsageError(f"{path} lies in no Git repository with a whole history")
        old_name, dots, new_name = revisions.partition("..")
        with Cache.open(BuildRequest(path, None).cache_folder) as cache:
            past = RevisionReader(sources, repository, cache, reserved_ids())
            old = _read(past, repository, old_name or "HEAD")
            new = (
                _read(past, repository, new_name or "HEAD")
                if dots
                else read_snapshot(path, cache, reserved_ids())
            )
    if new is None:
        raise click.UsageError(f"{path} holds no map")
    _FORMS[form](compare(old, new))


def _read(past: RevisionReader, repository: Repository, name: str) -> MapSnapshot:
    try:
        snapshot = past.snapshot(repository.resolve(name))
    except GitError as error:
        raise click.UsageError(str(error)) from None
    if snapshot is None:
        raise click.UsageError(f"in `{name}` there is no map that can be read")
    return snapshot


def _as_text(changes: Sequence[Change]) -> None:
    if not changes:
        click.echo("nothing has changed on the map")
    for kind, found in groupby(changes, key=lambda change: change.kind):
        several = tuple(found)
        click.echo(f"{kind} ({len(several)})")
        for change in several:
            click.echo(f"  {change.id}: {_told(change)}")
    if aliases := tuple(_aliases(changes)):
        click.echo(f"\nFor the old addresses of {count(len(aliases), 'page')}, in dlmap.toml:\n\n[aliases]")
        click.echo("\n".join(aliases))


def _as_markdown(changes: Sequence[Change]) -> None:
    for kind, found in groupby(changes, key=lambda change: change.kind):
        click.echo(f"## {kind.capitalize()}\n")
        for change in found:
            click.echo(f"- `{change.id}`: {_escaped(_told(change))}")
        click.echo()
    if aliases := tuple(_aliases(changes)):
        click.echo("## Aliases for `dlmap.toml`\n\n```toml\n[aliases]")
        click.echo("\n".join(aliases))
        click.echo("```")


def _as_json(changes: Sequence[Change]) -> None:
    document = [
        {
            "change": change.kind.value,
            "id": change.id,
            "old_id": change.old_id or None,
            **{
                side: known and {**known._asdict(), "label": dict(known.label), "paper": known.paper or None}
                for side, known in (("before", change.before), ("after", change.after))
            },
        }
        for change in changes
    ]
    click.echo(json.dumps(document, ensure_ascii=False, indent=1).encode())


_FORMS: dict[str, Callable[[Sequence[Change]], None]] = {
    "text": _as_text,
    "json": _as_json,
    "markdown": _as_markdown,
}


def _told(change: Change) -> str:
    """What happened, in words."""
    before, after = change.before, change.after
    names = " / ".join(dict.fromkeys(change.name(lang) for lang in _LANGUAGES))
    match change.kind:
        case ChangeKind.ADDED if after:
            return f"{names}, {after.kind}{_under(after.broader)}"
        case ChangeKind.REMOVED if before:
            return f"{names}, {before.kind}{_under(before.broader)}"
        case ChangeKind.MOVED if before and after:
            return f"{names}, from {', '.join(before.broader) or 'the top'} to {', '.join(after.broader) or 'the top'}"
        case ChangeKind.DATED if before and after:
            return f"{names}, {after.year}{f' instead of {before.year}' if before.year else ''}"
        case _ if before:
            was = " / ".join(dict.fromkeys(before.name(lang) for lang in _LANGUAGES))
            old = f" (`{change.old_id}`)" if change.old_id else ""
            return f"{names}, before: {was}{old}"
    return names


def _under(broader: Sequence[str]) -> str:
    return f" under {', '.join(broader)}" if broader else ""


def _aliases(changes: Sequence[Change]) -> Iterator[str]:
    """A line of `[aliases]` for each page that has another address now."""
    for change in changes:
        if change.old_id and change.before and change.before.kind != "approach":
            yield f'{change.old_id} = "{change.id}"'


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\`*_[]<>#" else char for char in text)
