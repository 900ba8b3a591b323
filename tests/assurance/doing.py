"""Every act of the cycle as one call on a walk, so that tables of acts can be gone through, and ways into a status."""

from contextlib import contextmanager
from datetime import date

from django.db import transaction

from kansatsu.accounts import actions as accounts
from kansatsu.accounts.actors import actor_of
from kansatsu.accounts.models import Organisation
from kansatsu.accounts.workflow import Role
from kansatsu.assurance.audits import actions as audits
from kansatsu.assurance.audits.workflow import Act as Auditing
from kansatsu.assurance.audits.workflow import Status as Audit
from kansatsu.assurance.providers.workflow import Model
from kansatsu.assurance.register import actions as register
from kansatsu.assurance.register.rules import AdoptedRow
from kansatsu.assurance.register.workflow import Act as Registering
from kansatsu.assurance.reviews import actions as reviews
from kansatsu.assurance.reviews.workflow import Act as Applying
from kansatsu.assurance.reviews.workflow import Status as Application
from kansatsu.assurance.statements import actions as statements
from kansatsu.assurance.statements.actions import Answer
from kansatsu.assurance.statements.workflow import Act as Stating
from kansatsu.assurance.statements.workflow import LineState
from kansatsu.assurance.statements.workflow import Status as Statement
from kansatsu.core.calendar import tokyo_moment
from kansatsu.core.events import history
from kansatsu.core.models import Event, Letter
from kansatsu.core.refusals import Refusal
from kansatsu.samples.walk import Walk

BEGINNING = tokyo_moment(date(2025, 1, 6), 9)
ADOPTED = AdoptedRow(
    number="C21-0008-2",
    service="既存のサービス",
    service_en="",
    provider="既存の事業者",
    provider_en="",
    model=Model.SAAS,
    regions="東日本",
    scope="",
    audit_from=date(2024, 4, 1),
    audit_to=date(2025, 3, 31),
    entered_on=date(2021, 3, 12),
    valid_until=None,
)


@contextmanager
def undone():
    """A transaction in which acts can be done, and of which nothing stays."""
    frame = transaction.atomic()
    frame._from_testcase = True  # acts insist on the outermost transaction, save for that of a test
    with frame:
        yield
        transaction.set_rollback(True)


def next_round(walk):
    """The next round of a registered service, its renewal, up to the frozen report."""
    period = (date(2025, 4, 1), date(2026, 3, 31))
    return Walk(people=walk.people, edition=walk.edition, period=period, name=walk.name, service=walk.service).to(
        "frozen"
    )


def after_the_period(walk):
    """A moment when the audited period is over."""
    walk.clock = max(walk.clock, tokyo_moment(walk.period[1], 10))
    return walk.later()


def audit_body(walk):
    """The audit body of the walk."""
    return Organisation.objects.get(pk=walk.actor(walk.auditor).organisation_id)


STATING = {
    Stating.START: lambda w, a: statements.start(service=w.service, edition=w.edition, actor=a, now=w.later()),
    Stating.DESCRIBE: lambda w, a: statements.describe(
        statement=w.statement,
        texts={"special_notes": "特になし"},
        audit_from=w.period[0],
        audit_to=w.period[1],
        used_services=[],
        actor=a,
        now=w.later(),
    ),
    Stating.ANSWER: lambda w, a: statements.answer(
        statement=w.statement, answers=[Answer("5.1.1", LineState.IMPLEMENTED)], actor=a, now=w.later()
    ),
    Stating.FINALISE: lambda w, a: statements.finalise(statement=w.statement, actor=a, now=w.later()),
    Stating.REVISE: lambda w, a: statements.revise(statement=w.statement, actor=a, now=w.later()),
}

AUDITING = {
    Auditing.PROPOSE: lambda w, a: audits.propose(
        statement=w.statement, audit_body=audit_body(w), actor=a, now=w.later()
    ),
    Auditing.CANCEL: lambda w, a: audits.cancel(engagement=w.engagement, actor=a, now=w.later()),
    Auditing.ACCEPT: lambda w, a: audits.accept(engagement=w.engagement, actor=a, now=w.later()),
    Auditing.DECLINE: lambda w, a: audits.decline(engagement=w.engagement, actor=a, now=w.later()),
    Auditing.FIX_PERIOD: lambda w, a: audits.fix_period(
        engagement=w.engagement, period_from=w.period[0], period_to=w.period[1], actor=a, now=w.later()
    ),
    Auditing.RECORD_FINDING: lambda w, a: audits.record_finding(
        engagement=w.engagement, text="受講記録に漏れがあった。", actor=a, now=w.later()
    ),
    Auditing.ISSUE: lambda w, a: audits.issue(
        engagement=w.engagement, conclusion="手続を実施した。", actor=a, now=after_the_period(w)
    ),
    Auditing.TAKE_BACK: lambda w, a: audits.take_back(engagement=w.engagement, actor=a, now=w.later()),
    Auditing.FREEZE: lambda w, a: audits.freeze(engagement=w.engagement, actor=a, now=w.later()),
}

APPLYING = {
    Applying.PREPARE: lambda w, a: reviews.prepare(service=w.service, engagement=w.engagement, actor=a, now=w.later()),
    Applying.REST_ON: lambda w, a: reviews.rest_on(
        application=w.application, engagement=w.engagement, note="補足", actor=a, now=w.later()
    ),
    Applying.SUBMIT: lambda w, a: reviews.submit(application=w.application, actor=a, now=w.later()),
    Applying.WITHDRAW: lambda w, a: reviews.withdraw(application=w.application, actor=a, now=w.later()),
    Applying.RETURN: lambda w, a: reviews.return_(
        application=w.application, reasons=["記載が一致しません。"], actor=a, now=w.later()
    ),
    Applying.ACCEPT: lambda w, a: reviews.accept(application=w.application, actor=a, now=w.later()),
    Applying.TAKE_UP: lambda w, a: reviews.take_up(application=w.application, actor=a, now=w.later()),
    Applying.ASK: lambda w, a: reviews.ask(
        application=w.application, question="責任分界を説明してください。", actor=a, now=w.later()
    ),
    Applying.ANSWER: lambda w, a: reviews.answer(
        application=w.application, answer="契約で定めています。", actor=a, now=w.later()
    ),
    Applying.PRESENT: lambda w, a: reviews.present(
        application=w.application, summary="要件を満たす。", actor=a, now=w.later()
    ),
    Applying.SEND_BACK: lambda w, a: reviews.send_back(
        application=w.application, reason="範囲を確かめてください。", actor=a, now=w.later()
    ),
    Applying.APPROVE: lambda w, a: reviews.approve(application=w.application, reason="相当。", actor=a, now=w.later()),
    Applying.REFUSE: lambda w, a: reviews.refuse(application=w.application, reason="不相当。", actor=a, now=w.later()),
}

REGISTERING = {
    Registering.ENTER: lambda w, a: register.enter(application=w.application, actor=a, now=w.later()),
    Registering.ADOPT: lambda w, a: register.adopt(rows=[ADOPTED], actor=a, now=w.later()),
    Registering.RENEW: lambda w, a: register.renew(entry=w.entry, application=w.application, actor=a, now=w.later()),
    Registering.REMARK: lambda w, a: register.remark(
        entry=w.entry, on=date(2025, 4, 1), text="名称の表記を改めた。", actor=a, now=w.later()
    ),
    Registering.REMIND: lambda w, a: register.remind(entry=w.entry, notice=180, actor=a, now=w.later()),
    Registering.REMOVE: lambda w, a: register.remove(
        entry=w.entry, reason="事業者の申出による。", actor=a, now=w.later()
    ),
}


def _superseded(walk):
    walk.to("final")
    statements.revise(statement=walk.statement, actor=walk.actor("provider"), now=walk.later())
    walk.statement.refresh_from_db()


def _to(stage):
    return lambda walk: walk.to(stage)


STATEMENT_IN = {Statement.DRAFT: _to("answered"), Statement.FINAL: _to("final"), Statement.SUPERSEDED: _superseded}
ENGAGEMENT_IN = {
    Audit.PROPOSED: _to("proposed"),
    Audit.DECLINED: lambda walk: AUDITING[Auditing.DECLINE](walk.to("proposed"), walk.actor("auditor")),
    Audit.CANCELLED: lambda walk: AUDITING[Auditing.CANCEL](walk.to("proposed"), walk.actor("provider")),
    Audit.ACCEPTED: _to("accepted"),
    Audit.FIELDWORK: _to("fieldwork"),
    Audit.REPORTED: _to("reported"),
    Audit.FROZEN: _to("frozen"),
}
APPLICATION_IN = {
    Application.DRAFT: _to("prepared"),
    Application.SUBMITTED: _to("submitted"),
    Application.RETURNED: lambda walk: walk.to("submitted").return_(),
    Application.ACCEPTED: _to("accepted_for_review"),
    Application.UNDER_REVIEW: _to("under_review"),
    Application.QUESTIONED: _to("questioned"),
    Application.BEFORE_COMMITTEE: _to("before_committee"),
    Application.APPROVED: _to("approved"),
    Application.REFUSED: lambda walk: walk.to("before_committee").refuse(),
    Application.WITHDRAWN: lambda walk: APPLYING[Applying.WITHDRAW](walk.to("submitted"), walk.actor("provider")),
}


def joins(people, key, *, at):
    """The person joins, by an invitation, the organisation that somebody of the cast administers.

    :return: the new membership.
    """
    organisation = Organisation.objects.get(pk=people[at].organisation_id)
    invitation = accounts.invite(
        organisation=organisation,
        email=f"{key}@sample.example",
        role=Role.MEMBER,
        actor=people[at],
        now=BEGINNING,
    )
    return accounts.join(invitation=invitation, actor=people[key], now=BEGINNING)


def once_worked(people, key, *, at):
    """The person joins that organisation and leaves it again."""
    membership = joins(people, key, at=at)
    accounts.leave(membership=membership, successor=None, actor=actor_of(membership), now=BEGINNING)


def refusal(act, walk, actor):
    """The refusal that the act ends in, by its kind and the codes of its problems; nothing when it is done."""
    try:
        act(walk, actor)
    except Refusal as refused:
        return (refused.kind, *(problem.code for problem in refused.problems))
    return None


def traces():
    """How many events and letters there are: what a refused act must not change."""
    return Event.objects.count(), Letter.objects.count()


def acts_of(record):
    """The acts in a record's history, oldest first."""
    return list(history(record).values_list("act", flat=True))
