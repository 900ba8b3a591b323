"""A provider's services."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from kansatsu.accounts.actors import ActorRequest
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.providers import actions, policy, queries
from kansatsu.assurance.providers.forms import ServiceForm
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.providers.workflow import Model
from kansatsu.core.calendar import tokyo_date
from kansatsu.pages.gate import only
from kansatsu.pages.posted import sent


@only(Kind.PROVIDER)
def services(request: ActorRequest) -> HttpResponse:
    """All services of the provider with their standing today."""
    found = list(policy.visible_to(request.actor).order_by("name"))
    states = queries.standing_states((one.pk for one in found), tokyo_date(timezone.now()))
    rows = [(one, states.get(one.pk, "none")) for one in found]
    return render(request, "providers/services.html", {"rows": rows})


@only(Kind.PROVIDER)
def new(request: ActorRequest) -> HttpResponse:
    """Enter a new service."""
    return _form(request, None)


@only(Kind.PROVIDER)
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Change a service's particulars."""
    return _form(request, get_object_or_404(policy.visible_to(request.actor), pk=pk))


def _form(request: ActorRequest, service: Service | None) -> HttpResponse:
    initial = {name: getattr(service, name) for name in ServiceForm.base_fields} if service else None
    if request.method != "POST":
        return render(request, "providers/form.html", {"form": ServiceForm(initial=initial), "service": service})
    form = ServiceForm(request.POST)

    def run(values: dict[str, Any]) -> Service:
        model = Model(values.pop("model"))
        return actions.describe(service=service, model=model, actor=request.actor, now=timezone.now(), **values)

    if done := sent(request, form, run):
        return redirect("statements:service", done.pk)
    return render(request, "providers/form.html", {"form": form, "service": service}, status=422)
