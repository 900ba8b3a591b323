"""Who may found organisations, invite, hand over and leave; and who can see whom."""

from django.db.models import QuerySet

from kansatsu.accounts.actors import Actor
from kansatsu.accounts.models import Invitation, Membership, Organisation
from kansatsu.accounts.workflow import Act, Kind, Role
from kansatsu.core.policies import Policy
from kansatsu.core.problems import Problem


def _office_only(actor: Actor, _organisation: Organisation | None) -> Problem | None:
    return None if actor.is_of(Kind.OFFICE) else Problem("accounts.not_office")


def _minds_people_of(actor: Actor, organisation: Organisation) -> Problem | None:
    if actor.works_for(organisation.pk) and actor.role == Role.ADMINISTRATOR:
        return None
    if actor.is_of(Kind.OFFICE) and actor.role == Role.ADMINISTRATOR:
        return None
    return Problem("accounts.not_administrator")


def _minds_invitation(actor: Actor, invitation: Invitation) -> Problem | None:
    return _minds_people_of(actor, invitation.organisation)


def _is_invited(actor: Actor, invitation: Invitation) -> Problem | None:
    """The key of the letter was shown already; somebody signed in must also be the one it was written to."""
    if actor.person_id is None:
        return None
    known = Membership.objects.filter(person_id=actor.person_id, person__email=invitation.email).exists()
    return None if known else Problem("accounts.not_invitee")


def _own_or_minded(actor: Actor, membership: Membership) -> Problem | None:
    if actor.person_id == membership.person_id:
        return None
    return _minds_people_of(actor, membership.organisation)


POLICY: Policy[Actor] = Policy(
    Act,
    {
        Act.FOUND: _office_only,
        Act.INVITE: _minds_people_of,
        Act.WITHDRAW_INVITATION: _minds_invitation,
        Act.JOIN: _is_invited,
        Act.HAND_OVER: _own_or_minded,
        Act.LEAVE: _own_or_minded,
    },
)


def organisations_visible_to(actor: Actor) -> QuerySet[Organisation]:
    """The programme office sees all organisations, everybody else the own one."""
    if actor.is_of(Kind.OFFICE):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk=actor.organisation_id or 0)


def memberships_visible_to(actor: Actor) -> QuerySet[Membership]:
    """The open memberships of the organisations that the actor can see."""
    return Membership.objects.filter(until__isnull=True, organisation__in=organisations_visible_to(actor))
