"""A service's page for its provider, and the statement: its header, its lines, its pre-check."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from kansatsu.accounts.actors import Actor, ActorRequest
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.criteria.editions import clause_titles
from kansatsu.assurance.criteria.models import Edition
from kansatsu.assurance.criteria.queries import editions
from kansatsu.assurance.providers import policy as service_policy
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.providers.queries import last_standing
from kansatsu.assurance.providers.rules import standing_on
from kansatsu.assurance.statements import actions, policy, queries, rules
from kansatsu.assurance.statements.actions import Answer, Used
from kansatsu.assurance.statements.forms import USED_ROWS, HeaderForm, LineForm, StartForm
from kansatsu.assurance.statements.models import Line, Statement
from kansatsu.assurance.statements.workflow import STATEMENT, Act, LineState
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.events import history
from kansatsu.core.problems import Problem, ProblemText
from kansatsu.core.problems import render as say
from kansatsu.core.refusals import Conflict
from kansatsu.pages.acts import Door, offered, perform
from kansatsu.pages.gate import members_only, only
from kansatsu.pages.posted import language, sent

_SHOWN = ("all", "problems", "unanswered")


def _finalise(record: Statement, _values: Mapping[str, Any], actor: Actor, now: datetime) -> Statement:
    return actions.finalise(statement=record, actor=actor, now=now)


def _revise(record: Statement, _values: Mapping[str, Any], actor: Actor, now: datetime) -> Statement:
    return actions.revise(statement=record, actor=actor, now=now)


DOORS = {
    Act.FINALISE: Door(_finalise, is_final=True, leads=True),
    Act.REVISE: Door(_revise, is_final=True),
}


@only(Kind.PROVIDER)
def service(request: ActorRequest, pk: int) -> HttpResponse:
    """One service: its standing, its statements, and where it is on its way."""
    found = get_object_or_404(service_policy.visible_to(request.actor).select_related("provider"), pk=pk)
    return _service_page(request, found, StartForm(editions=list(editions())))


def _service_page(request: ActorRequest, found: Service, form: StartForm, status: int = 200) -> HttpResponse:
    standing = last_standing(found.pk)
    context = {
        "service": found,
        "standing": standing,
        "state": standing_on(standing.facts() if standing else None, tokyo_date(timezone.now())),
        "statements": queries.of_service(found.pk),
        "form": form,
        "events": history(found),
    }
    return render(request, "statements/service.html", context, status=status)


@require_POST
@only(Kind.PROVIDER)
def start(request: ActorRequest, pk: int) -> HttpResponse:
    """Begin the service's statement."""
    found = get_object_or_404(service_policy.visible_to(request.actor).select_related("provider"), pk=pk)
    form = StartForm(request.POST, editions=list(editions()))

    def run(values: dict[str, Any]) -> Statement:
        edition = Edition.objects.get(pk=values["edition"])
        return actions.start(service=found, edition=edition, actor=request.actor, now=timezone.now())

    if begun := sent(request, form, run):
        return redirect("statements:header", begun.pk)
    return _service_page(request, found, form, status=422)


def _load(request: ActorRequest, pk: int) -> Statement:
    visible = policy.visible_to(request.actor).select_related("service__provider", "edition")
    return get_object_or_404(visible, pk=pk)


def _may_edit(request: ActorRequest, found: Statement) -> bool:
    return Act.ANSWER in policy.POLICY.open_acts(request.actor, found)


@members_only
def statement(request: ActorRequest, pk: int) -> HttpResponse:
    """The whole statement with its pre-check; ``?show=`` narrows the lines, ``?q=`` searches them."""
    return _page(request, _load(request, pk))


def _page(
    request: ActorRequest, found: Statement, tried: tuple[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    shown = request.GET.get("show", "all")
    shown = shown if shown in _SHOWN else "all"
    check = queries.pre_check(found, tokyo_date(timezone.now()))
    problems = [say(problem, language()) for problem in check.problems]
    by_line: dict[str, list[ProblemText]] = defaultdict(list)
    for problem in problems:
        if problem["control"]:
            by_line[problem["control"]].append(problem)
    may_edit = _may_edit(request, found)
    acts = offered(DOORS, policy.POLICY, STATEMENT, actor=request.actor, record=found, tried=tried)
    context = {
        "statement": found,
        "progress": queries.progress(found),
        "header_problems": [problem for problem in problems if not problem["control"]],
        "notices": [say(notice, language()) for notice in check.notices],
        "problem_count": len(problems),
        "parts": _parts(found, by_line, shown, request.GET.get("q", "").strip()[:100]),
        "header": [(name, getattr(found, name)) for name in rules.HEADER if name != "service_name"],
        "used_services": found.used_services.select_related("registered__provider").order_by("pk"),
        "shown": shown,
        "search": request.GET.get("q", "")[:100],
        "may_edit": may_edit,
        "acts": [one for one in acts if one.is_open or one.act != Act.FINALISE or not problems],
        "act_url": "statements:act",
        "events": history(found),
    }
    return render(request, "statements/statement.html", context, status=status)


def _parts(
    found: Statement, by_line: dict[str, list[ProblemText]], shown: str, search: str
) -> list[tuple[str, str, list[tuple[Line, list[ProblemText]]]]]:
    """The lines to show, by chapter: number, title, and each line with its problems."""
    lines = (
        Line.objects.filter(statement=found)
        .select_related("control", "inherited_from")
        .defer("control__text_en", "inherited_from__overview")
        .order_by("control__sort_key")
    )
    titles = clause_titles()
    tongue = 0 if language() == "ja" else 1
    chapters: dict[str, list[tuple[Line, list[ProblemText]]]] = {}
    for line in lines:
        control, problems = line.control, by_line.get(line.control.number, [])
        if (shown == "problems" and not problems) or (shown == "unanswered" and line.state != LineState.UNANSWERED):
            continue
        if (
            search
            and search.lower()
            not in " ".join(
                (
                    control.number,
                    control.title_ja,
                    control.title_en,
                    control.text_ja,
                    line.text,
                    line.reason,
                    line.responsible,
                )
            ).lower()
        ):
            continue
        chapters.setdefault(control.number.partition(".")[0], []).append((line, problems))
    return [(number, titles.get(number, ("", ""))[tongue], rows) for number, rows in chapters.items()]


@only(Kind.PROVIDER)
def header(request: ActorRequest, pk: int) -> HttpResponse:
    """Write the header."""
    found = _load(request, pk)
    policy.POLICY.require(request.actor, Act.DESCRIBE, found)
    if request.method != "POST":
        return _header_page(request, found, HeaderForm(initial=_header_values(found)))
    form = HeaderForm(request.POST)

    def run(values: dict[str, Any]) -> Statement:
        return actions.describe(
            statement=found,
            texts={name: values[name] for name in rules.HEADER},
            audit_from=values["audit_from"],
            audit_to=values["audit_to"],
            used_services=_used(values),
            actor=request.actor,
            now=timezone.now(),
        )

    if sent(request, form, run):
        return redirect("statements:statement", found.pk)
    return _header_page(request, found, form, status=422)


def _header_page(request: ActorRequest, found: Statement, form: HeaderForm, status: int = 200) -> HttpResponse:
    return render(request, "statements/header.html", {"statement": found, "form": form}, status=status)


def _header_values(found: Statement) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(found, name) for name in ("audit_from", "audit_to", *rules.HEADER)}
    for row, used in enumerate(found.used_services.order_by("pk")[:USED_ROWS]):
        values[f"used_{row}_name"] = used.name
        values[f"used_{row}_registered"] = used.registered_id or ""
        values[f"used_{row}_is_base"] = used.is_base
    return values


def _used(values: Mapping[str, Any]) -> list[Used]:
    used = []
    for row in range(USED_ROWS):
        if name := values[f"used_{row}_name"]:
            registered = values[f"used_{row}_registered"]
            chosen = Service.objects.filter(pk=registered).first() if registered else None
            used.append(Used(name, is_base=values[f"used_{row}_is_base"], registered=chosen))
    return used


@members_only
def line(request: ActorRequest, pk: int, number: str) -> HttpResponse:
    """One line: read it, or write it in place (as a row of the statement's page, or as a page of its own)."""
    found = _load(request, pk)
    rows = Line.objects.filter(statement=found, control__number=number).select_related("control", "inherited_from")
    one = get_object_or_404(rows)
    if request.method == "POST":
        return _save_line(request, found, one)
    may_edit = _may_edit(request, found)
    if "read" in request.GET or not may_edit:
        return _line_page(request, found, one, None)
    return _line_page(request, found, one, LineForm(initial=_line_values(one)))


def _save_line(request: ActorRequest, found: Statement, one: Line) -> HttpResponse:
    policy.POLICY.require(request.actor, Act.ANSWER, found)
    form = LineForm(request.POST)

    def run(values: dict[str, Any]) -> Statement:
        state, base = LineState(values.pop("state")), values.pop("inherited_from")
        inherited = Service.objects.get(pk=base) if base else None
        answer = Answer(number=one.control.number, state=state, inherited_from=inherited, **values)
        return actions.answer(statement=found, answers=[answer], actor=request.actor, now=timezone.now())

    try:
        saved = sent(request, form, run)
    except Conflict as conflict:
        one.refresh_from_db()
        return _line_page(request, found, one, form, status=409, problems=list(conflict.problems))
    if saved and not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{reverse('statements:statement', args=[found.pk])}#line-{one.control.number}")
    if saved:
        one.refresh_from_db()
        return _line_page(request, found, one, None)
    return _line_page(request, found, one, form, status=422)


def _line_values(one: Line) -> dict[str, Any]:
    return {
        "state": one.state,
        "text": one.text,
        "reason": one.reason,
        "responsible": one.responsible,
        "inherited_from": one.inherited_from_id or "",
        "seen": one.version,
    }


def _line_page(
    request: ActorRequest,
    found: Statement,
    one: Line,
    form: LineForm | None,
    *,
    status: int = 200,
    problems: list[Problem] | None = None,
) -> HttpResponse:
    may_edit = _may_edit(request, found)
    today = tokyo_date(timezone.now())
    own = []
    if form is None:
        check = rules.line_problems(queries.line_facts(found, today))
        own = [say(problem, language()) for problem in check if problem.control == one.control.number]
    context = {
        "statement": found,
        "line": one,
        "problems": own,
        "form": form,
        "refusals": [say(problem, language()) for problem in problems or []],
        "may_edit": may_edit,
    }
    template = "statements/line_row.html" if request.htmx else "statements/line.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)


@require_POST
@only(Kind.PROVIDER)
def act(request: ActorRequest, pk: int, act: str) -> HttpResponse:
    """Make the statement final, or revise it."""
    found = _load(request, pk)
    return perform(
        request,
        DOORS,
        STATEMENT,
        found,
        act,
        page=lambda tried: _page(request, found, tried, status=422),
        done=lambda result: reverse("statements:statement", args=[result.pk]),
    )
