"""`kansatsu statement check`: the pre-check, as the page and the review desk show it."""

import sys

import click

from kansatsu.cli import door
from kansatsu.core.problems import Problem, render
from kansatsu.core.refusals import Incomplete


@click.group()
def statement() -> None:
    """Providers' statements."""


@statement.command()
@click.option(
    "--id", "statement_id", type=click.IntRange(1), required=True, help="The statement's number in its address."
)
@door.acting_as
@door.as_json
def check(statement_id: int, email: str, as_json: bool) -> None:
    """Check a statement in the portal; exit code 3 with one entry per breach."""
    door.start()
    _check(statement_id, email, as_json=as_json)


@door.refusals
def _check(statement_id: int, email: str, *, as_json: bool) -> None:
    from django.utils import timezone

    from kansatsu.assurance.statements import policy, queries
    from kansatsu.core.calendar import tokyo_date

    door.require_migrated()
    found = policy.visible_to(door.actor(email)).filter(pk=statement_id).select_related("edition").first()
    if found is None:
        raise Incomplete(Problem("core.not_found", where="--id"))
    result = queries.pre_check(found, tokyo_date(timezone.now()))
    if as_json:
        tongue = door.language()
        notices = [render(notice, tongue) for notice in result.notices]
        door.print_json({"problems": [render(one, tongue) for one in result.problems], "notices": notices})
    else:
        door.show_problems([*result.notices, *result.problems], as_json=False)
    sys.exit(Incomplete.exit_code if result.problems else 0)
