"""A small sample world, built once for all tests that look at it and undone at the end."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import override_settings

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CHOSEN = (
    "three_rounds", "due", "renewal_pending", "renewed", "expired", "removed", "refused", "withdrawn", "approved",
    "questioned", "under_review", "returned", "declined", "half", "described",
)  # fmt: skip


@pytest.fixture(scope="module")
def small_world(django_db_setup, django_db_blocker):
    """The first plan for each of the chosen states, as `build` makes them; gives each service's name by its state."""
    from kansatsu.samples.world import PLANS, build

    plans = [next(plan for plan in PLANS if plan.to == state) for state in CHOSEN]
    with (
        django_db_blocker.unblock(),
        override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]),
    ):
        frame = transaction.atomic()
        frame._from_testcase = True  # acts insist on the outermost transaction, save for that of a test
        with frame:
            said = list(build(NOW, plans=tuple(plans)))
            assert said == [plan.name for plan in plans]
            yield {plan.to: f"（見本）{plan.name}" for plan in plans}
            transaction.set_rollback(True)


@pytest.fixture
def world(db, small_world):
    """The small world, which each test leaves as it found it."""
    return small_world
