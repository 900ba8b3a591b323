"""The real program as a subprocess, in an installation of its own: a database, a folder, an environment.

The database is of the kind that ``DATABASE_URL`` names to the tests.
"""

import contextlib
import http.client
import json
import os
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[2]
ON_POSTGRESQL = os.environ["DATABASE_URL"].startswith("postgresql")
KEY = "a-key-for-the-tests-of-the-command-line-0123456789"
_OURS = ("KANSATSU_", "LC_")


@dataclass(frozen=True)
class Done:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def codes(self):
        """The codes of the problems it printed as JSON; stdout holds nothing else."""
        assert set(self.json) == {"problems"}
        return [problem["code"] for problem in self.json["problems"]]


@dataclass
class Installation:
    """One installation of the program.

    :param ids: what its records are called, where somebody has filled it.
    """

    url: str
    var: Path
    ids: dict = field(default_factory=dict)

    def environment(self, **variables):
        """Nothing of the tests' own settings; a warning ends the program."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        for name in ("DJANGO_SETTINGS_MODULE", "LANG", "LANGUAGE", "PORT"):
            kept.pop(name, None)
        own = {
            "DATABASE_URL": self.url,
            "KANSATSU_VAR": str(self.var),
            "LANG": "en_GB.UTF-8",
            "PYTHONWARNINGS": "error",
        }
        return kept | own | variables

    def command(self, *arguments):
        return [sys.executable, "-m", "kansatsu.cli", *map(str, arguments)]

    def run(self, *arguments, stdin="", **variables):
        """Run the program to its end; whatever it does, it never ends with a traceback."""
        done = subprocess.run(
            self.command(*arguments),
            input=stdin,
            env=self.environment(**variables),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    @contextlib.contextmanager
    def running(self, *arguments, **variables):
        """The program while it runs; it and all it has started are gone afterwards."""
        process = subprocess.Popen(
            self.command(*arguments),
            env=self.environment(**variables),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.communicate()

    @contextlib.contextmanager
    def database(self):
        """A cursor beside the program."""
        if ON_POSTGRESQL:
            with psycopg.connect(self.url, autocommit=True) as connection:
                yield connection.cursor()
        else:
            with contextlib.closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as connection:
                connection.isolation_level = None
                yield connection.cursor()

    def sql(self, statement):
        """Change the database behind the program's back, or look into it."""
        with self.database() as cursor:
            cursor.execute(statement)
            return [] if cursor.description is None else list(cursor.fetchall())

    def content(self):
        """Every row of every table, by table."""
        with self.database() as cursor:
            cursor.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                if ON_POSTGRESQL
                else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
            tables = [name for (name,) in cursor.fetchall()]
            found = {}
            for name in tables:
                cursor.execute(f'SELECT * FROM "{name}"')
                found[name] = sorted(map(repr, cursor.fetchall()))
        return found

    def files(self):
        """The stored files, by path below their folder."""
        root = self.var / "files"
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def until(holds, *, seconds=60):
    """Wait until something holds.

    :raises TimeoutError: it never did.
    """
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)


def get(port, path, **headers):
    """Status, headers and text of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read().decode()


def answers(port):
    """Does the portal serve by now?"""
    with contextlib.suppress(OSError):
        return get(port, "/healthz")[0] == 200
    return False
