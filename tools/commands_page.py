"""Writes docs/reference/commands.md from the command line itself. A test holds the page against it.

./run python -m tools.commands_page
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from crosswalk.cli import main

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "commands.md"
HEAD = """# Commands

Written from the program by `./run python -m tools.commands_page`. In a checkout, `./run crosswalk` stands for
`crosswalk`. Commands read the same [settings](settings.md) as the service and work on the same database; what they
start is carried out by the service, which has to run. A name with spaces is put in quotes:
`crosswalk plan "Fable Bicycles"`.

A command that could not do what it was asked says why on standard error and ends with 1; one that was called wrongly
ends with 2.
"""


def page() -> str:
    """The page's text."""
    return HEAD + "".join(f"\n{entry}" for entry in _entries(main, "crosswalk"))


def _entries(group: click.Group, path: str) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _entries(command, f"{path} {name}")
        elif not command.hidden:
            yield _entry(command, f"{path} {name}")


def _entry(command: click.Command, path: str) -> str:
    context = click.Context(command, info_name=path)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    lines = [f"## {path}", "", "```", usage, "```", "", *(command.help or "").split("\n"), ""]
    options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    if options:
        lines += ["| option | |", "|---|---|", *(_option(one, context) for one in options), ""]
    return "\n".join(lines)


def _option(option: click.Option, context: click.Context) -> str:
    found = option.get_help_record(context)
    assert found is not None  # hidden ones are left out
    names, text = (part.replace("|", "\\|") for part in found)
    return f"| `{names}` | {' '.join(text.split())} |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
