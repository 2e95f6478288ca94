"""The generated pages of docs/: what they must hold, and the command that writes them.

    python -m tests.documents

Tests compare the pages with what is generated here, so that they cannot drift.
"""

from pathlib import Path

import click

from harvester.cli import cli
from harvester.store.dictionary import dictionary

DOCS = Path(__file__).parent.parent / "docs"


def command_line() -> str:
    """Return docs/cli.md: the help of every command."""
    parts = [
        "# The command line",
        "Generated from the program by `make docs`; do not edit.",
        *_help(cli, "harvester"),
    ]
    return "\n\n".join(parts) + "\n"


def _help(command: click.Command, path: str) -> list[str]:
    context = click.Context(
        command,
        info_name=path,
        max_content_width=88,
        terminal_width=88,
        # as the commands inherit them; click remembers those of the first time that it is asked,
        # so tests call commands through `cli`, never by themselves
        help_option_names=cli.context_settings["help_option_names"],
    )
    parts = [f"## {path}", f"```\n{command.get_help(context).rstrip()}\n```"]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            parts += _help(child, f"{path} {name}")
    return parts


PAGES = {"cli.md": command_line, "data-dictionary.md": dictionary}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
