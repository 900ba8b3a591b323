"""What every page's frame shows: the way around for this person, and who they act for."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kansatsu.accounts.actors import Actor
from kansatsu.accounts.queries import memberships_of
from kansatsu.accounts.workflow import Kind


def page(request: HttpRequest) -> dict[str, Any]:
    """`actor`, the `ways` of the navigation, and the organisations to switch between."""
    actor = getattr(request, "actor", Actor(label=""))
    user = getattr(request, "user", None)
    memberships = list(memberships_of(user)) if user is not None and user.is_authenticated else []
    return {
        "actor": actor,
        "ways": [(url, label, _is_here(request.path, url)) for url, label in _ways(actor)],
        "acting_memberships": memberships,
    }


def _ways(actor: Actor) -> list[tuple[str, str]]:
    ways = [(reverse("home"), _("Home"))]
    if actor.is_of(Kind.PROVIDER):
        ways.append((reverse("providers:services"), _("Services")))
    if actor.is_of(Kind.PROVIDER, Kind.AUDIT_BODY):
        ways.append((reverse("audits:engagements"), _("Audits")))
    if actor.is_of(Kind.PROVIDER, Kind.COMMITTEE):
        ways.append((reverse("reviews:applications"), _("Applications")))
    if actor.is_of(Kind.SUPPORT_BODY):
        ways.append((reverse("reviews:applications"), _("Review desk")))
    if actor.is_of(Kind.OFFICE):
        ways.append((reverse("register:desk"), _("Register desk")))
    ways.append((reverse("register:list"), _("Public list")))
    ways.append((reverse("criteria:shelf"), _("Criteria")))
    if actor.is_of(Kind.OFFICE):
        ways.append((reverse("accounts:organisations"), _("Organisations")))
    elif actor.organisation_id:
        ways.append((reverse("accounts:organisation", args=[actor.organisation_id]), _("Our people")))
    return ways


def _is_here(path: str, url: str) -> bool:
    if url == "/":
        return path == "/"
    if url == "/register/" and path.startswith("/register/desk/"):
        return False
    return path.startswith(url)
