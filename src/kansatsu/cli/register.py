"""`kansatsu register`: the public list, and taking over registrations that exist already."""

from pathlib import Path
from typing import Any

import click

from kansatsu.cli import door
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete


@click.group()
def register() -> None:
    """The register and the public list."""


@register.command("list")
@click.option("--search", default="", help="Words in name, provider, region or number.")
@door.as_json
@door.refusals
def list_(search: str, as_json: bool) -> None:
    """Print the public list as of today."""
    door.start()
    door.require_migrated()
    from django.utils import timezone

    from kansatsu.assurance.register.queries import public_list
    from kansatsu.core.calendar import tokyo_date

    rows = public_list(tokyo_date(timezone.now()), search=search)
    if as_json:
        door.print_json({"entries": [_plain(row) for row in rows]})
        return
    for row in rows:
        entry = row.entry
        click.echo(f"{entry.number:12} {row.state:16} {entry.standing.valid_until}  {entry.service_name}")


def _plain(row: Any) -> dict[str, str]:
    return {
        "number": row.entry.number,
        "service": row.entry.service_name,
        "provider": row.entry.provider_name,
        "valid_until": row.entry.standing.valid_until.isoformat(),
        "state": row.state.value,
    }


@register.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "email", metavar="EMAIL", help="Whose act it is; not needed for a dry run.")
@click.option("--dry-run", is_flag=True, help="Only check the file; writes nothing and needs no database.")
@door.as_json
@door.refusals
def adopt(file: Path, email: str | None, dry_run: bool, as_json: bool) -> None:
    """Take over registrations that exist already, from a CSV file of public facts; all rows or none."""
    if not dry_run and not email:
        raise click.UsageError("Give --as EMAIL, or --dry-run.")
    door.start()
    from django.utils import timezone

    from kansatsu.assurance.register import actions, sheets

    try:
        content = file.read_bytes()
    except OSError as error:
        raise Incomplete(Problem("cli.unreadable_file", where="FILE", params={"reason": error.strerror})) from error
    rows, problems = sheets.adopted_rows(content)
    if problems:
        raise Incomplete(problems)
    if not dry_run and email:
        door.require_migrated()
        actions.adopt(rows=rows, actor=door.actor(email), now=timezone.now())
    if as_json:
        door.print_json({"adopted": [row.number for row in rows], "dry_run": dry_run, "problems": []})
    else:
        click.echo(f"{len(rows)} {'would be adopted' if dry_run else 'adopted'}")
