"""`kansatsu migrate`: bring the database to the present and install the shipped editions of the criteria."""

from pathlib import Path

import click

from kansatsu.cli import door
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete


@click.command()
@door.refusals
def migrate() -> None:
    """Migrate the database and install the shipped editions of the criteria."""
    door.start()
    bring_to_present()
    click.echo("The database is at the present state.", err=True)


def bring_to_present() -> None:
    """Migrations, the cache's table, the editions that hold facts only (no made-up ones), and the mapping sets."""
    from django.core.management import call_command
    from django.utils import timezone

    from kansatsu.accounts.actors import SYSTEM
    from kansatsu.assurance.criteria import editions
    from kansatsu.assurance.criteria.actions import install, install_mapping

    make_folder()
    door.require_reachable()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    for edition_id in editions.shipped_ids():
        if not editions.shipped(edition_id).is_synthetic:
            install(edition_id=edition_id, actor=SYSTEM, now=timezone.now())
    for mapping in editions.shipped_mappings():
        install_mapping(shipped=mapping, actor=SYSTEM, now=timezone.now())


def make_folder() -> None:
    """The folder of an SQLite database and of everything else the installation writes.

    :raises Incomplete: one of them cannot be made.
    """
    from django.conf import settings

    folders = {"KANSATSU_VAR": Path(settings.VAR)}
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        folders["DATABASE_URL"] = Path(settings.DATABASES["default"]["NAME"]).parent
    for name, folder in folders.items():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Incomplete(Problem("cli.unwritable", where=name, params={"reason": str(error)})) from error
