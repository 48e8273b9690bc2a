"""`dlmap completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "zsh", "fish")


@click.command(
    "completion",
    epilog="""\b
    Examples:
      echo 'eval "$(dlmap completion bash)"' >> ~/.bashrc
      echo 'eval "$(dlmap completion zsh)"' >> ~/.zshrc
      dlmap completion fish > ~/.config/fish/completions/dlmap.fish
    """,
)
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the script that makes SHELL complete commands, options and paths."""
    completion = get_completion_class(shell)
    assert completion is not None
    click.echo(completion(context.find_root().command, {}, "dlmap", "_DLMAP_COMPLETE").source())
