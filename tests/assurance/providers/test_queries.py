"""The newest standing, the standing of several services at once, and the services one can build on."""

import copy
from datetime import date

import pytest

from kansatsu.assurance.providers import actions, queries
from kansatsu.assurance.providers.workflow import Model
from kansatsu.assurance.register import actions as register

STAGE = "registered"


@pytest.fixture
def unregistered(walk):
    return actions.describe(name="まだないサービス", model=Model.IAAS, actor=walk.actor("minato"), now=walk.later())


def test_a_service_that_was_never_registered_has_no_standing(unregistered):
    assert queries.last_standing(unregistered.pk) is None


def test_the_last_standing_is_the_one_of_the_newest_period(walk, renewal):
    first = queries.last_standing(walk.service.pk)
    assert (str(first), first.audit_to) == ("C25-0001-1", date(2025, 3, 31))
    renewal.to("registered")
    assert queries.last_standing(walk.service.pk).audit_to == date(2026, 3, 31)


def test_the_states_of_several_services_leave_out_those_never_registered(walk, unregistered):
    assert queries.standing_states([walk.service.pk, unregistered.pk], date(2026, 7, 31)) == {walk.service.pk: "valid"}


def test_the_newest_period_decides_about_the_state(walk, renewal):
    renewal.to("registered")
    assert queries.standing_states(iter([walk.service.pk]), date(2027, 7, 31)) == {walk.service.pk: "valid"}
    assert queries.standing_states(iter([walk.service.pk]), date(2027, 8, 1)) == {walk.service.pk: "expired"}


def test_services_that_ever_stood_on_the_register_can_be_chosen_by_name(walk, unregistered):
    assert queries.registered_services() == [walk.service]


def test_a_removed_service_can_still_be_chosen_and_is_listed_once(walk, renewal):
    renewal.to("registered")
    entry = copy.copy(renewal.entry)
    register.remove(entry=entry, reason="申出による。", actor=walk.actor("office"), now=renewal.later())
    assert queries.registered_services() == [walk.service]
