"""The command line: one file a command, each imported only when it is called."""

from __future__ import annotations

import importlib
import sys

import click

import dlmap

_COMMANDS = {
    "build": "Build a site from a folder or a single post.",
    "check": "Report what is wrong with a site, without building it.",
    "serve": "Preview a site in the browser, rebuilt at every change.",
}


class _LazyGroup(click.Group):
    """Imports a command's module when it is needed, so that the others cost nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = importlib.import_module(f"dlmap.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Examples:  dlmap build my-post.md   |   dlmap serve --open   |   dlmap check --strict",
)
@click.version_option(dlmap.__version__, prog_name="dlmap")
def group() -> None:
    """Turn an outline post into a published, bilingual knowledge map."""


def main() -> None:
    """The console script: exit codes 0 fine, 1 content, 2 usage or configuration, 130 interrupted."""
    try:
        group.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
