"""`kansatsu cycle`: the whole cycle for one service, headless, in a database that is thrown away."""

import os
import tempfile
from pathlib import Path
from typing import Any

import click

from kansatsu.cli import door


@click.command()
@click.option("--criteria", "edition", metavar="EDITION", default="ismap-2024-07", show_default=True,
              help="Edition of the criteria to state against.")  # fmt: skip
@door.as_json
def cycle(edition: str, as_json: bool) -> None:
    """Take one service through every step of the cycle and print its entry on the public list."""
    with tempfile.TemporaryDirectory(prefix="kansatsu-cycle-") as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'cycle.sqlite3'}"
        os.environ["KANSATSU_VAR"] = folder
        os.environ["KANSATSU_MODE"] = "development"
        door.start()
        try:
            _run(edition, as_json=as_json)
        finally:
            from django.db import connection

            connection.close()


@door.refusals
def _run(edition_id: str, *, as_json: bool) -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from kansatsu.accounts.actors import SYSTEM
    from kansatsu.assurance.criteria import actions as criteria
    from kansatsu.assurance.register.queries import listed, public_list
    from kansatsu.core.calendar import tokyo_date, tokyo_moment
    from kansatsu.core.dated import rulebook
    from kansatsu.samples.cast import enter_cast
    from kansatsu.samples.walk import Walk, last_full_period

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    period = last_full_period(tokyo_date(timezone.now()), months_ago=3)
    begin = tokyo_moment(period[0], 9)
    people = enter_cast(now=begin)
    edition = criteria.install(edition_id=edition_id, actor=SYSTEM, now=begin)
    walk = Walk(
        people=people,
        edition=edition,
        period=period,
        name="（見本）あおぞらファイル共有",
        name_en="(sample) Aozora Files",
    )
    try:
        walk.to("registered")
        walk.remind(max(rulebook("assurance/register").on("renewal_notices", tokyo_date(walk.clock))["days"]))
    finally:
        steps = _steps()
        if not as_json:
            for step in steps:
                _print(step)
    on_list = next(row for row in public_list(tokyo_date(walk.clock)) if row.entry.number == walk.entry.number)
    entry = _entry(listed(walk.entry, tokyo_date(walk.clock)).entry)
    if as_json:
        door.print_json({"steps": steps, "entry": entry})
    else:
        first, last = entry["audit_period"]["from"], entry["audit_period"]["to"]
        click.echo(f"\n{entry['number']}  {entry['service']}  {entry['provider']}")
        click.echo(f"{first} – {last}  →  {entry['valid_until']}  ({on_list.state})")


def _steps() -> list[dict[str, Any]]:
    """Every step that was taken, out of the history; the cast's own beginnings left out."""
    from kansatsu.core.models import Event

    events = Event.objects.exclude(act__startswith="accounts.").order_by("number")
    return [
        {
            "actor": event.actor,
            "act": event.act,
            "object": event.object_label,
            "from": event.before,
            "to": event.after,
            "at": event.at.isoformat(),
        }
        for event in events
    ]


def _print(step: dict[str, Any]) -> None:
    from kansatsu.core.words import word

    folder, _, act = step["act"].partition(".")
    tongue = door.language()
    change = f"{step['from'] or '·'} → {step['to'] or '·'}"
    click.echo(
        f"{step['at'][:10]}  {change:32}  {word(f'{folder}.act.{act}', tongue)}  {step['object']}  {step['actor']}"
    )


def _entry(entry: Any) -> dict[str, Any]:
    return {
        "number": entry.number,
        "service": entry.service_name,
        "provider": entry.provider_name,
        "audit_period": {"from": entry.standing.audit_from.isoformat(), "to": entry.standing.audit_to.isoformat()},
        "valid_until": entry.standing.valid_until.isoformat(),
        "remarks": [{"on": one.on.isoformat(), "text": one.text} for one in entry.remarks.order_by("on", "pk")],
    }
