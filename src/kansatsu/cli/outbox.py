"""`kansatsu outbox`: letters that need a person, and sending one of them again."""

import click

from kansatsu.cli import door
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete


@click.group()
def outbox() -> None:
    """Letters that could not be sent."""


@outbox.command("list")
@door.as_json
@door.refusals
def list_(as_json: bool) -> None:
    """List letters that were given up, or interrupted in the middle (those may have arrived)."""
    door.start()
    door.require_migrated()
    from kansatsu.core.outbox import stranded

    letters = list(stranded())
    if as_json:
        fields = ("pk", "key", "address", "status", "tries", "trouble")
        rows = [{name: getattr(one, name) for name in fields} | {"at": one.posted_at.isoformat()} for one in letters]
        door.print_json({"letters": rows})
        return
    for one in letters:
        click.echo(f"{one.pk}  {one.status:8} {one.address}  {one.key}  {one.trouble}")


@outbox.command()
@click.argument("letter", type=click.IntRange(1))
@door.as_json
@door.refusals
def again(letter: int, as_json: bool) -> None:
    """Send a letter again, after seeing that it did not arrive."""
    door.start()
    door.require_migrated()
    from django.utils import timezone

    from kansatsu.core.outbox import send_again

    if not send_again(letter, now=timezone.now()):
        raise Incomplete(Problem("core.not_found", where="LETTER"))
    if as_json:
        door.print_json({"letter": letter, "status": "waiting"})
    else:
        click.echo(f"{letter} waits to be sent.")
