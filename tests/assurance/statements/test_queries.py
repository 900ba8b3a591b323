"""The pre-check's facts from the database, the content hash, how far a statement has come, and what waits."""

import copy
from dataclasses import replace
from datetime import date

import pytest

from kansatsu.assurance.providers import actions as providers
from kansatsu.assurance.providers.rules import StandingState
from kansatsu.assurance.providers.workflow import Model
from kansatsu.assurance.register import actions as register
from kansatsu.assurance.reviews import actions as reviews
from kansatsu.assurance.statements import actions, queries
from kansatsu.assurance.statements.actions import Answer, Used
from kansatsu.assurance.statements.models import Statement
from kansatsu.assurance.statements.workflow import LineState
from kansatsu.core.calendar import tokyo_moment
from kansatsu.core.problems import Problem
from kansatsu.samples import statement as sample
from kansatsu.samples.walk import Walk

STAGE = "registered"
RUNNING_OUT, RUN_OUT = date(2026, 7, 31), date(2026, 8, 1)
BASE_GONE = Problem("statements.base_not_registered", where="used_services", params={"service": "きばんの雲"})
LINE_GONE = Problem("statements.inherited_not_registered", where="line", control="11.1.1")


@pytest.fixture(scope="module")
def built_once(reached):
    """Another provider's clean statement that names the registered service as its base and inherits one line."""
    walk = copy.deepcopy(reached)
    service = providers.describe(name="うえもの", model=Model.SAAS, actor=walk.actor("minato"), now=walk.later())
    statement = actions.start(service=service, edition=walk.edition, actor=walk.actor("minato"), now=walk.later())
    return build(walk, statement, [Used("きばんの雲", is_base=True, registered=walk.service)], walk.service)


@pytest.fixture
def built(walk, built_once):
    """That statement, for one test."""
    return copy.deepcopy(built_once)


def build(walk, statement, used, inherited_from):
    answers = sample.answers(statement, seed=1)
    given = {
        "texts": sample.header(statement.service),
        "audit_from": date(2025, 4, 1),
        "audit_to": date(2026, 3, 31),
        "actor": walk.actor("minato"),
    }
    if inherited_from is not None:
        line = Answer("11.1.1", LineState.INHERITED, inherited_from=inherited_from)
        answers = [line if one.number == "11.1.1" else one for one in answers]
    statement = actions.describe(statement=statement, used_services=used, now=walk.later(), **given)
    return actions.answer(statement=statement, answers=answers, actor=walk.actor("minato"), now=walk.later())


def problems(statement, day):
    return queries.pre_check(statement, day).problems


def test_a_base_with_a_valid_registration_is_enough(built):
    assert problems(built, RUNNING_OUT) == ()


def test_a_base_whose_registration_has_expired_is_not(built):
    assert problems(built, RUN_OUT) == (BASE_GONE, LINE_GONE)


def test_a_base_whose_renewal_is_being_decided_is_enough(built, renewal):
    renewal.to("submitted")
    assert problems(built, RUN_OUT) == ()


def test_a_base_whose_renewal_was_refused_after_the_last_day_is_not(built, renewal):
    renewal.to("before_committee")
    renewal.clock = tokyo_moment(date(2026, 8, 25), 9)
    renewal.refuse()
    assert problems(built, date(2026, 8, 31)) == ()
    assert problems(built, date(2026, 9, 1)) == (BASE_GONE, LINE_GONE)


def test_a_base_whose_renewal_was_withdrawn_is_not(built, renewal):
    renewal.to("submitted")
    reviews.withdraw(application=renewal.application, actor=renewal.actor("provider"), now=renewal.later())
    assert problems(built, RUNNING_OUT) == ()
    assert problems(built, RUN_OUT) == (BASE_GONE, LINE_GONE)


def test_a_base_that_was_removed_is_not(built, walk):
    register.remove(entry=walk.entry, reason="申出による。", actor=walk.actor("office"), now=walk.later())
    assert problems(built, RUNNING_OUT) == (BASE_GONE, LINE_GONE)


def test_a_base_that_is_not_linked_to_a_registered_service_is_not(built, walk):
    statement = build(walk, built, [Used("きばんの雲", is_base=True)], None)
    assert problems(statement, RUNNING_OUT) == (BASE_GONE,)


def test_a_service_that_is_used_but_is_no_base_need_not_be_registered(built, walk):
    statement = build(walk, built, [Used("きばんの雲", is_base=False)], None)
    assert problems(statement, RUN_OUT) == ()


def test_the_numbers_only_edition_gives_a_notice(built):
    assert queries.pre_check(built, RUNNING_OUT).notices == (
        Problem("criteria.incomplete_edition", where="edition", params={"edition": "ismap-2022-04"}),
    )


def test_the_header_is_read_with_the_standing_of_the_services_it_uses(built):
    facts = queries.header_facts(built, RUNNING_OUT)
    assert (facts.audit_from, facts.audit_to) == (date(2025, 4, 1), date(2026, 3, 31))
    assert [(one.name, one.is_base, one.standing) for one in facts.used_services] == [
        ("きばんの雲", True, StandingState.VALID)
    ]
    assert facts.texts["service_name"] == "うえもの"


def test_the_lines_are_read_in_numeric_order_with_two_queries(built, django_assert_num_queries):
    with django_assert_num_queries(2):
        facts = queries.line_facts(built, RUNNING_OUT)
    found = [one.number for one in facts]
    assert len(found) == 261
    assert found.index("5.1.1") < found.index("6.1.1") < found.index("10.1.1")
    inherited = [one for one in facts if one.state == LineState.INHERITED]
    assert [(one.number, one.inherited_standing) for one in inherited] == [("11.1.1", StandingState.VALID)]


def test_the_next_period_must_follow_the_registered_one(walk):
    service, actor = walk.service, walk.actor("provider")
    statement = actions.start(service=service, edition=walk.edition, actor=actor, now=walk.later())
    assert queries.previous_end(statement) == date(2025, 3, 31)


def test_a_service_that_was_never_registered_has_no_earlier_period(built):
    assert queries.previous_end(built) is None


def test_the_limits_of_a_period_are_twelve_and_three_months():
    limits = queries.limits(date(2025, 4, 1))
    assert (limits.longest_months, limits.shortest_months) == (12, 3)


def test_no_limits_are_known_for_a_day_before_the_programme_began():
    with pytest.raises(LookupError):
        queries.limits(date(2020, 6, 2))


def rewritten(walk, statement, **changes):
    """The statement's content hash after one change of its header."""
    given = {
        "texts": {},
        "audit_from": statement.audit_from,
        "audit_to": statement.audit_to,
        "used_services": [Used("きばんの雲", is_base=True, registered=walk.service)],
    }
    now = walk.later()
    statement = actions.describe(statement=statement, actor=walk.actor("minato"), now=now, **(given | changes))
    return queries.content_hash(statement)


def test_the_content_hash_stays_the_same_when_nothing_changes(built, walk):
    assert rewritten(walk, built) == queries.content_hash(built)


@pytest.mark.parametrize(
    "change",
    [
        {"texts": {"scope": "別の範囲"}},
        {"texts": {"signatory_title": "部長"}},
        {"audit_to": date(2026, 3, 30)},
        {"used_services": []},
        {"used_services": [Used("きばんの雲", is_base=False)]},
    ],
)
def test_a_change_of_the_header_changes_the_content_hash(built, walk, change):
    before = queries.content_hash(built)
    assert rewritten(walk, built, **change) != before


@pytest.mark.parametrize("change", [{"text": "改めた。"}, {"responsible": "別の部"}, {"reason": "なし"}])
def test_a_change_of_one_line_changes_the_content_hash(built, walk, change):
    before = queries.content_hash(built)
    given = Answer("5.1.1", LineState.IMPLEMENTED)
    statement = actions.answer(
        statement=built, answers=[replace(given, **change)], actor=walk.actor("minato"), now=walk.later()
    )
    assert queries.content_hash(statement) != before


def test_progress_counts_the_lines_by_state_in_one_query(walk, django_assert_num_queries):
    service = providers.describe(name="なかば", model=Model.SAAS, actor=walk.actor("minato"), now=walk.later())
    statement = actions.start(service=service, edition=walk.edition, actor=walk.actor("minato"), now=walk.later())
    given = [
        Answer("5.1.1", LineState.IMPLEMENTED),
        Answer("5.1.2", LineState.EXCLUDED, reason="なし"),
        Answer("6.1.1", LineState.IMPLEMENTED),
        Answer("6.1.2", LineState.NOT_SELECTED, reason="なし"),
        Answer("6.1.3", LineState.INHERITED, inherited_from=walk.service),
    ]
    statement = actions.answer(statement=statement, answers=given, actor=walk.actor("minato"), now=walk.later())
    with django_assert_num_queries(1):
        progress = queries.progress(statement)
    assert (progress.total, progress.answered_percent) == (261, 1)
    assert list(progress.parts()) == [
        ("unanswered", 256),
        ("implemented", 2),
        ("inherited", 1),
        ("excluded", 1),
        ("not_selected", 1),
    ]


def test_a_finished_statement_is_answered_to_a_hundred_percent(built):
    assert queries.progress(built).answered_percent == 100


def test_progress_of_nothing_is_nothing():
    assert queries.Progress(0, 0, 0, 0, 0, 0).answered_percent == 0


def test_a_services_statements_come_newest_first(walk):
    draft = actions.revise(statement=walk.statement, actor=walk.actor("provider"), now=walk.later())
    assert list(queries.of_service(walk.service.pk)) == [draft, walk.statement]


def test_drafts_wait_for_their_own_provider_with_their_open_lines(built, walk):
    service = providers.describe(name="からっぽ", model=Model.SAAS, actor=walk.actor("minato"), now=walk.later())
    empty = actions.start(service=service, edition=walk.edition, actor=walk.actor("minato"), now=walk.later())
    waiting = queries.drafts_waiting(walk.actor("minato"))
    assert [(one.pk, one.open_lines) for one in waiting] == [(built.pk, 0), (empty.pk, 261)]
    assert list(queries.drafts_waiting(walk.actor("provider"))) == []


def test_a_disclosed_draft_does_not_wait_for_the_auditor(walk, installed):
    other = Walk(people=walk.people, edition=installed, period=walk.period, name="したがき", provider="minato")
    other.to("answered").propose()
    assert Statement.objects.filter(disclosures__organisation=walk.actor("auditor").organisation_id).contains(
        other.statement
    )
    assert list(queries.drafts_waiting(walk.actor("auditor"))) == []


def test_implemented_objectives_are_those_implemented_or_inherited_in_numeric_order(built, walk):
    given = [Answer("5.1.2", LineState.EXCLUDED, reason="なし"), Answer("6.1.2", LineState.IMPLEMENTED)]
    statement = actions.answer(statement=built, answers=given, actor=walk.actor("minato"), now=walk.later())
    found = queries.implemented_objectives(statement)
    assert "5.1.2" not in found
    assert {"3.1.1", "5.1.1", "6.1.2", "11.1.1"} <= set(found)
    assert "3.1.2.1" not in found
    assert found.index("5.1.1") < found.index("6.1.2") < found.index("11.1.1")
