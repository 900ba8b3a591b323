"""`kansatsu sweep`: once a day, remind of renewals and clear away what has run out."""

import click

from kansatsu.cli import door


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say which reminders are due.")
@door.as_json
def sweep(dry_run: bool, as_json: bool) -> None:
    """Send the reminders of renewal that are due today; drop old sessions and finished tasks."""
    door.start()
    _sweep(dry_run=dry_run, as_json=as_json)


@door.refusals
def _sweep(*, dry_run: bool, as_json: bool) -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from kansatsu.accounts.actors import SYSTEM
    from kansatsu.assurance.register.actions import remind
    from kansatsu.assurance.register.queries import due_reminders
    from kansatsu.core.calendar import tokyo_date

    door.require_migrated()
    now = timezone.now()
    due = list(due_reminders(tokyo_date(now)))
    if not dry_run:
        for entry, notice in due:
            remind(entry=entry, notice=notice, actor=SYSTEM, now=now)
        call_command("clearsessions", verbosity=0)
        call_command("prune_db_task_results", verbosity=0)
    if as_json:
        reminders = [{"number": entry.number, "notice_days": notice} for entry, notice in due]
        door.print_json({"reminders": reminders, "dry_run": dry_run})
    else:
        for entry, notice in due:
            click.echo(f"{entry.number}  {entry.standing.valid_until}  ({notice})  {entry.service_name}")
