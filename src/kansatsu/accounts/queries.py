"""Questions about people and organisations."""

from datetime import datetime

from django.db.models import QuerySet

from kansatsu.accounts.actors import Actor, actor_of, lone_actor
from kansatsu.accounts.models import Duty, Invitation, Membership, Organisation, Person
from kansatsu.accounts.workflow import Kind, Role
from kansatsu.core.outbox import Recipient


def memberships_of(person: Person) -> QuerySet[Membership]:
    """Where the person works today, the longest-standing first."""
    return (
        Membership.objects.filter(person=person, until__isnull=True)
        .select_related("organisation", "person")
        .order_by("since", "pk")
    )


def actor_for(person: Person, membership_id: int | None = None) -> Actor:
    """The person acting for the chosen organisation, or the first one, or none."""
    memberships = list(memberships_of(person))
    chosen = next((one for one in memberships if one.pk == membership_id), memberships[0] if memberships else None)
    return actor_of(chosen) if chosen else lone_actor(person)


def people_of(organisation: Organisation) -> QuerySet[Membership]:
    """Who works for the organisation today, by name."""
    return (
        Membership.objects.filter(organisation=organisation, until__isnull=True)
        .select_related("person", "organisation")
        .order_by("person__name", "pk")
    )


def recipients(*organisation_ids: int) -> list[Recipient]:
    """Where letters to these organisations go: all their people."""
    rows = Membership.objects.filter(
        organisation__in=organisation_ids, until__isnull=True, person__is_active=True
    ).values_list("person__email", "person__language")
    return [Recipient(address, language) for address, language in rows.order_by("person__email").distinct()]


def organisations_of(kind: Kind) -> QuerySet[Organisation]:
    """All organisations of a kind, by name."""
    return Organisation.objects.filter(kind=kind).order_by("name")


def works_for_any(person_id: int, organisation_ids: set[int]) -> bool:
    """Did the person ever work for one of these organisations? Asked to keep duties apart."""
    return Membership.objects.filter(person=person_id, organisation__in=organisation_ids).exists()


def open_duties(person_id: int, organisation_id: int) -> QuerySet[Duty]:
    """What the person has in hand for the organisation, oldest first."""
    return Duty.objects.filter(holder=person_id, organisation=organisation_id, until__isnull=True).order_by("since")


def open_invitations(organisation: Organisation, now: datetime) -> QuerySet[Invitation]:
    """Invitations that can still be used, newest first."""
    return Invitation.objects.filter(organisation=organisation, ended_at__isnull=True, expires_at__gt=now).order_by(
        "-invited_at"
    )


def is_last_administrator(membership: Membership) -> bool:
    """Would the organisation be left with people but without an administrator?"""
    others = people_of(membership.organisation).exclude(pk=membership.pk)
    is_only_one = not others.filter(role=Role.ADMINISTRATOR).exists()
    return membership.role == Role.ADMINISTRATOR and is_only_one and others.exists()
