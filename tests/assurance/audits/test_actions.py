"""An audit from the proposal to the frozen report, and what each act refuses."""

from datetime import date, timedelta

import pytest
from tests.assurance.doing import acts_of, audit_body, traces

from kansatsu.accounts import duties
from kansatsu.accounts.models import Organisation
from kansatsu.assurance.audits import actions, queries, rules
from kansatsu.assurance.audits.models import Engagement
from kansatsu.assurance.statements import actions as statements
from kansatsu.assurance.statements.models import StatementDisclosure
from kansatsu.core.calendar import tokyo_moment
from kansatsu.core.events import history
from kansatsu.core.files import store
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Conflict, Incomplete
from kansatsu.samples.walk import Walk

STAGE = "final"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def reads(walk, key="auditor"):
    organisation = walk.actor(key).organisation_id
    return StatementDisclosure.objects.filter(statement=walk.statement, organisation=organisation).exists()


def codes(refused):
    return [(problem.code, problem.where) for problem in refused.value.problems]


def propose(walk, body):
    return actions.propose(statement=walk.statement, audit_body=body, actor=walk.actor("provider"), now=walk.later())


def fix(walk, first, last):
    return actions.fix_period(
        engagement=walk.engagement, period_from=first, period_to=last, actor=walk.actor("auditor"), now=walk.later()
    )


def issue(walk, conclusion="手続を実施した。", *, on=date(2025, 4, 1), report=None):
    walk.engagement = actions.issue(
        engagement=walk.engagement,
        conclusion=conclusion,
        report=report,
        actor=walk.actor("auditor"),
        now=tokyo_moment(on, 9),
    )
    return walk.engagement


def find(walk, text="漏れがあった。", number=""):
    return actions.record_finding(
        engagement=walk.engagement,
        text=text,
        control_number=number,
        actor=walk.actor("auditor"),
        now=walk.later(),
    )


def test_a_proposal_opens_the_statement_to_the_audit_body(walk):
    assert not reads(walk)
    engagement = walk.to("proposed").engagement
    assert reads(walk) and not reads(walk, "tashika")
    assert (engagement.status, engagement.proposed_at) == ("proposed", walk.clock)
    assert str(engagement) == "あおぞらファイル共有 / （見本）けんさ監査法人"
    assert acts_of(engagement) == ["audits.propose"]


def test_only_an_audit_body_can_be_asked(walk):
    before = traces()
    with pytest.raises(Incomplete) as refused:
        propose(walk, Organisation.objects.get(pk=walk.actor("reviewer").organisation_id))
    assert codes(refused) == [("audits.no_audit_body", "audit_body")]
    assert traces() == before


def test_an_old_revision_cannot_be_audited(walk):
    statements.revise(statement=walk.statement, actor=walk.actor("provider"), now=walk.later())
    walk.statement.refresh_from_db()
    with pytest.raises(Incomplete) as refused:
        propose(walk, audit_body(walk))
    assert codes(refused) == [("audits.old_revision", "statement")]


def test_a_draft_can_be_proposed_already(walk):
    draft = statements.revise(statement=walk.statement, actor=walk.actor("provider"), now=walk.later())
    walk.statement = draft
    assert propose(walk, audit_body(walk)).statement == draft


@pytest.mark.parametrize(("act", "key"), [(actions.cancel, "provider"), (actions.decline, "auditor")])
def test_a_proposal_that_comes_to_nothing_closes_the_statement_again(walk, act, key):
    walk.to("proposed")
    act(engagement=walk.engagement, actor=walk.actor(key), now=walk.later())
    assert not reads(walk)


@pytest.mark.parametrize(("act", "key"), [(actions.cancel, "provider"), (actions.decline, "auditor")])
def test_the_statement_stays_open_while_another_proposal_to_the_same_body_lives(walk, act, key):
    first = walk.to("proposed").engagement
    second = propose(walk, audit_body(walk))
    act(engagement=first, actor=walk.actor(key), now=walk.later())
    assert reads(walk)
    act(engagement=second, actor=walk.actor(key), now=walk.later())
    assert not reads(walk)


def test_one_audit_bodys_refusal_does_not_close_the_statement_to_another(walk):
    walk.to("proposed")
    other = Organisation.objects.get(pk=walk.actor("tashika").organisation_id)
    propose(walk, other)
    actions.decline(engagement=walk.engagement, actor=walk.actor("auditor"), now=walk.later())
    assert reads(walk, "tashika") and not reads(walk)


def test_whoever_accepts_is_the_lead_auditor_until_the_report_is_frozen(walk):
    walk.to("proposed")
    walk.engagement = actions.accept(engagement=walk.engagement, actor=walk.actor("auditor2"), now=walk.later())
    assert duties.holder(walk.engagement, "audit").holder_id == walk.actor("auditor2").person_id
    walk.fix_period()
    walk.issue()
    assert duties.holder(walk.engagement, "audit") is not None
    walk.freeze()
    assert duties.holder(walk.engagement, "audit") is None


def test_a_proposal_is_answered_only_once(walk):
    walk.to("proposed")
    seen_by_both = Engagement.objects.get(pk=walk.engagement.pk)
    walk.accept()
    with pytest.raises(Conflict):
        actions.decline(engagement=seen_by_both, actor=walk.actor("auditor2"), now=walk.later())
    assert reads(walk)


def test_the_fixed_period_is_kept_and_told_in_the_history(walk):
    engagement = walk.to("fieldwork").engagement
    assert (engagement.period_from, engagement.period_to) == (date(2024, 4, 1), date(2025, 3, 31))
    assert history(engagement).last().details == {"from": "2024-04-01", "to": "2025-03-31"}


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2024, 4, 2), date(2025, 3, 31), ["audits.other_period"]),
        (date(2024, 4, 1), date(2025, 3, 30), ["audits.other_period"]),
        (date(2024, 4, 1), date(2025, 4, 1), ["statements.period_long", "audits.other_period"]),
        (date(2025, 1, 2), date(2025, 3, 31), ["statements.period_short", "audits.other_period"]),
        (date(2025, 3, 31), date(2024, 4, 1), ["statements.period_reversed", "audits.other_period"]),
    ],
)
def test_a_period_that_is_not_the_statements_is_refused(walk, first, last, expected):
    walk.to("accepted")
    with pytest.raises(Incomplete) as refused:
        fix(walk, first, last)
    assert codes(refused) == [(code, "period") for code in expected]
    walk.engagement.refresh_from_db()
    assert (walk.engagement.status, walk.engagement.period_from) == ("accepted", None)


def test_a_registered_services_next_period_may_leave_no_gap(walk):
    walk.to("registered")
    late = Walk(
        people=walk.people,
        edition=walk.edition,
        period=(date(2025, 4, 2), date(2026, 3, 31)),
        name=walk.name,
        service=walk.service,
    )
    late.to("answered").propose()
    late.accept()
    with pytest.raises(Incomplete) as refused:
        fix(late, *late.period)
    assert refused.value.problems == (Problem("statements.period_gap", where="period", params={"first": "2025-04-01"}),)


def test_a_period_of_a_leap_year_is_fixed_from_march_to_the_29th_of_february(walk):
    leap = Walk(
        people=walk.people,
        edition=walk.edition,
        period=(date(2023, 3, 1), date(2024, 2, 29)),
        name="うるう",
    )
    assert leap.to("fieldwork").engagement.period_to == date(2024, 2, 29)


def test_a_finding_is_about_the_whole_or_about_one_control(walk):
    walk.to("fieldwork")
    general, special = find(walk, " 全体の\r\n所見 "), find(walk, number=" 5.1.1 ")
    assert (general.text, general.control_number) == ("全体の\n所見", "")
    assert (special.control_number, str(special)) == ("5.1.1", "漏れがあった。")
    assert special.recorded_by == "監査 しょう (（見本）けんさ監査法人)"
    assert [event.details for event in history(walk.engagement)][-2:] == [{"control": ""}, {"control": "5.1.1"}]


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("", "", [("core.empty", "text")]),
        (" ", "", [("core.empty", "text")]),
        ("長" * 4001, "", [("core.too_long", "text")]),
        ("あ", "5.9.9", [("statements.no_such_control", "control_number")]),
        ("", "5.9.9", [("core.empty", "text"), ("statements.no_such_control", "control_number")]),
        ("あ", "5" * 25, [("core.too_long", "control_number"), ("statements.no_such_control", "control_number")]),
    ],
)
def test_a_finding_of_a_wrong_shape_is_refused(walk, text, number, expected):
    walk.to("fieldwork")
    before = traces()
    with pytest.raises(Incomplete) as refused:
        find(walk, text, number)
    assert codes(refused) == expected
    assert traces() == before and not walk.engagement.findings.exists()


def test_colleagues_may_record_findings_side_by_side(walk):
    walk.to("fieldwork")
    seen_by_both = Engagement.objects.get(pk=walk.engagement.pk)
    find(walk)
    walk.engagement = seen_by_both
    find(walk)
    assert walk.engagement.findings.count() == 2


def test_a_report_names_its_day_and_the_statement_it_is_on(walk):
    walk.to("fieldwork")
    engagement = issue(walk, " 手続を\r\n実施した。 ")
    assert (engagement.status, engagement.conclusion) == ("reported", "手続を\n実施した。")
    assert (engagement.reported_on, engagement.report) == (date(2025, 4, 1), None)
    assert engagement.statement_hash == walk.statement.content_hash != ""


@pytest.mark.parametrize(
    ("conclusion", "on", "expected"),
    [
        ("", date(2025, 4, 1), [("core.empty", "conclusion")]),
        ("長" * 8001, date(2025, 4, 1), [("core.too_long", "conclusion")]),
        ("結論", date(2025, 3, 31), [("audits.period_not_over", "period")]),
        ("", date(2025, 3, 31), [("core.empty", "conclusion"), ("audits.period_not_over", "period")]),
    ],
)
def test_a_report_that_is_not_right_is_not_issued(walk, conclusion, on, expected):
    walk.to("fieldwork")
    before = traces()
    with pytest.raises(Incomplete) as refused:
        issue(walk, conclusion, on=on)
    assert codes(refused) == expected
    assert traces() == before


def test_a_report_is_not_issued_on_a_statement_that_is_being_revised(walk):
    walk.to("fieldwork")
    statements.revise(statement=walk.statement, actor=walk.actor("provider"), now=walk.later())
    walk.engagement = Engagement.objects.get(pk=walk.engagement.pk)
    with pytest.raises(Incomplete) as refused:
        issue(walk)
    assert codes(refused) == [("audits.statement_not_final", "statement")]


def test_a_report_may_come_as_a_file_which_stays_when_it_is_issued_again(walk):
    walk.to("fieldwork")
    file = store([PDF], "報告書.pdf", now=walk.clock, where="report", kinds=rules.REPORT_KINDS)
    assert issue(walk, report=file).report == file
    actions.take_back(engagement=walk.engagement, actor=walk.actor("auditor"), now=walk.later())
    assert issue(walk, "改めた。").report == file
    assert walk.engagement.conclusion == "改めた。"


def test_the_file_is_part_of_the_reports_content_hash(walk):
    walk.to("fieldwork")
    before = queries.content_hash(walk.engagement)
    file = store([PDF], "報告書.pdf", now=walk.clock, where="report", kinds=rules.REPORT_KINDS)
    with_file = queries.content_hash(issue(walk, report=file))
    actions.take_back(engagement=walk.engagement, actor=walk.actor("auditor"), now=walk.later())
    other = store([PDF + b"\n"], "報告書.pdf", now=walk.clock, where="report", kinds=rules.REPORT_KINDS)
    assert len({before, with_file, queries.content_hash(issue(walk, report=other))}) == 3


def test_a_report_that_was_taken_back_can_get_more_findings(walk):
    walk.to("reported")
    actions.take_back(engagement=walk.engagement, actor=walk.actor("auditor"), now=walk.later())
    find(walk)
    assert walk.engagement.findings.count() == 2


def test_a_frozen_report_knows_its_content_hash_and_so_does_the_history(walk):
    walk.to("reported")
    digest = queries.content_hash(walk.engagement)
    walk.to("frozen")
    assert walk.engagement.content_hash == digest != ""
    assert history(walk.engagement).last().details == {"content_hash": digest}


def test_a_report_is_frozen_only_as_it_was_seen(walk):
    walk.to("reported")
    stale = Engagement.objects.get(pk=walk.engagement.pk)
    actions.take_back(engagement=walk.engagement, actor=walk.actor("auditor"), now=walk.later())
    issue(walk, "改めた。", on=date(2025, 4, 1) + timedelta(days=30))
    with pytest.raises(Conflict):
        actions.freeze(engagement=stale, actor=walk.actor("auditor2"), now=walk.later())


def test_a_disclosed_report_names_its_reader(walk):
    walk.to("submitted")
    assert str(walk.engagement.disclosures.get()) == (
        "あおぞらファイル共有 / （見本）けんさ監査法人 → （見本）運用支援機関"
    )
