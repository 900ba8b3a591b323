"""Who sees which application, what waits for whom, who has it in hand, and the facts for the rules."""

from datetime import date

import pytest
from tests.assurance.doing import APPLICATION_IN, APPLYING, next_round

from kansatsu.assurance.providers.rules import StandingState
from kansatsu.assurance.reviews import policy, queries
from kansatsu.assurance.reviews.rules import ApplicationFacts
from kansatsu.assurance.statements import actions as statements
from kansatsu.core.calendar import tokyo_moment
from kansatsu.samples.walk import Walk

STAGE = "frozen"
BODY, COMMITTEE, OFFICE = {"reviewer", "other reviewer"}, {"committee"}, {"office"}
SEES = {
    "draft": {"provider"},
    "submitted": {"provider"} | BODY,
    "returned": {"provider"} | BODY,
    "accepted": {"provider"} | BODY,
    "under_review": {"provider"} | BODY,
    "questioned": {"provider"} | BODY,
    "before_committee": {"provider"} | BODY | COMMITTEE,
    "approved": {"provider"} | BODY | COMMITTEE | OFFICE,
    "refused": {"provider"} | BODY | COMMITTEE,
    "withdrawn": {"provider"} | BODY,
}
WAITS_FOR = {
    "draft": {"provider"},
    "submitted": BODY,
    "returned": {"provider"},
    "accepted": BODY,
    "under_review": BODY,
    "questioned": {"provider"},
    "before_committee": COMMITTEE,
    "approved": set(),
    "refused": set(),
    "withdrawn": set(),
}


@pytest.mark.parametrize("status", SEES)
def test_who_sees_an_application_in_each_status(walk, who, status):
    APPLICATION_IN[status](walk)
    assert {person for person in who if policy.visible_to(who[person]).contains(walk.application)} == SEES[status]


def test_the_committee_still_sees_what_it_sent_back(walk):
    walk.to("before_committee")
    APPLYING["send_back"](walk, walk.actor("decider"))
    assert policy.visible_to(walk.actor("decider")).contains(walk.application)


def test_a_draft_that_was_withdrawn_was_never_seen_by_the_support_body(walk):
    walk.to("prepared")
    APPLYING["withdraw"](walk, walk.actor("provider"))
    assert not policy.visible_to(walk.actor("reviewer")).exists()


@pytest.mark.parametrize("status", WAITS_FOR)
def test_whom_an_application_waits_for_in_each_status(walk, who, status):
    APPLICATION_IN[status](walk)
    assert {person for person in who if list(queries.waiting(who[person])) == [walk.application]} == WAITS_FOR[status]


def test_the_list_tells_when_a_question_was_answered(walk):
    walk.to("questioned")
    assert [one.came_back for one in queries.listed(walk.actor("reviewer"))] == [False]
    walk.to("answered_question")
    assert [one.came_back for one in queries.listed(walk.actor("reviewer"))] == [True]


def test_the_list_has_the_last_filed_first_and_the_queue_the_first_filed(walk, second):
    walk.to("submitted")
    second.clock = walk.clock
    second.to("submitted")
    assert list(queries.listed(walk.actor("reviewer"))) == [second.application, walk.application]
    assert list(queries.waiting(walk.actor("reviewer"))) == [walk.application, second.application]


@pytest.fixture
def second(walk):
    """Another provider's service, audited by the same body."""
    return Walk(people=walk.people, edition=walk.edition, period=walk.period, name="べつのもの", provider="minato").to(
        "frozen"
    )


def test_holders_are_told_for_all_applications_in_one_query(walk, second, django_assert_num_queries):
    walk.to("under_review")
    second.reviewer = "reviewer2"
    second.to("under_review")
    with django_assert_num_queries(1):
        found = queries.holders([walk.application, second.application])
    assert found == {str(walk.application.pk): "審査 みお", str(second.application.pk): "点検 さとる"}


def test_an_application_that_nobody_has_in_hand_has_no_holder(walk):
    walk.to("accepted_for_review")
    assert queries.holders([walk.application]) == {}


def test_the_facts_of_a_first_application(walk):
    walk.to("prepared")
    assert queries.facts(walk.application, date(2025, 5, 1)) == ApplicationFacts(
        is_renewal=False,
        standing=StandingState.NONE,
        report_is_frozen=True,
        statement_is_final=True,
        report_is_on_this_statement=True,
    )


def test_the_facts_of_a_renewal_on_a_given_day(walk):
    application = next_round(walk.to("registered")).to("prepared").application
    assert application.is_renewal
    assert queries.facts(application, date(2026, 7, 31)).standing is StandingState.VALID
    assert queries.facts(application, date(2026, 8, 1)).standing is StandingState.EXPIRED


def test_the_facts_see_that_the_statement_was_revised(walk):
    walk.to("prepared")
    statements.revise(statement=walk.statement, actor=walk.actor("provider"), now=walk.later())
    walk.application.refresh_from_db()
    assert not queries.facts(walk.application, date(2025, 5, 1)).statement_is_final


def test_there_is_no_aim_for_a_decision_before_acceptance(walk):
    assert queries.decision_target(walk.to("submitted").application) is None


def test_the_aim_counts_six_months_from_acceptance(walk):
    walk.to("submitted")
    walk.clock = tokyo_moment(date(2025, 5, 17), 9)
    application = walk.to("accepted_for_review").application
    assert application.accepted_on == date(2025, 5, 20)
    assert queries.decision_target(application) == date(2025, 11, 20)


def test_a_services_applications_are_those_the_actor_can_see(walk):
    walk.to("submitted")
    assert list(queries.of_service(walk.service.pk, walk.actor("provider"))) == [walk.application]
    assert list(queries.of_service(walk.service.pk, walk.actor("reviewer"))) == [walk.application]
    assert list(queries.of_service(walk.service.pk, walk.actor("decider"))) == []
    assert list(queries.of_service(walk.service.pk, walk.actor("minato"))) == []
