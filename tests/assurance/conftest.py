"""What the tests of the cycle share: a costly stage is reached once a module, and each test undoes what it does.

A module that names a stage of the walk as ``STAGE`` gets a `walk` that stands there already. With ``RENEWAL = True``
the `renewal` of that service, which else is made for the test that asks for it, is there from the beginning too.
"""

import copy
from datetime import date

import pytest
from django.test import override_settings
from tests.assurance.doing import BEGINNING, next_round, undone

from kansatsu.accounts import actions as accounts
from kansatsu.accounts.actors import SYSTEM, Actor, actor_of, lone_actor
from kansatsu.accounts.models import Organisation
from kansatsu.accounts.workflow import Role
from kansatsu.assurance.criteria.actions import install
from kansatsu.samples.cast import PASSWORD, enter_cast
from kansatsu.samples.walk import Walk

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def whole_module(django_db_setup, django_db_blocker):
    """One transaction around all tests of a module, undone at its end."""
    with django_db_blocker.unblock(), undone():
        yield


@pytest.fixture(scope="module")
def cast(whole_module):
    """The cast, entered once a module."""
    with override_settings(PASSWORD_HASHERS=QUICK):
        return enter_cast(now=BEGINNING)


@pytest.fixture(scope="module")
def installed(whole_module):
    """The edition of 2022-04, installed once a module."""
    return install(edition_id="ismap-2022-04", actor=SYSTEM, now=BEGINNING)


@pytest.fixture(scope="module")
def reached(cast, installed, request):
    """A service's way up to the module's stage."""
    walk = Walk(
        people=cast, edition=installed, period=(date(2024, 4, 1), date(2025, 3, 31)), name="あおぞらファイル共有"
    )
    if stage := getattr(request.module, "STAGE", ""):
        walk.to(stage)
    return walk


@pytest.fixture(scope="module")
def renewal_reached(reached, request):
    """In a module with ``RENEWAL``, the renewal that is there in every test."""
    return next_round(reached) if getattr(request.module, "RENEWAL", False) else None


@pytest.fixture
def people(db, cast):
    """The cast by key, each as an actor for their organisation."""
    return dict(cast)


@pytest.fixture
def edition(db, installed):
    """The shipped edition of 2022-04, installed."""
    return installed


@pytest.fixture
def walk(db, reached, renewal_reached):
    """A service on its way, standing at the module's stage; each test has its own."""
    return copy.deepcopy(reached)


@pytest.fixture
def renewal(walk, renewal_reached):
    """The renewal of the module's registered service, standing at the frozen report."""
    return copy.deepcopy(renewal_reached) if renewal_reached else next_round(walk)


@pytest.fixture(scope="module")
def leaver(cast):
    """Somebody who worked for the first provider, left, and works for nobody now."""
    organisation = Organisation.objects.get(pk=cast["provider"].organisation_id)
    invitation = accounts.invite(
        organisation=organisation,
        email="leaver@sample.example",
        role=Role.MEMBER,
        actor=cast["provider"],
        now=BEGINNING,
    )
    with override_settings(PASSWORD_HASHERS=QUICK):
        membership = accounts.join(
            invitation=invitation, actor=Actor("guest"), name="離任 すみ", password=PASSWORD, now=BEGINNING
        )
    accounts.leave(membership=membership, successor=None, actor=actor_of(membership), now=BEGINNING)
    return lone_actor(membership.person)


@pytest.fixture
def who(people, leaver):
    """A person of every kind, seen from a service of the first provider that the first audit body audits."""
    return {
        "provider": people["provider"],
        "other provider": people["minato"],
        "auditor": people["auditor"],
        "other auditor": people["tashika"],
        "reviewer": people["reviewer"],
        "other reviewer": people["reviewer2"],
        "committee": people["decider"],
        "office": people["office"],
        "agency": people["buyer"],
        "nobody": leaver,
        "system": SYSTEM,
    }
