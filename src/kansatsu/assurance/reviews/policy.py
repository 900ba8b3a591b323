"""Who may do what with an application. Nobody decides on what they prepared.

Reviewers must never have worked for the applicant or its audit body; deciders neither, and they must not have
reviewed this application.
"""

from django.db.models import QuerySet

from kansatsu.accounts import duties
from kansatsu.accounts.actors import Actor
from kansatsu.accounts.queries import works_for_any
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.reviews.models import Application
from kansatsu.assurance.reviews.workflow import APPLICATION, Act, Status
from kansatsu.core.events import history
from kansatsu.core.policies import Policy
from kansatsu.core.problems import Problem

_REVIEWER_ACTS = tuple(f"reviews.{act}" for act in (Act.RETURN, Act.ACCEPT, Act.TAKE_UP, Act.ASK, Act.PRESENT))


def _applies_for(actor: Actor, service: Service) -> Problem | None:
    if actor.is_of(Kind.PROVIDER) and actor.works_for(service.provider_id):
        return None
    return Problem("providers.not_provider")


def _applies(actor: Actor, application: Application) -> Problem | None:
    return _applies_for(actor, application.service)


def _is_party(actor: Actor, application: Application) -> bool:
    parties = {application.service.provider_id, application.engagement.audit_body_id}
    return works_for_any(actor.person_id or 0, parties)


def _checks(actor: Actor, application: Application) -> Problem | None:
    if not actor.is_of(Kind.SUPPORT_BODY):
        return Problem("reviews.not_reviewer")
    return Problem("reviews.reviewer_is_party") if _is_party(actor, application) else None


def _reviews(actor: Actor, application: Application) -> Problem | None:
    if problem := _checks(actor, application):
        return problem
    duty = duties.holder(application, "review")
    if duty is not None and duty.holder_id != actor.person_id:
        return Problem("reviews.other_reviewer", params={"name": duty.holder.name})
    return None


def _decides(actor: Actor, application: Application) -> Problem | None:
    if not actor.is_of(Kind.COMMITTEE):
        return Problem("reviews.not_committee")
    if _is_party(actor, application):
        return Problem("reviews.decider_is_party")
    if history(application).filter(person_id=actor.person_id, act__in=_REVIEWER_ACTS).exists():
        return Problem("reviews.decider_reviewed")
    return None


POLICY: Policy[Actor] = Policy(
    Act,
    {
        Act.PREPARE: _applies_for,
        Act.REST_ON: _applies,
        Act.SUBMIT: _applies,
        Act.WITHDRAW: _applies,
        Act.RETURN: _reviews,
        Act.ACCEPT: _checks,
        Act.TAKE_UP: _checks,
        Act.ASK: _reviews,
        Act.ANSWER: _applies,
        Act.PRESENT: _reviews,
        Act.SEND_BACK: _decides,
        Act.APPROVE: _decides,
        Act.REFUSE: _decides,
    },
    APPLICATION,
)


def visible_to(actor: Actor) -> QuerySet[Application]:
    """Applicants see their own, the support body all that were filed, the committee those that were ever put before it,
    the office those approved, which it has to enter."""
    if actor.is_of(Kind.PROVIDER):
        return Application.objects.filter(service__provider=actor.organisation_id)
    if actor.is_of(Kind.SUPPORT_BODY):
        return Application.objects.filter(filed_on__isnull=False)
    if actor.is_of(Kind.COMMITTEE):
        return Application.objects.exclude(review_summary="")
    if actor.is_of(Kind.OFFICE):
        return Application.objects.filter(status=Status.APPROVED)
    return Application.objects.none()
