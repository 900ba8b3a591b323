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


@pytest.fixture
def people(db):
    """The cast by key, each as an actor for their organisation: provider, auditor, reviewer, decider, office …"""
    from kansatsu.core.calendar import tokyo_moment
    from kansatsu.samples.cast import enter_cast

    return enter_cast(now=tokyo_moment(date(2025, 1, 6), 9))


@pytest.fixture
def edition(db):
    """The shipped edition of 2022-04, installed."""
    from kansatsu.accounts.actors import SYSTEM
    from kansatsu.assurance.criteria.actions import install
    from kansatsu.core.calendar import tokyo_moment

    return install(edition_id="ismap-2022-04", actor=SYSTEM, now=tokyo_moment(date(2025, 1, 6), 9))


@pytest.fixture
def walk(people, edition):
    """A service on its way: ``walk.to("submitted")`` brings it there by the acts themselves."""
    from kansatsu.samples.walk import Walk

    return Walk(
        people=people, edition=edition, period=(date(2024, 4, 1), date(2025, 3, 31)), name="あおぞらファイル共有"
    )
