"""What all tests share: quick password hashes, the cast, and a way through the cycle."""

import os
from datetime import date

import pytest


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL only what touches a database is run; the rest knows no database and runs once, on SQLite."""
    if not os.environ.get("KANSATSU_ONLY_WITH_DATABASE"):
        return
    chosen, rest = [], []
    for item in items:
        asks = {"db", "transactional_db", "new_installation"} & set(item.fixturenames)
        (chosen if asks or item.get_closest_marker("django_db") else rest).append(item)
    config.hook.pytest_deselected(items=rest)
    items[:] = chosen


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    """Password hashes that cost nothing; how passwords are judged is not touched."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Each test has its own folder for stored files and for letters."""
    settings.FILES_ROOT = str(tmp_path / "files")


_WRITTEN = {}


def written_once(name, act):
    """What the act gives. The first time it runs; after that, from the same state, its statements are run again.

    Nearly every test begins with the cast and an edition, and working them out anew takes longer than most tests.
    Only on SQLite, where the ids begin anew in every test, too.
    """
    from django.db import connection, transaction

    if connection.vendor != "sqlite":
        return act()
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, hash FROM core_chainhead")
        chain = tuple(cursor.fetchall())
        cursor.execute("SELECT name, seq FROM sqlite_sequence WHERE seq > 0 ORDER BY name")
        state = (name, chain, tuple(cursor.fetchall()))
    if state not in _WRITTEN:
        statements = []

        def record(execute, sql, params, many, context):
            if sql.startswith(("INSERT", "UPDATE")):
                statements.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(record):
            _WRITTEN[state] = (act(), statements)
        return _WRITTEN[state][0]
    given, statements = _WRITTEN[state]
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
    return given


@pytest.fixture
def people(db):
    """The cast by key, each as an actor for their organisation: provider, auditor, reviewer, decider, office …"""
    from kansatsu.core.calendar import tokyo_moment
    from kansatsu.samples.cast import enter_cast

    return dict(written_once("people", lambda: enter_cast(now=tokyo_moment(date(2025, 1, 6), 9))))


@pytest.fixture
def edition(db):
    """The shipped edition of 2022-04, installed."""
    from kansatsu.accounts.actors import SYSTEM
    from kansatsu.assurance.criteria.actions import install
    from kansatsu.assurance.criteria.models import Edition
    from kansatsu.core.calendar import tokyo_moment

    now = tokyo_moment(date(2025, 1, 6), 9)
    written_once("edition", lambda: install(edition_id="ismap-2022-04", actor=SYSTEM, now=now))
    return Edition.objects.get(pk="ismap-2022-04")


@pytest.fixture
def walk(people, edition):
    """A service on its way: ``walk.to("submitted")`` brings it there by the acts themselves."""
    from kansatsu.samples.walk import Walk

    return Walk(
        people=people, edition=edition, period=(date(2024, 4, 1), date(2025, 3, 31)), name="あおぞらファイル共有"
    )
