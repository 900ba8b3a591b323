"""Installations for the tests of the command line; a migrated and a filled one are made once a run and copied."""

import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
import pytest
from tests.cli.program import ON_POSTGRESQL, ROOT, Installation

_NUMBERS = itertools.count()


def _admin(statement):
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(scope="session")
def new_installation(tmp_path_factory):
    """Makes an installation with an empty database, or with a copy of another's."""
    made = []

    def make(like=None):
        var = tmp_path_factory.mktemp("house") / "var"
        if ON_POSTGRESQL:
            name = f"cli_{os.getpid()}_{next(_NUMBERS)}"
            template = urlsplit(like.url).path[1:] if like else "template0"
            _admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            made.append(name)
            url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        else:
            url = f"sqlite:///{var / 'kansatsu.sqlite3'}"
        if like:
            shutil.copytree(like.var, var)
        return Installation(url, var, dict(like.ids) if like else {})

    yield make
    for name in made:
        _admin(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def migrated_template(new_installation):
    """One migrated database a run, made by the program itself."""
    one = new_installation()
    one.var.mkdir(parents=True)
    assert one.run("migrate").code == 0
    return one


@pytest.fixture(scope="session")
def filled_template(new_installation, migrated_template):
    """One filled database a run."""
    one = new_installation(migrated_template)
    environment = one.environment(DJANGO_SETTINGS_MODULE="kansatsu.settings")
    command = [sys.executable, "-m", "tests.cli.world"]
    one.ids = json.loads(subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
    return one


@pytest.fixture
def bare(new_installation):
    """An installation whose database nobody has set up; on SQLite there is not even a file."""
    return new_installation()


@pytest.fixture
def migrated(new_installation, migrated_template):
    """A migrated installation without anybody in it."""
    return new_installation(migrated_template)


@pytest.fixture
def filled(new_installation, filled_template):
    """An installation with the cast, two statements, a registration and a stored file; see ``world.py``."""
    return new_installation(filled_template)


@pytest.fixture
def port():
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
