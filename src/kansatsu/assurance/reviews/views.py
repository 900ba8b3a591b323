"""Applications: the list and review desk, one application with its history, and its acts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from kansatsu.accounts import duties
from kansatsu.accounts.actors import Actor, ActorRequest
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.audits.models import Engagement
from kansatsu.assurance.audits.queries import frozen_for
from kansatsu.assurance.providers import policy as service_policy
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.reviews import actions, policy, queries, rules
from kansatsu.assurance.reviews.forms import (
    AnswerForm,
    AskForm,
    PrepareForm,
    PresentForm,
    ReasonForm,
    RestOnForm,
    ReturnForm,
)
from kansatsu.assurance.reviews.models import Application
from kansatsu.assurance.reviews.workflow import APPLICATION, Act, Status
from kansatsu.assurance.statements.queries import pre_check, progress
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.dated import rulebook
from kansatsu.core.events import history
from kansatsu.core.problems import render as say
from kansatsu.pages.acts import Door, offered, perform
from kansatsu.pages.gate import members_only, only
from kansatsu.pages.posted import language, sent

_A_PAGE = 50


def _rest_on(record: Application, values: Mapping[str, Any], actor: Actor, now: datetime) -> Application:
    report = Engagement.objects.get(pk=values["engagement"])
    return actions.rest_on(application=record, engagement=report, note=values["note"], actor=actor, now=now)


def _return(record: Application, values: Mapping[str, Any], actor: Actor, now: datetime) -> Application:
    return actions.return_(application=record, reasons=list(values.values()), actor=actor, now=now)


DOORS = {
    Act.SUBMIT: Door(lambda r, _v, a, n: actions.submit(application=r, actor=a, now=n), leads=True),
    Act.REST_ON: Door(_rest_on, RestOnForm),
    Act.ANSWER: Door(
        lambda r, v, a, n: actions.answer(application=r, actor=a, now=n, **v), AnswerForm, leads=True, is_final=True
    ),
    Act.WITHDRAW: Door(lambda r, _v, a, n: actions.withdraw(application=r, actor=a, now=n), is_final=True),
    Act.ACCEPT: Door(lambda r, _v, a, n: actions.accept(application=r, actor=a, now=n), leads=True),
    Act.RETURN: Door(_return, ReturnForm),
    Act.TAKE_UP: Door(lambda r, _v, a, n: actions.take_up(application=r, actor=a, now=n), leads=True),
    Act.ASK: Door(lambda r, v, a, n: actions.ask(application=r, actor=a, now=n, **v), AskForm),
    Act.PRESENT: Door(lambda r, v, a, n: actions.present(application=r, actor=a, now=n, **v), PresentForm, leads=True),
    Act.SEND_BACK: Door(lambda r, v, a, n: actions.send_back(application=r, actor=a, now=n, **v), ReasonForm),
    Act.APPROVE: Door(
        lambda r, v, a, n: actions.approve(application=r, actor=a, now=n, **v), ReasonForm, leads=True, is_final=True
    ),
    Act.REFUSE: Door(lambda r, v, a, n: actions.refuse(application=r, actor=a, now=n, **v), ReasonForm, is_final=True),
}


def _load(request: ActorRequest, pk: int) -> Application:
    return get_object_or_404(queries.listed(request.actor), pk=pk)


@only(Kind.PROVIDER, Kind.SUPPORT_BODY, Kind.COMMITTEE, Kind.OFFICE)
def applications(request: ActorRequest) -> HttpResponse:
    """All applications the actor can see; for the support body the review desk, with filters and search."""
    found = queries.listed(request.actor)
    status = request.GET.get("status", "")
    if status in set(Status):
        found = found.filter(status=status)
    if search := request.GET.get("q", "").strip()[:100]:
        found = found.filter(service__name__icontains=search) | found.filter(service__provider__name__icontains=search)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, queries.decision_target(one)) for one in page.object_list]
    context = {
        "page": page,
        "rows": rows,
        "holders": queries.holders([one for one, _target in rows]),
        "statuses": list(Status),
        "status": status,
        "search": search,
    }
    return render(request, "reviews/applications.html", context)


@members_only
def application(request: ActorRequest, pk: int) -> HttpResponse:
    """One application: its papers, its questions, its acts, its history."""
    return _page(request, _load(request, pk))


def _page(
    request: ActorRequest, found: Application, tried: tuple[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    today = tokyo_date(timezone.now())
    accepted = found.accepted_on or today
    check = pre_check(found.statement, today)
    context = {
        "application": found,
        "questions": found.questions.order_by("pk"),
        "return_reasons": found.return_reasons.order_by("pk"),
        "holder": duties.holder(found, "review"),
        "target": queries.decision_target(found),
        "target_rule": rulebook("assurance/reviews").on("decision_target", accepted),
        "obstacles": [say(problem, language()) for problem in rules.application_problems(queries.facts(found, today))]
        if found.status in (Status.DRAFT, Status.RETURNED)
        else [],
        "progress": progress(found.statement),
        "breaches": [say(problem, language()) for problem in check.problems],
        "notices": [say(problem, language()) for problem in check.notices],
        "acts": offered(DOORS, policy.POLICY, APPLICATION, actor=request.actor, record=found, tried=tried),
        "act_url": "reviews:act",
        "events": history(found),
    }
    return render(request, "reviews/application.html", context, status=status)


@only(Kind.PROVIDER)
def prepare(request: ActorRequest, pk: int) -> HttpResponse:
    """Begin an application for a service."""
    service: Service = get_object_or_404(service_policy.visible_to(request.actor).select_related("provider"), pk=pk)
    form = PrepareForm(request.POST or None, service_id=service.pk)

    def run(values: dict[str, Any]) -> Application:
        report = Engagement.objects.get(pk=values["engagement"])
        note, actor = values["note"], request.actor
        return actions.prepare(service=service, engagement=report, note=note, actor=actor, now=timezone.now())

    if request.method == "POST" and (done := sent(request, form, run)):
        return redirect("reviews:application", done.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "service": service, "has_report": frozen_for(service.pk).exists()}
    return render(request, "reviews/prepare.html", context, status=status)


@require_POST
@members_only
def act(request: ActorRequest, pk: int, act: str) -> HttpResponse:
    """Do one act on the application."""
    found = _load(request, pk)
    return perform(
        request,
        DOORS,
        APPLICATION,
        found,
        act,
        page=lambda tried: _page(request, _load(request, pk), tried, status=422),
        done=lambda result: reverse("reviews:application", args=[result.pk]),
    )
