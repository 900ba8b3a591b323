"""Engagements: the list, one engagement with its findings and result report, and its acts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from kansatsu.accounts import duties
from kansatsu.accounts.actors import Actor, ActorRequest
from kansatsu.accounts.models import Organisation
from kansatsu.accounts.queries import organisations_of
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.audits import actions, policy, queries, rules
from kansatsu.assurance.audits.forms import FindingForm, IssueForm, PeriodForm, ProposeForm
from kansatsu.assurance.audits.models import Engagement
from kansatsu.assurance.audits.workflow import ENGAGEMENT, Act
from kansatsu.assurance.statements import policy as statement_policy
from kansatsu.assurance.statements.models import Statement
from kansatsu.core.events import history
from kansatsu.core.files import open_stored, store
from kansatsu.pages.acts import Door, offered, perform
from kansatsu.pages.gate import members_only, only
from kansatsu.pages.posted import sent


def _fix_period(record: Engagement, values: Mapping[str, Any], actor: Actor, now: datetime) -> Engagement:
    return actions.fix_period(engagement=record, actor=actor, now=now, **values)


def _record_finding(record: Engagement, values: Mapping[str, Any], actor: Actor, now: datetime) -> Engagement:
    return actions.record_finding(engagement=record, actor=actor, now=now, **values).engagement


def _issue(record: Engagement, values: Mapping[str, Any], actor: Actor, now: datetime) -> Engagement:
    policy.POLICY.require(actor, Act.ISSUE, record)
    upload = values["report"]
    report = None
    if upload:
        report = store(upload.chunks(), upload.name, now=now, where="report", kinds=rules.REPORT_KINDS)
    return actions.issue(engagement=record, conclusion=values["conclusion"], report=report, actor=actor, now=now)


DOORS = {
    Act.ACCEPT: Door(lambda r, _v, a, n: actions.accept(engagement=r, actor=a, now=n), leads=True),
    Act.DECLINE: Door(lambda r, _v, a, n: actions.decline(engagement=r, actor=a, now=n), is_final=True),
    Act.CANCEL: Door(lambda r, _v, a, n: actions.cancel(engagement=r, actor=a, now=n), is_final=True),
    Act.FIX_PERIOD: Door(_fix_period, PeriodForm, leads=True, is_final=True),
    Act.RECORD_FINDING: Door(_record_finding, FindingForm),
    Act.ISSUE: Door(_issue, IssueForm, leads=True),
    Act.TAKE_BACK: Door(lambda r, _v, a, n: actions.take_back(engagement=r, actor=a, now=n)),
    Act.FREEZE: Door(lambda r, _v, a, n: actions.freeze(engagement=r, actor=a, now=n), leads=True, is_final=True),
}


def _load(request: ActorRequest, pk: int) -> Engagement:
    return get_object_or_404(queries.listed(request.actor), pk=pk)


@only(Kind.PROVIDER, Kind.AUDIT_BODY)
def engagements(request: ActorRequest) -> HttpResponse:
    """All engagements the actor's organisation is a party to."""
    return render(request, "audits/engagements.html", {"engagements": queries.listed(request.actor)})


@members_only
def engagement(request: ActorRequest, pk: int) -> HttpResponse:
    """One engagement with its findings and result report."""
    return _page(request, _load(request, pk))


def _page(
    request: ActorRequest, found: Engagement, tried: tuple[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "engagement": found,
        "findings": found.findings.order_by("pk"),
        "lead": duties.holder(found, "audit"),
        "acts": offered(DOORS, policy.POLICY, ENGAGEMENT, actor=request.actor, record=found, tried=tried),
        "act_url": "audits:act",
        "events": history(found),
    }
    return render(request, "audits/engagement.html", context, status=status)


@only(Kind.PROVIDER)
def propose(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask an audit body to audit a statement."""
    statement: Statement = get_object_or_404(
        statement_policy.visible_to(request.actor).select_related("service__provider"), pk=pk
    )
    bodies = list(organisations_of(Kind.AUDIT_BODY))
    form = ProposeForm(request.POST or None, audit_bodies=bodies)

    def run(values: dict[str, Any]) -> Engagement:
        body = Organisation.objects.get(pk=values["audit_body"])
        return actions.propose(statement=statement, audit_body=body, actor=request.actor, now=timezone.now())

    if request.method == "POST" and (done := sent(request, form, run)):
        return redirect("audits:engagement", done.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "audits/propose.html", {"form": form, "statement": statement}, status=status)


@require_POST
@members_only
def act(request: ActorRequest, pk: int, act: str) -> HttpResponse:
    """Do one act of the engagement."""
    found = _load(request, pk)
    return perform(
        request,
        DOORS,
        ENGAGEMENT,
        found,
        act,
        page=lambda tried: _page(request, _load(request, pk), tried, status=422),
        done=lambda result: reverse("audits:engagement", args=[result.pk]),
    )


@members_only
def report(request: ActorRequest, pk: int) -> FileResponse:
    """The report's file, always as a download."""
    found = _load(request, pk)
    if found.report is None:
        raise Http404
    return FileResponse(
        open_stored(found.report),
        as_attachment=True,
        filename=found.report.name,
        content_type=found.report.content_type,
    )
