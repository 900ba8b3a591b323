"""Mapping sets: what corresponds to what between two editions, whether it still holds, loading and taking out."""

from collections import Counter
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from kansatsu.accounts.actors import ActorRequest
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.criteria import actions, files, policy, queries
from kansatsu.assurance.criteria.editions import authority_in
from kansatsu.assurance.criteria.forms import MappingForm
from kansatsu.assurance.criteria.mappings import Relation, mapping_problems
from kansatsu.assurance.criteria.models import MappingSet
from kansatsu.assurance.criteria.rules import MappingHeader
from kansatsu.assurance.criteria.workflow import MAPPING, MappingAct
from kansatsu.core.problems import Problem
from kansatsu.core.problems import render as say
from kansatsu.core.refusals import Incomplete
from kansatsu.pages.acts import Door, offered, perform
from kansatsu.pages.gate import only, open_to_all
from kansatsu.pages.posted import language, sent

_A_PAGE = 100

DOORS = {
    MappingAct.WITHDRAW: Door(
        lambda r, v, a, n: actions.withdraw_mapping(mapping_set=r, actor=a, now=n), is_final=True
    ),
}


def _load(request: ActorRequest, mapping_id: str) -> MappingSet:
    return get_object_or_404(queries.mapping_sets(request.actor), pk=mapping_id)


@open_to_all
def mapping(request: ActorRequest, mapping_id: str) -> HttpResponse:
    """One mapping set: who says so, whether it still holds, and its rows."""
    return _page(request, _load(request, mapping_id))


def _page(
    request: ActorRequest, found: MappingSet, tried: tuple[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    rows = queries.mapping_rows(found)
    relations = Counter(row.relation for row in rows)
    shown = request.GET.get("relation", "")
    shown = shown if shown in set(Relation) else ""
    page = Paginator([row for row in rows if shown in ("", row.relation)], _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "mapping": found,
        "authority": authority_in(found.pk, found.authority, language()),
        "health": queries.health(found),
        "page": page,
        "shown": shown,
        "total": len(rows),
        "relations": [(one, relations[one]) for one in Relation if relations[one]],
        "source_titles": queries.titles(found.source, [row.source for row in page.object_list]),
        "target_titles": queries.titles(found.target, [row.target for row in page.object_list]),
        "unmapped": queries.unmapped(found, rows),
        "acts": offered(DOORS, policy.MAPPINGS, MAPPING, actor=request.actor, record=found, tried=tried),
        "act_url": "criteria:mapping_act",
        "forms": files.MAPPING_FORMS,
    }
    return render(request, "criteria/mapping.html", context, status=status)


@require_POST
@only(Kind.OFFICE)
def act(request: ActorRequest, mapping_id: str, act: str) -> HttpResponse:
    """Stop using a mapping set."""
    found = _load(request, mapping_id)
    return perform(
        request,
        DOORS,
        MAPPING,
        found,
        act,
        page=lambda tried: _page(request, found, tried, status=422),
        done=lambda result: reverse("criteria:mapping", args=[result.pk]),
    )


@open_to_all
def export(request: ActorRequest, mapping_id: str, form: str) -> HttpResponse:
    """The mapping set as a file."""
    found = _load(request, mapping_id)
    if form not in files.MAPPING_FORMS:
        raise Http404
    content = files.mapping_file(
        form,
        queries.mapping_heading(found),
        queries.mapping_rows(found),
        source=(found.source_id, found.source_hash, queries.ids(found.source)),
        target=(found.target_id, found.target_hash, queries.ids(found.target)),
    )
    response = HttpResponse(content, content_type=files.MAPPING_FORMS[form].content_type)
    response["Content-Disposition"] = f'attachment; filename="{found.pk}.{files.MAPPING_FORMS[form].suffix}"'
    return response


@only(Kind.OFFICE)
def load(request: ActorRequest) -> HttpResponse:
    """Load a mapping set from a file; nothing is written when a row has a problem."""
    shelf = list(queries.shelf(request.actor))
    form = MappingForm(request.POST or None, request.FILES or None, editions=shelf, initial={"is_unverified": True})
    problems: list[Problem] = []

    def run(values: dict[str, Any]) -> MappingSet | None:
        upload = values.pop("file")
        if upload is None:
            raise Incomplete(Problem("core.empty", where="file"))
        limit = settings.IMPORT_LIMITS["bytes"]
        if upload.size > limit:
            raise Incomplete(Problem("exchange.too_large", where="file", params={"limit": limit}))
        header = MappingHeader(**values)
        content = upload.read()
        source, target = (queries.ids(queries.edition_or_refuse(name)) for name in (header.source, header.target))
        rows, found = files.take_mappings(content, source, target, limits=files.read_limits())
        problems.extend(found or mapping_problems(rows, source, target))
        if problems:
            return None
        return actions.load_mapping(
            header=header,
            rows=rows,
            original=actions.Upload(upload.name, content),
            actor=request.actor,
            now=timezone.now(),
        )

    if request.method == "POST" and (done := sent(request, form, run)):
        return redirect("criteria:mapping", done.pk)
    context = {"form": form, "problems": [say(problem, language()) for problem in problems]}
    return render(request, "criteria/load_mapping.html", context, status=422 if request.method == "POST" else 200)
