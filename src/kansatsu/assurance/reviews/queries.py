"""Questions about applications: the queue of the review desk, what waits for whom, and how far one has come."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from kansatsu.accounts.actors import Actor
from kansatsu.accounts.models import Duty
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.audits.models import Engagement
from kansatsu.assurance.audits.workflow import Status as EngagementStatus
from kansatsu.assurance.providers.queries import last_standing
from kansatsu.assurance.providers.rules import StandingState, standing_on
from kansatsu.assurance.reviews import policy, rules
from kansatsu.assurance.reviews.models import Application, Question
from kansatsu.assurance.reviews.rules import ApplicationFacts
from kansatsu.assurance.reviews.workflow import Status
from kansatsu.assurance.statements.workflow import Status as StatementStatus
from kansatsu.core.dated import rulebook

_PARTIES = ("service__provider", "statement__edition", "engagement__audit_body")
WAITS_FOR = {
    Kind.PROVIDER: (Status.DRAFT, Status.RETURNED, Status.QUESTIONED),
    Kind.SUPPORT_BODY: (Status.SUBMITTED, Status.ACCEPTED, Status.UNDER_REVIEW),
    Kind.COMMITTEE: (Status.BEFORE_COMMITTEE,),
    Kind.OFFICE: (),
    Kind.AUDIT_BODY: (),
    Kind.AGENCY: (),
}


def listed(actor: Actor) -> QuerySet[Application]:
    """What the actor can see, the newest first; `came_back` tells that a question was answered."""
    answered = Question.objects.filter(application=OuterRef("pk"), answered_at__isnull=False)
    return (
        policy.visible_to(actor)
        .select_related(*_PARTIES)
        .annotate(came_back=Exists(answered))
        .order_by("-filed_on", "-pk")
    )


def waiting(actor: Actor) -> QuerySet[Application]:
    """What waits for the actor's organisation, the longest-waiting first."""
    if actor.kind is None:
        return Application.objects.none()
    return listed(actor).filter(status__in=WAITS_FOR[actor.kind]).order_by("filed_on", "prepared_at")


def holders(applications: list[Application]) -> dict[str, str]:
    """Who reviews which application: its id as text → the name. One query."""
    rows = Duty.objects.filter(
        object_type=Application._meta.label_lower,
        object_id__in=[str(one.pk) for one in applications],
        kind="review",
        until__isnull=True,
    )
    return dict(rows.values_list("object_id", "holder__name"))


def facts(application: Application, today: date) -> ApplicationFacts:
    """The application as a value for the rules: the day of the first filing counts, but a removal since counts too."""
    standing = last_standing(application.service_id)
    known = standing.facts() if standing else None
    state = standing_on(known, application.filed_on or today)
    if standing_on(known, today) == StandingState.REMOVED:
        state = StandingState.REMOVED
    engagement, statement = application.engagement, application.statement
    return ApplicationFacts(
        is_renewal=application.is_renewal,
        standing=state,
        report_is_frozen=engagement.status == EngagementStatus.FROZEN,
        statement_is_final=statement.status == StatementStatus.FINAL,
        report_is_on_this_statement=engagement.statement_id == statement.pk
        and engagement.statement_hash == statement.content_hash,
    )


def decision_target(application: Application) -> date | None:
    """The day by which a decision is aimed at, once the application is accepted."""
    if application.accepted_on is None:
        return None
    months = rulebook("assurance/reviews").on("decision_target", application.accepted_on)["months"]
    return rules.decision_target(application.accepted_on, months)


def reports_to_apply_on(actor: Actor) -> QuerySet[Engagement]:
    """Frozen reports on a provider's current statements that no application rests on yet."""
    return (
        Engagement.objects.filter(
            statement__service__provider=actor.organisation_id or 0,
            statement__status=StatementStatus.FINAL,
            status=EngagementStatus.FROZEN,
            applications__isnull=True,
        )
        .select_related("statement__service", "audit_body")
        .order_by("pk")
    )


def of_service(service_id: int, actor: Actor) -> QuerySet[Application]:
    """A service's applications that the actor can see, the newest first."""
    return listed(actor).filter(service=service_id)
