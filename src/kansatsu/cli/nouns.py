"""The nouns of the command line, each in a file of its own, loaded only when it is called."""

from importlib import import_module

import click

NOUNS = {
    "backup": "backup",
    "criteria": "criteria",
    "cycle": "cycle",
    "demo": "demo",
    "events": "events",
    "migrate": "migrate",
    "oscal": "oscal",
    "outbox": "outbox",
    "register": "register",
    "restore": "backup",
    "serve": "serve",
    "setup": "setup",
    "statement": "statement",
    "sweep": "sweep",
    "worker": "worker",
}


class LazyGroup(click.Group):
    """Finds a noun's command in ``kansatsu.cli.<file>`` under its own name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in NOUNS:
            return None
        module = import_module(f"kansatsu.cli.{NOUNS[cmd_name]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command
