"""What all nouns share: starting Django, the language, the actor, and how a refusal leaves the program."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from kansatsu.core.problems import Problem, render
from kansatsu.core.refusals import Incomplete, Refusal, WrongState

P = ParamSpec("P")
R = TypeVar("R")

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
acting_as = click.option("--as", "email", metavar="EMAIL", required=True, help="Whose act it is: a person's address.")


def language() -> str:
    """``ja`` or ``en`` by LC_ALL, LC_MESSAGES or LANG; English when none names Japanese."""
    chosen = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "ja" if chosen.lower().startswith("ja") else "en"


def start() -> None:
    """Start Django with the settings of the environment, in the language of the command line.

    A bad setting ends the program with exit code 2 and a message that names it.
    """
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.utils import translation

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise click.UsageError(str(error)) from error
    translation.activate(language())


def require_reachable() -> None:
    """:raises WrongState: the database cannot be reached, or is none."""
    from django.db import connection
    from django.db.utils import DatabaseError

    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise WrongState(Problem("cli.no_database", where="DATABASE_URL")) from error


def require_migrated() -> None:
    """Leaves no trace: an SQLite file that is not there is not made.

    :raises WrongState: the database cannot be reached, was never set up, or is behind the program.
    """
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    if not has_database_file():
        raise WrongState(Problem("cli.no_database", where="DATABASE_URL"))
    require_reachable()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise WrongState(Problem("cli.pending_migrations", where="DATABASE_URL"))


def has_database_file() -> bool:
    """Is there a file to open? Always so where the database is not a file."""
    from django.db import connection

    return connection.vendor != "sqlite" or Path(connection.settings_dict["NAME"]).is_file()


def print_json(value: Any) -> None:
    """One JSON object on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def show_problems(problems: Sequence[Problem], *, as_json: bool) -> None:
    """Problems as one JSON object on stdout, or in sentences on stderr."""
    texts = [render(problem, language()) for problem in problems]
    if as_json:
        print_json({"problems": texts})
        return
    for text in texts:
        clause = f"  [{text['clause']}]" if text["clause"] else ""
        place = f"{text['where']}: " if text["where"] else ""
        click.echo(f"{place}{text['message']}{clause}\n  → {text['remedy']}", err=True)


def refusals(function: Callable[P, R]) -> Callable[P, R]:
    """Let a refusal leave the program with its problems and its exit code. Takes `as_json` from the call, if there."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except Refusal as refusal:
            show_problems(refusal.problems, as_json=bool(kwargs.get("as_json")))
            sys.exit(refusal.exit_code)

    return run


def actor(email: str) -> Any:
    """The person of that address, as an actor for their (first) organisation.

    :raises Incomplete: nobody has this address.
    """
    from kansatsu.accounts.models import Person
    from kansatsu.accounts.queries import actor_for
    from kansatsu.accounts.rules import normalised_address

    person = Person.objects.filter(email=normalised_address(email), is_active=True).first()
    if person is None:
        raise Incomplete(Problem("core.not_found", where="--as"))
    return actor_for(person)


def write_whole(target: Path, content: bytes, *, where: str) -> None:
    """The whole file or none: it gets its name only when all of it is on the disk.

    :param where: what the problem names when it cannot be written.
    :raises Incomplete: it cannot be written.
    """
    place = target.resolve()
    half = place.with_name(f".{place.name}.{os.getpid()}.half")
    try:
        try:
            with half.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            half.replace(place)
        finally:
            half.unlink(missing_ok=True)
    except OSError as error:
        raise Incomplete(Problem("cli.unwritable", where=where, params={"reason": error.strerror})) from error
