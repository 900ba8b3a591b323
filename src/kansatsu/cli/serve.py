"""`kansatsu serve`: the portal behind gunicorn; in production only when nothing unsafe is left."""

import io
import os
import sys

import click

from kansatsu.cli import door
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), envvar="PORT", help="Port to listen on."
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Number of processes.")
@click.option("--production", is_flag=True, help="Refuse debug, the default key and pending migrations.")
@door.as_json
def serve(host: str, port: int, workers: int, production: bool, as_json: bool) -> None:
    """Serve the portal."""
    if production:
        os.environ["KANSATSU_MODE"] = "production"
    door.start()
    _require_fit(as_json=as_json)
    os.execv(sys.executable, gunicorn(host, port, workers))  # noqa: S606  (our own interpreter)


def gunicorn(host: str, port: int, workers: int) -> list[str]:
    """The server's command line."""
    return [
        sys.executable, "-m", "gunicorn", "kansatsu.web.wsgi:application",
        "--bind", f"{host}:{port}", "--workers", str(workers), "--threads", "4",
        "--log-level", "warning", "--no-control-socket", "--forwarded-allow-ips", "127.0.0.1",
    ]  # fmt: skip


@door.refusals
def _require_fit(*, as_json: bool) -> None:
    """:raises Incomplete: a setting is unsafe. :raises WrongState: the database is not at this version."""
    from django.conf import settings
    from django.core.management import call_command

    if settings.PRODUCTION:
        unsafe = []
        if settings.DEBUG:
            unsafe.append(Problem("cli.debug", where="KANSATSU_DEBUG"))
        if settings.SECRET_KEY == settings.DEFAULT_KEY:
            unsafe.append(Problem("cli.default_key", where="KANSATSU_SECRET_KEY"))
        if unsafe:
            raise Incomplete(unsafe)
    door.require_migrated()
    call_command("check", fail_level="ERROR", stdout=io.StringIO())
    if settings.PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)
