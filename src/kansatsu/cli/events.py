"""`kansatsu events`: the head of the history's chain, and whether the chain holds."""

import re
import sys

import click

from kansatsu.cli import door
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete


@click.group()
def events() -> None:
    """The hash-chained history."""


@events.command()
@door.as_json
@door.refusals
def head(as_json: bool) -> None:
    """Print the end of the chain; keep it somewhere else, so that a cut-off end shows."""
    door.start()
    door.require_migrated()
    from kansatsu.core.events import head as chain_head

    end = chain_head()
    if as_json:
        door.print_json({"number": end.number, "hash": end.hash})
    else:
        click.echo(f"{end.number}:{end.hash}")


@events.command()
@click.option("--head", "saved", metavar="NUMBER:HASH", help="A head saved earlier.")
@door.as_json
@door.refusals
def verify(saved: str | None, as_json: bool) -> None:
    """Check every event's hash and its link to the one before; exit code 3 where the chain does not hold."""
    door.start()
    door.require_migrated()
    from kansatsu.core.events import Head, breaks
    from kansatsu.core.events import head as chain_head

    known = None
    if saved is not None:
        match = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", saved)
        if not match:
            raise Incomplete(Problem("cli.head_form", where="--head", params={"value": saved}))
        known = Head(int(match[1]), match[2])
    problems = [
        Problem("cli.chain_broken", where=str(one.number), params={"number": one.number, "kind": one.kind})
        for one in breaks(known)
    ]
    if problems:
        door.show_problems(problems, as_json=as_json)
        sys.exit(Incomplete.exit_code)
    end = chain_head()
    if as_json:
        door.print_json({"problems": [], "number": end.number, "hash": end.hash})
    else:
        click.echo(f"The chain of {end.number} events holds: {end.hash}")
