"""A status changes in one way only: by a step of the table, from what the actor saw, with an event."""

import pytest

from kansatsu.assurance.audits.workflow import ENGAGEMENT
from kansatsu.assurance.audits.workflow import Act as AuditAct
from kansatsu.assurance.statements.models import Statement
from kansatsu.assurance.statements.workflow import STATEMENT, Act
from kansatsu.core.events import history
from kansatsu.core.models import Event
from kansatsu.core.moves import begin, move
from kansatsu.core.problems import Problem, render
from kansatsu.core.refusals import Conflict, WrongState


@pytest.fixture
def draft(walk):
    return walk.to("started").statement


def last_event(record):
    return history(record).last()


def test_a_record_begins_in_the_status_of_its_first_act(walk, people, edition, noon):
    service = walk.to("described").service
    begun = begin(
        Statement(service=service, edition=edition, service_name=service.name, started_at=noon),
        STATEMENT,
        Act.START,
        actor=people["provider"],
        now=noon,
        edition=edition.pk,
    )
    begun.refresh_from_db()
    assert (begun.status, begun.version) == ("draft", 1)
    event = last_event(begun)
    assert (event.act, event.before, event.after, event.version) == ("statements.start", "", "draft", 1)
    assert event.details == {"edition": "ismap-2022-04"}
    assert event.actor == "言明 かおり (（見本）あおぞらクラウド株式会社)"


def test_an_act_that_does_not_begin_a_record_cannot_begin_one(walk, people, edition, noon):
    service = walk.to("described").service
    blank = Statement(service=service, edition=edition, started_at=noon)
    with pytest.raises(AssertionError):
        begin(blank, STATEMENT, Act.FINALISE, actor=people["provider"], now=noon)
    assert not Statement.objects.exists()


def test_a_step_changes_the_status_and_the_columns_given_with_it(draft, people, noon):
    moved = move(draft, STATEMENT, Act.FINALISE, actor=people["provider"], now=noon, finalised_at=noon)
    assert moved is draft
    stored = Statement.objects.get(pk=draft.pk)
    assert (stored.status, stored.version, stored.finalised_at) == ("final", 2, noon)


def test_a_step_appends_its_event(draft, people, noon):
    move(draft, STATEMENT, Act.FINALISE, actor=people["provider"], now=noon, details={"hash": "abc"})
    event = last_event(draft)
    assert (event.act, event.before, event.after, event.version) == ("statements.finalise", "draft", "final", 2)
    assert (event.at, event.details) == (noon, {"hash": "abc"})
    assert event.person_id == people["provider"].person_id
    assert event.organisation_id == people["provider"].organisation_id


def test_a_step_that_leaves_the_status_counts_the_version_all_the_same(draft, people, noon):
    move(draft, STATEMENT, Act.DESCRIBE, actor=people["provider"], now=noon, scope="範囲")
    event = last_event(draft)
    assert (event.before, event.after, event.version) == ("draft", "draft", 2)
    assert (draft.scope, draft.version) == ("範囲", 2)


def test_an_act_that_is_not_open_in_the_status_is_refused_in_words(draft, people, noon):
    with pytest.raises(WrongState) as caught:
        move(draft, STATEMENT, Act.REVISE, actor=people["provider"], now=noon)
    problem = caught.value.problems[0]
    assert caught.value.record is draft
    assert problem.code == "core.wrong_state"
    assert render(problem, "ja")["message"] == "「作成中」の間は「言明書の改訂」はできません。"
    assert render(problem, "en")["message"] == "“Revise” is not possible while the status is “Draft”."


def test_a_refused_step_changes_nothing(draft, people, noon):
    events = Event.objects.count()
    with pytest.raises(WrongState):
        move(draft, STATEMENT, Act.REVISE, actor=people["provider"], now=noon, scope="範囲")
    stored = Statement.objects.get(pk=draft.pk)
    assert (stored.status, stored.version, stored.scope) == ("draft", 1, "")
    assert Event.objects.count() == events


def test_the_act_that_begins_a_record_is_never_a_step(draft, people, noon):
    with pytest.raises(WrongState):
        move(draft, STATEMENT, Act.START, actor=people["provider"], now=noon)


def test_whoever_saw_an_older_status_comes_second(walk, people, noon):
    engagement = walk.to("proposed").engagement
    seen = type(engagement).objects.get(pk=engagement.pk)
    walk.to("accepted")
    with pytest.raises(Conflict) as caught:
        move(seen, ENGAGEMENT, AuditAct.CANCEL, actor=people["provider"], now=noon)
    assert caught.value.problems == (Problem("core.moved_meanwhile"),)
    assert caught.value.record is seen
    assert last_event(engagement).act == "audits.accept"


def test_a_step_to_another_status_insists_on_the_version_seen(draft, people, noon):
    seen = Statement.objects.get(pk=draft.pk)
    move(draft, STATEMENT, Act.DESCRIBE, actor=people["provider2"], now=noon, scope="範囲")
    with pytest.raises(Conflict):
        move(seen, STATEMENT, Act.FINALISE, actor=people["provider"], now=noon)
    assert Statement.objects.get(pk=draft.pk).status == "draft"


def test_colleagues_working_side_by_side_do_not_stop_each_other(draft, people, noon):
    seen = Statement.objects.get(pk=draft.pk)
    move(draft, STATEMENT, Act.DESCRIBE, actor=people["provider2"], now=noon, scope="範囲")
    move(seen, STATEMENT, Act.DESCRIBE, actor=people["provider"], now=noon, regions="東日本")
    stored = Statement.objects.get(pk=draft.pk)
    assert (stored.scope, stored.regions, stored.version) == ("範囲", "東日本", 3)


def test_a_record_that_is_gone_is_a_conflict(draft, people, noon):
    unsaved = Statement(pk=draft.pk + 1000, status="draft", version=1)
    with pytest.raises(Conflict):
        move(unsaved, STATEMENT, Act.FINALISE, actor=people["provider"], now=noon)
