"""The command line: one file a command, each imported only when it is called."""

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
    "init": "Make a new site: an example, or the site of a post.",
    "check": "Report what is wrong with a site, without building it.",
    "export": "Write the map in the format of another program.",
    "diff": "Tell what changed on the map between two revisions.",
    "serve": "Preview a site in the browser, rebuilt at every change.",
    "completion": "Complete commands and options in a shell.",
}
_MAX_MESSAGE = 300
_OBJECTS_BETWEEN_COLLECTIONS = 100_000


class _LazyGroup(click.Group):
    """Imports a command's module when it is needed, so that the others cost nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        if cmd_name not in _COMMANDS:
            return None
        command = importlib.import_module(f"dlmap.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands by name; click's own way would import each, to see whether it is hidden."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - click imports it for this case only

        named = (name for name in _COMMANDS if name.startswith(incomplete))
        commands = [CompletionItem(name, help=_COMMANDS[name]) for name in named]
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

    Exit codes: 0 fine, 1 errors in the content, 2 wrong usage or configuration, 130 interrupted.
    """,
)
@click.version_option(dlmap.__version__, prog_name="dlmap")
def group() -> None:
    """Turn an outline post into a published, bilingual knowledge map."""


def main() -> None:
    """The console script: exit codes 0 fine, 1 content, 2 usage or configuration, 130 interrupted."""
    # A build makes many values that live to its end, and few cycles: to look for them as often as Python does by
    # itself would take a third of the time.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 50, 100)
    try:
        # click hands back the code of `Exit` in this mode; a command itself returns nothing.
        code = group.main(prog_name="dlmap", standalone_mode=False) or 0
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except Exception as error:  # noqa: BLE001 - the last place where a fault of dlmap can be told in words
        _report_fault(error)
        code = 1
    sys.exit(code)


def _report_fault(error: Exception) -> None:
    """Tell of an exception that no command handles: one line, and what to do with it."""
    if os.environ.get("DLMAP_TRACEBACK") == "1":
        import traceback  # noqa: PLC0415 - for this rare case only

        traceback.print_exception(error)
    from dlmap.theme import ThemeError, place_in_template  # noqa: PLC0415

    words = " ".join(f"{type(error).__name__}: {error}".split())
    if isinstance(error, ThemeError):
        click.echo(f"error: {error}", err=True)
        if place := place_in_template(error):
            click.echo(f"  in {place[0]}:{place[1]}", err=True)
        return
    if place := place_in_template(error):
        click.echo(f"error: {place[0]}:{place[1]}: {words[:_MAX_MESSAGE]}", err=True)
        click.echo("  help: correct the template; docs/theming.md tells what it is given", err=True)
        return
    click.echo(f"error: dlmap itself failed: {words[:_MAX_MESSAGE]}", err=True)
    click.echo(
        f"  help: this is no fault of your site; please report it{_tracker()},"
        " with what DLMAP_TRACEBACK=1 in the environment makes the same command say",
        err=True,
    )


def _tracker() -> str:
    """Where this installation says that faults are reported."""
    from importlib import metadata  # noqa: PLC0415 - for this rare case only

    try:
        addresses = metadata.metadata("dlmap").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return ""
    named = dict(address.split(", ", 1) for address in addresses if ", " in address)
    return f" at {named['Issues']}" if "Issues" in named else ""
