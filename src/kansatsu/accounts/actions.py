"""The acts on people and organisations."""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from kansatsu.accounts import letters, queries, rules
from kansatsu.accounts.actors import SYSTEM, Actor
from kansatsu.accounts.founding import new_organisation
from kansatsu.accounts.models import Duty, Invitation, Membership, Organisation, Person
from kansatsu.accounts.policy import POLICY
from kansatsu.accounts.workflow import Act, Kind, Role
from kansatsu.core.acts import act
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.dated import rulebook
from kansatsu.core.events import append
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete, WrongState
from kansatsu.core.text import clean


def key_hash(key: str) -> str:
    """What is kept of an invitation's key."""
    return hashlib.sha256(key.encode()).hexdigest()


@act
def set_up(
    *, name: str, email: str, password: str, organisation: str, now: datetime, language: str = "ja"
) -> Membership:
    """Make the first administrator and the programme office, in an installation that has nobody yet.

    :raises WrongState: somebody exists already.
    :raises Incomplete: name, address, password or organisation are not right.
    """
    if Person.objects.exists():
        raise WrongState(Problem("accounts.already_set_up"))
    _require_good_person(name, email, password, [organisation], now)
    office = new_organisation(Kind.OFFICE, organisation, actor=SYSTEM, now=now)
    return _join(office, Role.ADMINISTRATOR, _new_person(name, email, password, language, now), SYSTEM, now)


@act
def found(
    *, kind: Kind, name: str, actor: Actor, now: datetime, name_en: str = "", corporate_number: str = ""
) -> Organisation:
    """Add an organisation to the programme.

    :raises NotAllowed: the actor is not of the programme office.
    :raises Incomplete: a particular is wrong, or the name is taken.
    """
    POLICY.require(actor, Act.FOUND, None)
    return new_organisation(kind, name, actor=actor, now=now, name_en=name_en, corporate_number=corporate_number)


@act
def invite(
    *, organisation: Organisation, email: str, role: Role, actor: Actor, now: datetime, language: str = "ja"
) -> Invitation:
    """Invite somebody by letter; an earlier open invitation of the same address ends.

    :raises NotAllowed: the actor does not mind the people of this organisation.
    :raises Incomplete: the address is wrong, or its owner is a member already.
    """
    POLICY.require(actor, Act.INVITE, organisation)
    if problems := rules.address_problems(email):
        raise Incomplete(problems)
    address = rules.normalised_address(email)
    if queries.people_of(organisation).filter(person__email=address).exists():
        raise Incomplete(Problem("accounts.already_member", where="email"))
    Invitation.objects.filter(organisation=organisation, email=address, ended_at__isnull=True).update(ended_at=now)
    key = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=address,
        role=role,
        key_hash=key_hash(key),
        invited_by=actor.label,
        invited_at=now,
        expires_at=now + timedelta(days=rulebook("accounts").on("invitation", tokyo_date(now))["days"]),
    )
    append(organisation, "accounts.invite", actor=actor, now=now, details={"email": address, "role": role.value})
    letters.invited(invitation, key, language=language, now=now)
    return invitation


@act
def withdraw_invitation(*, invitation: Invitation, actor: Actor, now: datetime) -> Invitation:
    """Make an open invitation unusable.

    :raises NotAllowed: the actor does not mind the people of this organisation.
    :raises WrongState: it was used, withdrawn or has expired already.
    """
    POLICY.require(actor, Act.WITHDRAW_INVITATION, invitation)
    _end_invitation(invitation, now)
    invitation.ended_at = now
    append(
        invitation.organisation,
        "accounts.withdraw_invitation",
        actor=actor,
        now=now,
        details={"email": invitation.email},
    )
    return invitation


@act
def join(
    *, invitation: Invitation, actor: Actor, now: datetime, name: str = "", password: str = "", language: str = "ja"
) -> Membership:
    """Join an organisation by the letter: as somebody new, or as the person signed in.

    :raises NotAllowed: the invitation is for somebody else than the person signed in.
    :raises WrongState: it was used, withdrawn or has expired.
    :raises Incomplete: name or password are not right, or the address belongs to a person who has to sign in first.
    """
    POLICY.require(actor, Act.JOIN, invitation)
    known = Person.objects.filter(email=invitation.email).first()
    if known is None:
        _require_good_person(name, invitation.email, password, [invitation.organisation.name], now)
        person = _new_person(name, invitation.email, password, language, now)
    elif actor.person_id == known.pk:
        person = known
    else:
        raise Incomplete(Problem("accounts.not_invitee"))
    _end_invitation(invitation, now)
    membership = _join(invitation.organisation, Role(invitation.role), person, actor if actor.person_id else None, now)
    Invitation.objects.filter(pk=invitation.pk).update(joined=membership)
    return membership


@act
def hand_over(*, duties: list[Duty], giver: Membership, taker: Membership, actor: Actor, now: datetime) -> int:
    """Hand duties of one member over to another of the same organisation.

    :return: how many changed hands.
    :raises NotAllowed: the actor is neither the giver nor minds the organisation's people.
    :raises Incomplete: the taker is not another member of the organisation.
    """
    POLICY.require(actor, Act.HAND_OVER, giver)
    return _hand_over(duties, giver, taker, actor, now)


@act
def leave(*, membership: Membership, successor: Membership | None, actor: Actor, now: datetime) -> Membership:
    """End a membership; everything the person has in hand goes to the successor. Their name stays in the history.

    :raises NotAllowed: the actor is neither the person nor minds the organisation's people.
    :raises WrongState: the membership has ended already.
    :raises Incomplete: a successor is needed or not a colleague, or nobody would mind the people.
    """
    POLICY.require(actor, Act.LEAVE, membership)
    if queries.is_last_administrator(membership):
        raise Incomplete(Problem("accounts.last_administrator"))
    duties = list(queries.open_duties(membership.person_id, membership.organisation_id))
    if duties and successor is None:
        raise Incomplete(Problem("accounts.successor_needed", where="successor", params={"count": len(duties)}))
    if successor is not None:
        _hand_over(duties, membership, successor, actor, now)
    if Membership.objects.filter(pk=membership.pk, until__isnull=True).update(until=now) != 1:
        raise WrongState(Problem("core.moved_meanwhile"))
    membership.until = now
    append(membership.organisation, "accounts.leave", actor=actor, now=now, details={"person": membership.person.name})
    return membership


def _require_good_person(name: str, email: str, password: str, organisations: list[str], now: datetime) -> None:
    rule = rulebook("accounts").on("password", tokyo_date(now))
    problems = rules.person_problems(name, email) + rules.password_problems(
        password, shortest=rule["shortest"], common=rule["common"], address=email, names=[name, *organisations]
    )
    if problems:
        raise Incomplete(problems)


def _new_person(name: str, email: str, password: str, language: str, now: datetime) -> Person:
    address = rules.normalised_address(email)
    person = Person.objects.create(
        name=clean(name), email=address, password=make_password(password), language=language, joined_at=now
    )
    EmailAddress.objects.create(user=person, email=address, primary=True, verified=True)
    return person


def _join(organisation: Organisation, role: Role, person: Person, actor: Actor | None, now: datetime) -> Membership:
    membership = Membership.objects.create(person=person, organisation=organisation, role=role, since=now)
    joiner = actor or Actor(label=person.name, person_id=person.pk, organisation_id=organisation.pk)
    append(organisation, "accounts.join", actor=joiner, now=now, details={"person": person.name, "role": role.value})
    return membership


def _end_invitation(invitation: Invitation, now: datetime) -> None:
    ended = Invitation.objects.filter(pk=invitation.pk, ended_at__isnull=True, expires_at__gt=now).update(ended_at=now)
    if ended != 1:
        raise WrongState(Problem("accounts.invitation_ended"))


def _hand_over(duties: list[Duty], giver: Membership, taker: Membership, actor: Actor, now: datetime) -> int:
    if taker.organisation_id != giver.organisation_id or taker.pk == giver.pk or taker.until is not None:
        raise Incomplete(Problem("accounts.not_colleague", where="successor"))
    held = Duty.objects.filter(
        pk__in=[duty.pk for duty in duties], holder=giver.person, organisation=giver.organisation, until__isnull=True
    )
    handed = list(held.order_by("since", "pk"))
    held.update(holder=taker.person)
    if handed:
        append(
            giver.organisation,
            "accounts.hand_over",
            actor=actor,
            now=now,
            details={"from": giver.person.name, "to": taker.person.name, "duties": [duty.label for duty in handed]},
        )
        letters.handed_over(handed, giver=giver.person, taker=taker.person, now=now)
    return len(handed)
