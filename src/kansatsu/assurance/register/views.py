"""The public list, a service's public page, and the programme office's desk."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from kansatsu.accounts.actors import Actor, ActorRequest
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.criteria.editions import clause_titles
from kansatsu.assurance.providers.workflow import Model
from kansatsu.assurance.register import actions, policy, queries, sheets
from kansatsu.assurance.register.forms import AdoptForm, RemarkForm, RemoveForm
from kansatsu.assurance.register.models import Entry
from kansatsu.assurance.register.workflow import ENTRY, Act
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.dated import rulebook
from kansatsu.core.events import history
from kansatsu.core.problems import Problem
from kansatsu.core.problems import render as say
from kansatsu.core.refusals import Incomplete
from kansatsu.pages.acts import Door, offered, perform
from kansatsu.pages.gate import only, open_to_all
from kansatsu.pages.posted import language, sent

_A_PAGE = 50


def _remark(record: Entry, values: Mapping[str, Any], actor: Actor, now: datetime) -> Entry:
    return actions.remark(entry=record, actor=actor, now=now, **values).entry


DOORS = {
    Act.REMARK: Door(_remark, RemarkForm, leads=True),
    Act.REMOVE: Door(lambda r, v, a, n: actions.remove(entry=r, actor=a, now=n, **v), RemoveForm, is_final=True),
}


@open_to_all
def public_list(request: ActorRequest) -> HttpResponse:
    """The public list: what is registered, until when, with every dated remark."""
    today = tokyo_date(timezone.now())
    search = request.GET.get("q", "").strip()[:100]
    model = request.GET.get("model", "")
    model = model if model in set(Model) else ""
    only_valid = request.GET.get("valid") == "1"
    rows = queries.public_list(today, search=search, model=model, only_valid=only_valid)
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "today": today,
        "page": page,
        "remarks": queries.remarks_of(page.object_list),  # type: ignore[arg-type]
        "states": queries.states(rows),
        "total": len(rows),
        "search": search,
        "model": model,
        "models": list(Model),
        "only_valid": only_valid,
    }
    template = "register/list_rows.html" if request.htmx else "register/list.html"  # type: ignore[attr-defined]
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@open_to_all
def entry(request: ActorRequest, number: str) -> HttpResponse:
    """A service's public page."""
    return _page(request, get_object_or_404(queries.entries(), number=number))


def _page(
    request: ActorRequest, found: Entry, tried: tuple[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    today = tokyo_date(timezone.now())
    tongue = 0 if language() == "ja" else 1
    chapters: dict[str, list[str]] = {}
    for number in found.objectives:
        chapters.setdefault(number.partition(".")[0], []).append(number)
    context = {
        "today": today,
        "row": queries.listed(found, today),
        "entry": found,
        "periods": found.service.standings.order_by("audit_to"),
        "objectives": [(key, clause_titles().get(key, ("", ""))[tongue], rows) for key, rows in chapters.items()],
        "validity_rule": rulebook("assurance/register").on("validity", found.entered_on),
        "acts": offered(DOORS, policy.POLICY, ENTRY, actor=request.actor, record=found, tried=tried),
        "act_url": "register:act",
        "events": history(found) if request.actor.is_of(Kind.OFFICE) else None,
    }
    return render(request, "register/entry.html", context, status=status)


@require_POST
@only(Kind.OFFICE)
def act(request: ActorRequest, number: str, act: str) -> HttpResponse:
    """Remark on an entry, or remove it."""
    found = get_object_or_404(queries.entries(), number=number)
    return perform(
        request,
        DOORS,
        ENTRY,
        found,
        act,
        page=lambda tried: _page(request, found, tried, status=422),
        done=lambda result: reverse("register:entry", args=[result.number]),
    )


@only(Kind.OFFICE)
def desk(request: ActorRequest) -> HttpResponse:
    """What waits to be entered, and the way to adopt registrations that exist already."""
    return _desk_page(request, AdoptForm(), [])


def _desk_page(request: ActorRequest, form: AdoptForm, problems: list[Problem], status: int = 200) -> HttpResponse:
    context = {
        "applications": queries.to_enter(request.actor),
        "form": form,
        "number_rule": rulebook("assurance/register").on("number", tokyo_date(timezone.now())),
        "problems": [say(problem, language()) for problem in problems],
    }
    return render(request, "register/desk.html", context, status=status)


@require_POST
@only(Kind.OFFICE)
def enter(request: ActorRequest, pk: int) -> HttpResponse:
    """Enter an approved application, or renew the entry it is about."""
    application = get_object_or_404(queries.to_enter(request.actor), pk=pk)
    now = timezone.now()
    if application.is_renewal:
        found = queries.entry_to_renew(application)
        done = actions.renew(entry=found, application=application, actor=request.actor, now=now)
    else:
        done = actions.enter(application=application, actor=request.actor, now=now)
    return redirect("register:entry", done.number)


@require_POST
@only(Kind.OFFICE)
def adopt(request: ActorRequest) -> HttpResponse:
    """Take over registrations from a CSV file of public facts; nothing is written when a row has a problem."""
    form = AdoptForm(request.POST, request.FILES)
    found: list[Problem] = []

    def run(values: dict[str, Any]) -> list[Entry]:
        upload = values["file"]
        if upload.size > settings.FILE_LIMIT:
            limit = settings.FILE_LIMIT // 2**20
            raise Incomplete(Problem("core.file_too_large", where="file", params={"limit_mib": limit}))
        rows, problems = sheets.adopted_rows(upload.read())
        found.extend(problems)
        return [] if problems else actions.adopt(rows=rows, actor=request.actor, now=timezone.now())

    if sent(request, form, run):
        return redirect("register:list")
    return _desk_page(request, form, found, status=422)
