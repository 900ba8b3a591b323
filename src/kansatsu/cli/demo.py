"""`kansatsu demo`: the sample world in a database of its own, and the portal on it."""

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import click

from kansatsu.cli import door
from kansatsu.core.datafiles import HOUSE


@click.command()
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), envvar="PORT", help="Port to listen on."
)
@click.option("--fresh", is_flag=True, help="Build the world anew even if today's is there.")
@click.option("--build-only", is_flag=True, help="Build the world, do not serve it.")
def demo(port: int, fresh: bool, build_only: bool) -> None:
    """Build the sample world (made-up services in every state of the cycle) and serve the portal on it."""
    folder = Path(os.environ.get("KANSATSU_VAR", HOUSE.parent.parent / "var")) / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    world = folder / "demo.sqlite3"
    os.environ["KANSATSU_VAR"] = str(folder)
    os.environ["KANSATSU_MODE"] = "development"
    os.environ["KANSATSU_SITE_URL"] = f"http://127.0.0.1:{port}"
    built_on = folder / "built-on"
    today = date.today().isoformat()  # noqa: DTZ011  (only tells whether the world is stale)
    if fresh or not world.exists() or not built_on.exists() or built_on.read_text() != today or _is_behind(built_on):
        built_on.unlink(missing_ok=True)
        _build(folder / "building.sqlite3", world)
        built_on.write_text(today)
    os.environ["DATABASE_URL"] = f"sqlite:///{world.absolute()}"
    if not build_only:
        _serve(port)


def _is_behind(built_on: Path) -> bool:
    """Has the program got migrations since the world was built?"""
    newest = max(path.stat().st_mtime for path in HOUSE.glob("**/migrations/0*.py"))
    return built_on.stat().st_mtime < newest


def _build(building: Path, world: Path) -> None:
    """Build beside the final name, so that a world is whole or not there."""
    for name in (building, world):
        for leftover in building.parent.glob(f"{name.name}*"):
            leftover.unlink()
    os.environ["DATABASE_URL"] = f"sqlite:///{building.absolute()}"
    code = "from kansatsu.cli.demo import build_here; build_here()"
    subprocess.run([sys.executable, "-c", code], check=True)
    building.replace(world)


def build_here() -> None:
    """Build the world in the database of DATABASE_URL, saying how far it has come."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kansatsu.settings")
    door.start()
    from django.db import connection
    from django.utils import timezone

    from kansatsu.cli.migrate import bring_to_present
    from kansatsu.core.models import Letter
    from kansatsu.samples.world import PLANS, build

    bring_to_present()
    for count, name in enumerate(build(timezone.now()), start=1):
        click.echo(f"\r{count}/{len(PLANS)} {name:20}", nl=False, err=True)
    click.echo(err=True)
    from django_tasks_db.models import DBTaskResult

    Letter.objects.all().update(status=Letter.SENT, body="")
    DBTaskResult.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _serve(port: int) -> None:
    from kansatsu.cli.serve import gunicorn

    door.start()
    _say_who(port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    helper = subprocess.Popen([sys.executable, "-m", "kansatsu.cli", "worker"])
    try:
        server = subprocess.Popen(gunicorn("127.0.0.1", port, 2))
        server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait()
    finally:
        helper.terminate()
        helper.wait()


def _say_who(port: int) -> None:
    from kansatsu.core.words import word
    from kansatsu.samples.cast import ORGANISATIONS, PASSWORD, address

    tongue = door.language()
    click.echo(f"\n  http://127.0.0.1:{port}/\n")
    click.echo(
        "  "
        + (
            "見本の世界：人も組織もサービスも架空です。"
            if tongue == "ja"
            else "A sample world: people, organisations and services are made up."
        )
    )
    click.echo(
        "  " + (f"パスワードは全員 {PASSWORD}" if tongue == "ja" else f"Everybody's password: {PASSWORD}") + "\n"
    )
    for one in ORGANISATIONS:
        people = ", ".join(address(person.key) for person in one.people)
        click.echo(f"  {word(f'accounts.kind.{one.kind}', tongue):24} {people}")
    click.echo("\n  " + ("終了：Ctrl+C" if tongue == "ja" else "Stop with Ctrl+C"), err=False)
