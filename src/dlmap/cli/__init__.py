"""The command line: one file for each command, imported only when called."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from typing import TYPE_CHECKING

import click

import dlmap

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_COMMANDS = {
    "build": "Build a site from a folder or a single post.",
    "init": "Create a new site: an example, or a site from a post.",
    "check": "Report the problems of a site without building it.",
    "export": "Write the map in the format of another program.",
    "diff": "Show what changed on the map between two revisions.",
    "serve": "Preview a site in the browser; rebuild it on every change.",
    "completion": "Print a shell completion script.",
}
_MAX_MESSAGE = 300
_OBJECTS_BETWEEN_COLLECTIONS = 100_000


class _LazyGroup(click.Group):
    """Imports the module of a command on demand, so that the others cost nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        if cmd_name not in _COMMANDS:
            return None
        command = importlib.import_module(f"dlmap.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command by its name; an unknown name is an error that suggests the nearest one."""
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            import difflib  # noqa: PLC0415 - needed only in this rare case

            matches = difflib.get_close_matches(args[0], _COMMANDS, 1)
            help = f"did you mean `{matches[0]}`?" if matches else f"commands: {', '.join(_COMMANDS)}"
            ctx.fail(f"unknown command `{args[0]}`; {help}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands by name; click would import each to see whether it is hidden."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - click imports it for this case only

        names = (name for name in _COMMANDS if name.startswith(incomplete))
        commands = [CompletionItem(name, help=_COMMANDS[name]) for name in names]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
    Examples:
      dlmap init my-map
      dlmap build my-post.md
      dlmap serve --open
      dlmap check --strict

    Exit codes: 0 success, 1 errors in the content, 2 wrong usage or configuration, 130 interrupted.
    """,
)
@click.version_option(dlmap.__version__, "-V", "--version", prog_name="dlmap")
def group() -> None:
    """Turn an outline post into a published, bilingual knowledge map."""


def main() -> None:
    """The console script; exit codes: 0 success, 1 content, 2 usage or configuration, 130 interrupted."""
    # A build creates many long-lived values and few cycles: Python's default thresholds would cost a third of the time.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 50, 100)
    try:
        # In this mode click returns the code of `Exit`; commands return nothing.
        code = group.main(prog_name="dlmap", standalone_mode=False) or 0
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except Exception as error:  # noqa: BLE001 - the last chance to report a bug in one line
        _report_bug(error)
        code = 1
    sys.exit(code)


def _report_bug(error: Exception) -> None:
    """Print one line for an exception that no command handles, and what to do."""
    if os.environ.get("DLMAP_TRACEBACK") == "1":
        import traceback  # noqa: PLC0415 - needed only in this rare case

        traceback.print_exception(error)
    from dlmap.theme import ThemeError, place_in_template  # noqa: PLC0415

    message = " ".join(f"{type(error).__name__}: {error}".split())
    if isinstance(error, ThemeError):
        click.echo(f"error: {error}", err=True)
        if place := place_in_template(error):
            click.echo(f"  in {place[0]}:{place[1]}", err=True)
        return
    if position := place_in_template(error):
        click.echo(f"error: {position[0]}:{position[1]}: {message[:_MAX_MESSAGE]}", err=True)
        click.echo("  help: correct the template; docs/theming.md lists its variables", err=True)
        return
    click.echo(f"error: dlmap itself failed: {message[:_MAX_MESSAGE]}", err=True)
    click.echo(
        f"  help: this is not a problem of your site; please report it{_tracker()},"
        " with the output of the same command with DLMAP_TRACEBACK=1 in the environment",
        err=True,
    )


def _tracker() -> str:
    """The issue tracker, according to the metadata of the installation."""
    from importlib import metadata  # noqa: PLC0415 - needed only in this rare case

    try:
        addresses = metadata.metadata("dlmap").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return ""
    urls = dict(address.split(", ", 1) for address in addresses if ", " in address)
    return f" at {urls['Issues']}" if "Issues" in urls else ""
