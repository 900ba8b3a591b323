"""A renewal filed in time keeps the registration valid until it is decided or withdrawn; a late one does not."""

from datetime import date

import pytest
from tests.assurance.doing import APPLYING

from kansatsu.assurance.providers.models import Standing
from kansatsu.assurance.providers.queries import standing_states
from kansatsu.assurance.reviews import actions
from kansatsu.core.calendar import tokyo_moment
from kansatsu.core.refusals import Incomplete

STAGE = "registered"
RENEWAL = True
LAST_DAY = date(2026, 7, 31)


def state(renewal, *day):
    return standing_states([renewal.service.pk], date(*day)).get(renewal.service.pk)


def marks(renewal):
    standing = Standing.objects.get(service=renewal.service, audit_to=date(2025, 3, 31))
    return standing.renewal_filed_on, standing.renewal_closed_on


def on(renewal, *day):
    """Let the next act happen on that day, in the morning in Tokyo."""
    renewal.clock = tokyo_moment(date(*day), 9)
    renewal.later(-1)
    return renewal


def test_what_is_prepared_for_a_valid_registration_is_a_renewal(renewal):
    assert renewal.to("prepared").application.is_renewal
    assert marks(renewal) == (None, None)


def test_what_is_prepared_on_the_last_day_is_a_renewal_and_on_the_next_it_is_not(renewal):
    on(renewal, 2026, 7, 31).prepare()
    assert renewal.application.is_renewal
    APPLYING["withdraw"](renewal, renewal.actor("provider"))
    on(renewal, 2026, 8, 1).prepare()
    assert not renewal.application.is_renewal


def test_a_renewal_filed_on_the_last_day_is_in_time(renewal):
    renewal.to("prepared")
    on(renewal, 2026, 7, 31).submit()
    assert marks(renewal) == (LAST_DAY, None)
    assert state(renewal, 2026, 8, 1) == "renewal_pending"
    assert state(renewal, 2027, 8, 1) == "renewal_pending"


def test_a_renewal_filed_a_day_late_is_refused_and_saves_nothing(renewal):
    renewal.to("prepared")
    with pytest.raises(Incomplete) as refused:
        on(renewal, 2026, 8, 1).submit()
    assert [(one.code, one.where) for one in refused.value.problems] == [("reviews.renewal_too_late", "is_renewal")]
    assert marks(renewal) == (None, None)
    assert state(renewal, 2026, 8, 1) == "expired"


def test_a_draft_of_a_renewal_saves_nothing(renewal):
    renewal.to("prepared")
    assert state(renewal, 2026, 8, 1) == "expired"


def test_a_returned_renewal_stays_in_time_and_may_be_filed_again_after_the_last_day(renewal):
    renewal.to("submitted")
    filed_on = renewal.application.filed_on
    on(renewal, 2026, 7, 1).return_()
    assert state(renewal, 2026, 8, 15) == "renewal_pending"
    on(renewal, 2026, 9, 1).submit()
    assert renewal.application.status == "submitted"
    assert marks(renewal) == (filed_on, None)


def test_an_approved_renewal_keeps_it_valid_until_it_is_entered(renewal):
    renewal.to("before_committee")
    on(renewal, 2026, 9, 1).to("approved")
    assert marks(renewal)[1] is None
    assert state(renewal, 2026, 9, 30) == "renewal_pending"
    on(renewal, 2026, 10, 1).to("registered")
    assert state(renewal, 2026, 10, 3) == "valid"
    assert state(renewal, 2027, 7, 31) == "valid"
    assert state(renewal, 2027, 8, 1) == "expired"


def test_a_refused_renewal_keeps_nothing_valid_from_the_day_of_the_decision_on(renewal):
    renewal.to("before_committee")
    renewal.clock = tokyo_moment(date(2026, 8, 25), 9)
    renewal.refuse()
    assert marks(renewal)[1] == date(2026, 9, 1)
    assert state(renewal, 2026, 8, 31) == "renewal_pending"
    assert state(renewal, 2026, 9, 1) == "expired"


def test_a_renewal_refused_before_the_last_day_leaves_the_registration_until_then(renewal):
    renewal.to("before_committee").refuse()
    assert marks(renewal)[1] < LAST_DAY
    assert state(renewal, 2026, 7, 31) == "valid"
    assert state(renewal, 2026, 8, 1) == "expired"


def test_a_withdrawn_renewal_keeps_nothing_valid_from_that_day_on(renewal):
    renewal.to("under_review")
    APPLYING["withdraw"](on(renewal, 2026, 8, 20), renewal.actor("provider"))
    assert marks(renewal)[1] == date(2026, 8, 20)
    assert state(renewal, 2026, 8, 19) == "renewal_pending"
    assert state(renewal, 2026, 8, 20) == "expired"


def test_withdrawing_a_draft_changes_nothing(renewal):
    renewal.to("prepared")
    APPLYING["withdraw"](renewal, renewal.actor("provider"))
    assert marks(renewal) == (None, None)


def test_a_second_renewal_filed_in_time_keeps_it_valid_after_the_first_was_withdrawn(renewal):
    renewal.to("submitted")
    APPLYING["withdraw"](renewal, renewal.actor("provider"))
    renewal.prepare()
    on(renewal, 2026, 7, 31).submit()
    assert marks(renewal)[1] is None
    assert state(renewal, 2026, 8, 1) == "renewal_pending"


def test_a_second_renewal_filed_after_the_last_day_is_too_late(renewal):
    renewal.to("submitted")
    APPLYING["withdraw"](renewal, renewal.actor("provider"))
    on(renewal, 2026, 7, 30).prepare()
    with pytest.raises(Incomplete) as refused:
        on(renewal, 2026, 8, 1).submit()
    assert [one.code for one in refused.value.problems] == ["reviews.renewal_too_late"]


def test_what_is_filed_anew_on_the_day_a_late_renewal_was_closed_is_no_renewal(renewal):
    renewal.to("under_review")
    APPLYING["withdraw"](on(renewal, 2026, 8, 20), renewal.actor("provider"))
    renewal.clock = tokyo_moment(date(2026, 8, 20), 15)
    actor = renewal.actor("provider")
    again = actions.prepare(service=renewal.service, engagement=renewal.engagement, actor=actor, now=renewal.clock)
    actions.submit(application=again, actor=actor, now=renewal.clock)
    assert not again.is_renewal
    assert marks(renewal)[1] == date(2026, 8, 20)
    assert state(renewal, 2026, 8, 21) == "expired"
