"""An application from its preparation to the decision, and what each act refuses."""

from datetime import date, timedelta

import pytest
from tests.assurance.doing import APPLYING, acts_of, traces

from kansatsu.accounts import duties
from kansatsu.assurance.audits.models import EngagementDisclosure
from kansatsu.assurance.reviews import actions
from kansatsu.assurance.reviews.models import Application
from kansatsu.assurance.statements import actions as statements
from kansatsu.assurance.statements.models import StatementDisclosure
from kansatsu.core.calendar import tokyo_moment
from kansatsu.core.events import history
from kansatsu.core.refusals import Conflict, Incomplete
from kansatsu.samples.walk import Walk

STAGE = "frozen"


def prepare(walk, engagement=None, note=""):
    return actions.prepare(
        service=walk.service,
        engagement=engagement or walk.engagement,
        note=note,
        actor=walk.actor("provider"),
        now=walk.later(),
    )


def codes(refused):
    return [(problem.code, problem.where) for problem in refused.value.problems]


def readers(walk):
    """The organisations that may read the statement and the report of the application, beside its parties."""
    application = walk.application
    statement = StatementDisclosure.objects.filter(statement=application.statement).exclude(
        organisation=application.engagement.audit_body
    )
    report = EngagementDisclosure.objects.filter(engagement=application.engagement)
    names = {one.organisation.name for one in statement}
    assert names == {one.organisation.name for one in report}
    return names


@pytest.fixture
def other(walk):
    """Another service of the same provider with a frozen report of its own."""
    return Walk(people=walk.people, edition=walk.edition, period=walk.period, name="べつのもの").to("frozen")


@pytest.fixture
def additional(walk):
    """A function that revises the statement and has the revision audited, up to the frozen report."""

    def audit():
        again = Walk(people=walk.people, edition=walk.edition, period=walk.period, name=walk.name, service=walk.service)
        again.clock = walk.clock
        again.statement = statements.revise(statement=walk.statement, actor=walk.actor("provider"), now=walk.later())
        again.finalise()
        for step in (again.propose, again.accept, again.fix_period, again.issue, again.freeze):
            step()
        walk.clock = again.clock
        walk.application.refresh_from_db()
        return again.engagement

    return audit


def test_an_application_rests_on_a_report_and_the_statement_it_is_about(walk):
    application = prepare(walk, note=" 補足\r\nあり ")
    assert (application.status, application.note, application.is_renewal) == ("draft", "補足\nあり", False)
    assert (application.engagement, application.statement) == (walk.engagement, walk.statement)
    assert (application.prepared_at, application.filed_on) == (walk.clock, None)
    assert str(application) == "あおぞらファイル共有"


def test_an_application_on_another_services_report_is_refused(walk, other):
    before = traces()
    with pytest.raises(Incomplete) as refused:
        prepare(walk, other.engagement)
    assert codes(refused) == [("reviews.report_on_other_service", "engagement")]
    assert traces() == before


def test_an_application_with_a_wrong_note_while_another_is_under_way_is_told_both(walk):
    walk.to("prepared")
    with pytest.raises(Incomplete) as refused:
        prepare(walk, note="長" * 4001)
    assert codes(refused) == [("core.too_long", "note"), ("reviews.under_way", "service")]


def test_an_application_for_another_service_is_not_in_the_way(walk, other):
    walk.to("prepared")
    assert prepare(other).status == "draft"


def test_a_draft_can_rest_on_another_report_and_get_another_note(walk, additional):
    walk.to("prepared")
    engagement = additional()
    application = actions.rest_on(
        application=walk.application,
        engagement=engagement,
        note=" 追加監査 ",
        actor=walk.actor("provider"),
        now=walk.later(),
    )
    assert (application.engagement, application.statement, application.note) == (
        engagement, engagement.statement, "追加監査",
    )  # fmt: skip
    assert history(application).last().details == {"engagement": engagement.pk}


@pytest.mark.parametrize(
    ("own", "note", "expected"),
    [
        (False, "", [("reviews.report_on_other_service", "engagement")]),
        (True, "長" * 4001, [("core.too_long", "note")]),
        (False, "\x00", [("core.bad_character", "note"), ("reviews.report_on_other_service", "engagement")]),
    ],
)
def test_a_draft_cannot_rest_on_a_report_on_another_service(walk, other, own, note, expected):
    walk.to("prepared")
    with pytest.raises(Incomplete) as refused:
        actions.rest_on(
            application=walk.application,
            engagement=walk.engagement if own else other.engagement,
            note=note,
            actor=walk.actor("provider"),
            now=walk.later(),
        )
    assert codes(refused) == expected
    assert acts_of(walk.application) == ["reviews.prepare"]


def test_filing_opens_the_papers_to_the_support_body(walk):
    walk.to("prepared")
    assert readers(walk) == set()
    walk.to("submitted")
    assert readers(walk) == {"（見本）運用支援機関"}


def test_the_day_of_the_first_filing_counts(walk):
    walk.to("prepared")
    walk.clock = tokyo_moment(date(2025, 5, 11), 9)
    walk.to("submitted").return_()
    walk.later(30)
    walk.submit()
    assert walk.application.filed_on == date(2025, 5, 12)
    assert acts_of(walk.application) == [
        "reviews.prepare", "reviews.submit", "reviews.return", "reviews.submit",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (
            "proposed",
            [("reviews.report_not_frozen", "engagement"), ("reviews.report_on_other_statement", "engagement")],
        ),
        ("reported", [("reviews.report_not_frozen", "engagement")]),
    ],
)
def test_an_application_without_a_frozen_report_is_not_filed(walk, stage, expected):
    early = Walk(people=walk.people, edition=walk.edition, period=walk.period, name="はやい").to(stage)
    early.prepare()
    before = traces()
    with pytest.raises(Incomplete) as refused:
        early.submit()
    assert codes(refused) == expected
    assert traces() == before and early.application.status == "draft"


def test_what_was_registered_meanwhile_is_not_applied_for_as_if_it_were_new(walk):
    entered = walk.to("approved").application
    again = prepare(walk)
    assert not again.is_renewal
    walk.to("registered")
    with pytest.raises(Incomplete) as refused:
        actions.submit(application=again, actor=walk.actor("provider"), now=walk.later())
    assert codes(refused) == [("reviews.is_registered", "is_renewal")]
    assert walk.entry.application == entered


def test_an_application_on_a_superseded_statement_is_not_filed(walk):
    walk.to("prepared")
    statements.revise(statement=walk.statement, actor=walk.actor("provider"), now=walk.later())
    walk.application.refresh_from_db()
    with pytest.raises(Incomplete) as refused:
        walk.submit()
    assert codes(refused) == [("reviews.statement_not_current", "statement")]


def test_a_returned_application_can_be_filed_again_on_the_report_on_the_revision(walk, additional):
    walk.to("submitted").return_()
    engagement = additional()
    with pytest.raises(Incomplete):
        walk.submit()
    walk.application.refresh_from_db()
    walk.application = actions.rest_on(
        application=walk.application, engagement=engagement, note="", actor=walk.actor("provider"), now=walk.later()
    )
    walk.submit()
    assert walk.application.statement.revision == 2
    assert readers(walk) == {"（見本）運用支援機関"}


def test_an_application_is_filed_only_as_it_was_seen(walk):
    walk.to("prepared")
    stale = Application.objects.get(pk=walk.application.pk)
    APPLYING["rest_on"](walk, walk.actor("provider2"))
    with pytest.raises(Conflict):
        actions.submit(application=stale, actor=walk.actor("provider"), now=walk.later())


def test_a_return_gives_every_reason_and_leaves_blank_ones_out(walk):
    walk.to("submitted")
    application = actions.return_(
        application=walk.application,
        reasons=[" 一つ目 ", "", "  ", "二つ目"],
        actor=walk.actor("reviewer"),
        now=walk.later(),
    )
    assert [str(reason) for reason in application.return_reasons.order_by("pk")] == ["一つ目", "二つ目"]
    assert {reason.made_by for reason in application.return_reasons.all()} == {"審査 みお (（見本）運用支援機関)"}
    assert history(application).last().details == {"reasons": ["一つ目", "二つ目"]}


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ([], [("core.empty", "reason")]),
        (["", " \n"], [("core.empty", "reason")]),
        (["長" * 4001, "よし", "\x00"], [("core.too_long", "reason"), ("core.bad_character", "reason")]),
    ],
)
def test_a_return_needs_a_reason_of_the_right_shape(walk, reasons, expected):
    walk.to("submitted")
    before = traces()
    with pytest.raises(Incomplete) as refused:
        actions.return_(application=walk.application, reasons=reasons, actor=walk.actor("reviewer"), now=walk.later())
    assert codes(refused) == expected
    assert traces() == before and not walk.application.return_reasons.exists()


def test_a_review_that_ends_in_a_return_is_nobodys_any_more(walk):
    walk.to("under_review")
    assert duties.holder(walk.application, "review").holder.name == "審査 みお"
    walk.return_()
    assert duties.holder(walk.application, "review") is None


def test_whoever_takes_an_application_up_has_it_in_hand(walk):
    walk.to("accepted_for_review")
    application = actions.take_up(application=walk.application, actor=walk.actor("reviewer2"), now=walk.later())
    assert duties.holder(application, "review").holder.name == "点検 さとる"


def test_two_reviewers_cannot_take_the_same_application_up(walk):
    walk.to("accepted_for_review")
    seen_by_both = Application.objects.get(pk=walk.application.pk)
    walk.take_up()
    with pytest.raises(Conflict):
        actions.take_up(application=seen_by_both, actor=walk.actor("reviewer2"), now=walk.later())
    assert duties.holder(walk.application, "review").holder.name == "審査 みお"


def test_acceptance_is_dated_by_the_day_in_tokyo(walk):
    walk.to("submitted")
    late_in_the_evening_of_utc = tokyo_moment(date(2025, 4, 30), 0, 30)
    application = actions.accept(
        application=walk.application, actor=walk.actor("reviewer"), now=late_in_the_evening_of_utc
    )
    assert application.accepted_on == date(2025, 4, 30)


def test_a_question_and_its_answer_stand_together(walk):
    walk.to("under_review")
    APPLYING["ask"](walk, walk.actor("reviewer"))
    question = walk.application.questions.get()
    assert (str(question), question.asked_by) == (
        "責任分界を説明してください。", "審査 みお (（見本）運用支援機関)",
    )  # fmt: skip
    assert question.answered_at is None
    APPLYING["answer"](walk, walk.actor("provider2"))
    question.refresh_from_db()
    assert (question.answer, question.answered_by, question.answered_at) == (
        "契約で定めています。", "統制 けん (（見本）あおぞらクラウド株式会社)", walk.clock,
    )  # fmt: skip


def test_a_second_answer_does_not_touch_the_first(walk):
    walk.to("answered_question")
    first = walk.application.questions.get().answer
    APPLYING["ask"](walk, walk.actor("reviewer"))
    APPLYING["answer"](walk, walk.actor("provider"))
    assert [one.answer for one in walk.application.questions.order_by("pk")] == [first, "契約で定めています。"]


@pytest.mark.parametrize(
    ("stage", "act", "key", "field", "longest"),
    [
        ("under_review", actions.ask, "reviewer", "question", 4000),
        ("questioned", actions.answer, "provider", "answer", 8000),
        ("under_review", actions.present, "reviewer", "summary", 8000),
        ("before_committee", actions.send_back, "decider", "reason", 4000),
        ("before_committee", actions.approve, "decider", "reason", 4000),
        ("before_committee", actions.refuse, "decider", "reason", 4000),
    ],
)
@pytest.mark.parametrize(
    ("text", "code"), [(" \n ", "core.empty"), (None, "core.too_long"), ("\x00", "core.bad_character")]
)
def test_what_has_to_be_said_has_a_shape(walk, stage, act, key, field, longest, text, code):
    walk.to(stage)
    before = traces()
    given = "長" * (longest + 1) if text is None else text
    with pytest.raises(Incomplete) as refused:
        act(application=walk.application, actor=walk.actor(key), now=walk.later(), **{field: given})
    assert codes(refused) == [(code, field)]
    assert traces() == before


def test_putting_it_before_the_committee_opens_the_papers_to_it(walk):
    walk.to("before_committee")
    assert readers(walk) == {"（見本）運用支援機関", "（見本）運営委員会"}
    assert walk.application.review_summary.startswith("基本言明要件を満たす")


def test_what_the_committee_sends_back_stays_with_its_reviewer(walk):
    walk.to("before_committee")
    application = APPLYING["send_back"](walk, walk.actor("decider"))
    assert application.status == "under_review"
    assert duties.holder(application, "review").holder.name == "審査 みお"
    assert history(application).last().details == {"reason": "範囲を確かめてください。"}
    assert (application.decided_on, application.decision_reason) == (None, "")


@pytest.mark.parametrize(
    ("act", "status", "reason"), [("approve", "approved", "相当。"), ("refuse", "refused", "不相当。")]
)
def test_a_decision_is_dated_and_gives_its_reason(walk, act, status, reason):
    walk.to("before_committee")
    walk.clock = tokyo_moment(date(2025, 6, 2), 0)
    walk.clock -= timedelta(days=1)
    application = APPLYING[act](walk, walk.actor("decider"))
    assert (application.status, application.decided_on, application.decision_reason) == (
        status, date(2025, 6, 2), reason,
    )  # fmt: skip
    assert history(application).last().details == {"reason": reason}
    assert duties.holder(application, "review") is None


def test_a_decision_is_made_only_once(walk):
    walk.to("before_committee")
    seen_by_both = Application.objects.get(pk=walk.application.pk)
    walk.refuse()
    with pytest.raises(Conflict):
        actions.approve(application=seen_by_both, reason="相当。", actor=walk.actor("decider2"), now=walk.later())
    assert Application.objects.get(pk=walk.application.pk).status == "refused"


def test_a_withdrawn_application_is_nobodys_any_more(walk):
    walk.to("under_review")
    APPLYING["withdraw"](walk, walk.actor("provider"))
    assert duties.holder(walk.application, "review") is None
