"""The documentation says what the program does."""

import re
from collections.abc import Callable

import click
import pytest

from harvester import errors
from harvester.cli import cli
from harvester.store import reads_people
from harvester.store.views import VIEWS
from tests.documents import DOCS, PAGES

INTERFACE = (DOCS / "interface.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "page"), PAGES.items())
def test_a_generated_page_is_up_to_date(name: str, page: Callable[[], str]) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == page(), "run: make docs"


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= _commands(command, (*path, name))
        else:
            found[" ".join((*path, name))] = command
    return found


@pytest.mark.parametrize("name", sorted(_commands(cli)))
def test_every_command_is_in_the_interface_page(name: str) -> None:
    group, _, command = name.rpartition(" ")
    section = INTERFACE.partition("## Commands")[2].partition("\n## ")[0]

    assert re.search(rf"`[^`]*\b{group or command}\b[^`]*`", section)
    assert command in section


@pytest.mark.parametrize("command", _commands(cli).values(), ids=str)
def test_every_command_and_option_explains_itself(command: click.Command) -> None:
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help or isinstance(option.type, click.Choice), option.name


def test_every_exit_code_is_in_the_interface_page() -> None:
    codes = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.HarvesterError)
    }
    section = INTERFACE.partition("## Exit codes")[2].partition("\n## ")[0]

    assert {int(code) for code in re.findall(r"^\| (\d+) \|", section, re.M)} == codes | {0, 1}


def test_the_interface_page_lists_the_views_with_columns_that_they_have() -> None:
    section = INTERFACE.partition("## Views")[2]
    promised = {
        name: [] if "…" in columns else columns.split(", ")
        for names, columns in re.findall(r"^\| (`[^|]+) \| [^|]+ \| ([^|]+) \|$", section, re.M)
        for name in re.findall(r"`(\w+)`", names)
    }

    real = {name: list(reads_people.view_columns(name)) for name in promised}

    assert set(promised) <= set(VIEWS)
    for name, columns in promised.items():
        assert real[name][: len(columns)] == columns, name
