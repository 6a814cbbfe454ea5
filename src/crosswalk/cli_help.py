"""What `crosswalk --help` lists: commands in groups, those of the first day first and in their order."""

from __future__ import annotations

from typing import Final

import click

GROUPS: Final = {
    "First, in this order": ("serve", "connect", "projects", "new", "steps", "plan", "enable", "send"),
    "See how it is": ("status", "log", "records", "explain", "conflicts", "deletions", "only-in-jira", "connections"),
    "Records": (
        *("retry", "sync", "pause", "go-on", "ignore", "resolve", "undo", "put-back"),
        *("link", "unlink", "link-again", "send-all", "match", "settle", "import"),
    ),
    "Set up": (
        *("check", "disconnect", "connect-sites", "load", "hook", "export", "apply", "template", "people"),
        *("add-option", "move"),
    ),
    "Run the service": (
        *("worker", "password", "backup", "restore", "move-database", "rotate-secrets", "forget-secrets"),
    ),
}
"""Every command once."""
_WHOLE = 300  # characters: a first sentence is not cut off


class Grouped(click.Group):
    """A group of commands that lists them by GROUPS."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """See click.Group."""
        for title, names in GROUPS.items():
            with formatter.section(title):
                found = [(name, self.get_command(ctx, name)) for name in names]
                formatter.write_dl([(name, one.get_short_help_str(_WHOLE)) for name, one in found if one])
