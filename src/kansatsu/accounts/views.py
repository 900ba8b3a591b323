"""Organisations and their people: the list, one organisation, invitations, leaving, and one's own account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kansatsu.accounts import actions, policy, queries
from kansatsu.accounts.actors import Actor, ActorRequest
from kansatsu.accounts.forms import InviteForm, JoinForm, LeaveForm, OrganisationForm
from kansatsu.accounts.models import Duty, Invitation, Membership, Organisation, Person
from kansatsu.accounts.workflow import Act, Kind, Role
from kansatsu.core.events import history
from kansatsu.pages.gate import members_only, only, open_to_all, signed_in
from kansatsu.pages.posted import language, sent


@only(Kind.OFFICE)
def organisations(request: ActorRequest) -> HttpResponse:
    """All organisations of the programme, and the form for a new one."""
    form = OrganisationForm(request.POST or None)

    def run(values: dict[str, Any]) -> Organisation:
        kind = Kind(values.pop("kind"))
        return actions.found(kind=kind, actor=request.actor, now=timezone.now(), **values)

    if request.method == "POST" and (done := sent(request, form, run)):
        return redirect("accounts:organisation", done.pk)
    found = policy.organisations_visible_to(request.actor).order_by("kind", "name")
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/organisations.html", {"organisations": found, "form": form}, status=status)


@members_only
def organisation(request: ActorRequest, pk: int) -> HttpResponse:
    """One organisation: its people, who is invited, and its history."""
    found = get_object_or_404(policy.organisations_visible_to(request.actor), pk=pk)
    form = InviteForm(request.POST or None, initial={"role": Role.MEMBER, "language": language()})

    def run(values: dict[str, Any]) -> Invitation:
        role = Role(values.pop("role"))
        return actions.invite(organisation=found, role=role, actor=request.actor, now=timezone.now(), **values)

    if request.method == "POST" and (invitation := sent(request, form, run)):
        messages.success(request, _("A letter is on its way to %(email)s.") % {"email": invitation.email})
        return redirect("accounts:organisation", found.pk)
    context = {
        "organisation": found,
        "people": queries.people_of(found),
        "invitations": queries.open_invitations(found, timezone.now()),
        "minds": policy.POLICY.objection(request.actor, Act.INVITE, found) is None,
        "form": form,
        "events": history(found),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/organisation.html", context, status=status)


@require_POST
@members_only
def withdraw_invitation(request: ActorRequest, pk: int) -> HttpResponse:
    """Make an invitation unusable."""
    visible = Invitation.objects.filter(organisation__in=policy.organisations_visible_to(request.actor))
    found = get_object_or_404(visible.select_related("organisation"), pk=pk)
    actions.withdraw_invitation(invitation=found, actor=request.actor, now=timezone.now())
    return redirect("accounts:organisation", found.organisation_id)


@members_only
def leave(request: ActorRequest, pk: int) -> HttpResponse:
    """End a membership, with a successor for what the person has in hand."""
    visible = policy.memberships_visible_to(request.actor).select_related("person", "organisation")
    found = get_object_or_404(visible, pk=pk)
    policy.POLICY.require(request.actor, Act.LEAVE, found)
    colleagues = list(queries.people_of(found.organisation).exclude(pk=found.pk))
    form = LeaveForm(request.POST or None, colleagues=colleagues)

    def run(values: dict[str, Any]) -> Membership:
        chosen = next((one for one in colleagues if str(one.pk) == values["successor"]), None)
        return actions.leave(membership=found, successor=chosen, actor=request.actor, now=timezone.now())

    if request.method == "POST" and (sent(request, form, run) is not None):
        is_self = found.person_id == request.actor.person_id
        return redirect("home") if is_self else redirect("accounts:organisation", found.organisation_id)
    context = {
        "membership": found,
        "duties": queries.open_duties(found.person_id, found.organisation_id),
        "form": form,
    }
    return render(request, "accounts/leave.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@members_only
def hand_over(request: ActorRequest, pk: int) -> HttpResponse:
    """Hand one duty over to a colleague."""
    duty = get_object_or_404(
        Duty.objects.filter(organisation__in=policy.organisations_visible_to(request.actor), until__isnull=True), pk=pk
    )
    members = queries.people_of(duty.organisation)
    giver = get_object_or_404(members, person=duty.holder_id)
    chosen = request.POST.get("taker", "")
    if not chosen.isdigit():
        raise Http404
    taker = get_object_or_404(members, pk=int(chosen))
    actions.hand_over(duties=[duty], giver=giver, taker=taker, actor=request.actor, now=timezone.now())
    return redirect("accounts:me")


@open_to_all
def invitation(request: ActorRequest, key: str) -> HttpResponse:
    """Join by the key of the letter; an unknown key is not there, an ended one says so."""
    found = get_object_or_404(Invitation.objects.select_related("organisation"), key_hash=actions.key_hash(key))
    is_over = found.ended_at is not None or found.expires_at <= timezone.now()
    known = Person.objects.filter(email=found.email).exists()
    form = JoinForm(request.POST or None)
    actor = request.actor if request.user.is_authenticated else Actor(label=found.email)

    def run(values: dict[str, Any]) -> Membership:
        return actions.join(invitation=found, actor=actor, now=timezone.now(), language=language(), **values)

    if request.method == "POST" and (membership := sent(request, form, run)):
        backend = "allauth.account.auth_backends.AuthenticationBackend"
        if not request.user.is_authenticated:
            login(request, membership.person, backend=backend)
        request.session["membership"] = membership.pk
        return redirect("home")
    context = {"invitation": found, "is_over": is_over, "known": known, "form": form}
    status = 422 if request.method == "POST" else (410 if is_over else 200)
    return render(request, "accounts/invitation.html", context, status=status)


@signed_in
def me(request: ActorRequest) -> HttpResponse:
    """One's own account: organisations, duties in hand, password, sessions."""
    memberships = list(queries.memberships_of(request.user))  # type: ignore[arg-type]
    actor = request.actor
    duties = queries.open_duties(actor.person_id or 0, actor.organisation_id or 0)
    own = next((one for one in memberships if one.organisation_id == actor.organisation_id), None)
    colleagues = queries.people_of(own.organisation).exclude(pk=own.pk) if own else Membership.objects.none()
    context = {"memberships": memberships, "duties": duties, "colleagues": colleagues}
    return render(request, "accounts/me.html", context)


@require_POST
@signed_in
def act_for(request: ActorRequest) -> HttpResponseRedirect:
    """Choose the organisation one acts for from now on."""
    chosen = request.POST.get("membership", "")
    found = queries.memberships_of(request.user).filter(pk=int(chosen) if chosen.isdigit() else 0)  # type: ignore[arg-type]
    request.session["membership"] = get_object_or_404(found).pk
    return HttpResponseRedirect("/")
