"""Entering a renewal, what it changes for reminders, and registering anew what was lost."""

from datetime import date

import pytest
from tests.assurance.doing import APPLYING, REGISTERING, refusal

from kansatsu.accounts.actors import SYSTEM
from kansatsu.assurance.providers.models import Standing
from kansatsu.assurance.providers.queries import last_standing
from kansatsu.assurance.register import actions, queries
from kansatsu.core.calendar import tokyo_moment
from kansatsu.core.events import history
from kansatsu.core.refusals import WrongState
from kansatsu.samples.walk import Walk

STAGE = "registered"
RENEWAL = True
LAST_DAY = date(2026, 7, 31)


def due(day):
    return [(entry.number, notice) for entry, notice in queries.due_reminders(day)]


def renewals(walk, day):
    return [row.entry.number for row in queries.renewals_due(walk.actor("provider"), day)]


def test_a_renewal_is_not_entered_as_if_it_were_new(renewal):
    renewal.to("approved")
    assert refusal(REGISTERING["enter"], renewal, renewal.actor("office")) == ("wrong-state", "register.not_approved")


def test_a_renewal_opens_a_new_period_under_the_same_number(renewal, walk):
    entry = renewal.to("registered").entry
    assert (entry.number, entry.standing.valid_until, entry.application) == (
        "C25-0001-1", date(2027, 7, 31), renewal.application,
    )  # fmt: skip
    assert list(Standing.objects.order_by("audit_to").values_list("number", "valid_until")) == [
        ("C25-0001-1", date(2026, 7, 31)),
        ("C25-0001-1", date(2027, 7, 31)),
    ]
    assert entry.entered_on == walk.entry.entered_on < entry.standing.entered_on


def test_a_renewal_leaves_a_dated_remark_in_both_languages(renewal):
    entry = renewal.to("registered").entry
    found = entry.remarks.get()
    assert (found.text, found.text_en) == (
        "登録を更新（有効期限 2027-07-31）", "Registration renewed (valid until 2027-07-31)",
    )  # fmt: skip
    assert str(found) == f"{entry.standing.entered_on}: 登録を更新（有効期限 2027-07-31）"
    assert history(entry).last().details == {"application": renewal.application.pk, "valid_until": "2027-07-31"}


def test_a_renewal_is_entered_only_once(renewal):
    renewal.to("registered")
    refused = refusal(REGISTERING["renew"], renewal, renewal.actor("office"))
    assert refused == ("wrong-state", "register.entered_already")


def test_a_renewal_of_another_service_does_not_renew_this_one(renewal, walk):
    renewal.to("approved")
    other = Walk(people=walk.people, edition=walk.edition, period=walk.period, name="べつのもの")
    other.to("registered")
    with pytest.raises(WrongState) as refused:
        actions.renew(
            entry=other.entry, application=renewal.application, actor=renewal.actor("office"), now=renewal.later()
        )
    assert [problem.code for problem in refused.value.problems] == ["register.other_entry"]


def test_a_removed_entry_is_not_renewed_and_no_period_is_left_behind(renewal, walk):
    renewal.to("approved")
    REGISTERING["remove"](walk, walk.actor("office"))
    with pytest.raises(WrongState):
        actions.renew(
            entry=walk.entry,
            application=renewal.application,
            actor=renewal.actor("office"),
            now=renewal.later(),
        )
    assert Standing.objects.count() == 1


def test_a_renewal_takes_over_the_facts_of_the_new_statement(renewal, walk):
    entry = renewal.to("registered").entry
    assert entry.application.statement == renewal.statement != walk.statement


def test_an_approved_renewal_waits_for_the_office_too(renewal):
    renewal.to("approved")
    assert list(queries.to_enter(renewal.actor("office"))) == [renewal.application]
    renewal.to("registered")
    assert list(queries.to_enter(renewal.actor("office"))) == []


def test_nobody_is_reminded_while_a_renewal_is_filed(renewal):
    assert due(date(2026, 7, 24)) == [("C25-0001-1", 7)]
    renewal.to("submitted")
    assert due(date(2026, 7, 24)) == []


def test_reminders_begin_anew_with_the_next_period(renewal, walk):
    actions.remind(entry=walk.entry, notice=7, actor=SYSTEM, now=walk.later())
    renewal.to("registered")
    assert due(date(2027, 2, 1)) == [("C25-0001-1", 180)]


def test_a_renewal_that_is_filed_is_no_longer_due(renewal):
    assert renewals(renewal, LAST_DAY) == ["C25-0001-1"]
    renewal.to("submitted")
    assert renewals(renewal, LAST_DAY) == []


def test_the_provider_is_reminded_again_once_the_renewal_is_withdrawn(renewal):
    renewal.to("submitted")
    APPLYING["withdraw"](renewal, renewal.actor("provider"))
    assert due(date(2026, 7, 24)) == [("C25-0001-1", 7)]


def test_the_renewal_is_due_again_once_it_is_withdrawn(renewal):
    renewal.to("submitted")
    APPLYING["withdraw"](renewal, renewal.actor("provider"))
    assert renewals(renewal, LAST_DAY) == ["C25-0001-1"]


@pytest.mark.parametrize("lost", ["expired", "removed"])
def test_a_service_whose_registration_was_lost_can_be_registered_anew(walk, renewal, lost):
    if lost == "removed":
        REGISTERING["remove"](walk, walk.actor("office"))
    else:
        renewal.clock = tokyo_moment(date(2026, 8, 3), 9)
    renewal.to("approved")
    assert not renewal.application.is_renewal
    entry = renewal.to("registered").entry
    assert entry.number == "C26-0001-1" != walk.entry.number
    assert last_standing(walk.service.pk).valid_until == date(2027, 7, 31)
    assert [(row.entry.number, row.state) for row in queries.public_list(date(2026, 12, 1))] == [
        ("C25-0001-1", lost),
        ("C26-0001-1", "valid"),
    ]


def test_what_is_registered_anew_is_renewed_under_its_new_number(walk, renewal):
    REGISTERING["remove"](walk, walk.actor("office"))
    renewal.to("registered")
    third = Walk(
        people=walk.people,
        edition=walk.edition,
        period=(date(2026, 4, 1), date(2027, 3, 31)),
        name=walk.name,
        service=walk.service,
    ).to("approved")
    assert third.application.is_renewal
    assert queries.entry_to_renew(third.application) == renewal.entry
    assert third.to("registered").entry.number == "C26-0001-1"


def test_an_entry_that_was_lost_is_not_renewed_in_place_of_the_new_one(walk, renewal):
    renewal.clock = tokyo_moment(date(2026, 8, 3), 9)
    renewal.to("registered")
    third = Walk(
        people=walk.people,
        edition=walk.edition,
        period=(date(2026, 4, 1), date(2027, 3, 31)),
        name=walk.name,
        service=walk.service,
    ).to("approved")
    third.entry = walk.entry
    refused = refusal(REGISTERING["renew"], third, walk.actor("office"))
    assert refused == ("wrong-state", "register.other_entry")


def test_the_entry_to_renew_is_the_one_of_the_newest_period(walk, renewal):
    renewal.to("approved")
    assert queries.entry_to_renew(renewal.application) == walk.entry
