"""`kansatsu worker`: sends what waits in the outbox, until it is stopped."""

import click

from kansatsu.cli import door


@click.command()
@click.option("--once", is_flag=True, help="Do what waits now, then stop.")
@door.refusals
def worker(once: bool) -> None:
    """Work off the queue: send letters, retry those that failed."""
    door.start()
    from django.core.management import call_command
    from django.utils import timezone

    from kansatsu.core.outbox import enqueue_waiting

    door.require_migrated()
    enqueue_waiting(timezone.now())
    call_command("db_worker", batch=once, interval=1, startup_delay=not once, verbosity=0)
