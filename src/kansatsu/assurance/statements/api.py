"""Statements for programs: the pre-check, and saying what is done about controls."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema

from kansatsu.accounts.actors import ActorRequest
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.statements import actions, policy, queries
from kansatsu.assurance.statements.actions import Answer
from kansatsu.assurance.statements.models import Statement
from kansatsu.assurance.statements.workflow import LineState
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.problems import Problem, render
from kansatsu.core.refusals import Incomplete
from kansatsu.pages.posted import language

router = Router(tags=["statements"])


class AnswerIn(Schema, extra="forbid"):
    """What is said of one control. :param seen: the line's version, to be told when somebody else changed it."""

    number: str = Field(max_length=24)
    state: LineState
    reason: str = ""
    text: str = ""
    responsible: str = ""
    inherited_from: int | None = None
    seen: int | None = None


class AnswersIn(Schema, extra="forbid"):
    """One or more answers; all are written or none."""

    answers: list[AnswerIn] = Field(min_length=1, max_length=2000)


class StatementOut(Schema):
    """Where a statement stands after an act."""

    id: int
    status: str
    version: int


def _load(request: ActorRequest, pk: int) -> Statement:
    return get_object_or_404(policy.visible_to(request.actor).select_related("service", "edition"), pk=pk)


@router.get("/{int:pk}/check", summary="The pre-check")
def check(request: ActorRequest, pk: int) -> dict[str, Any]:
    """Every breach of the basic statement requirements, as the page and the command line show them."""
    found = queries.pre_check(_load(request, pk), tokyo_date(timezone.now()))
    return {
        "problems": [render(problem, language()) for problem in found.problems],
        "notices": [render(notice, language()) for notice in found.notices],
    }


@router.post("/{int:pk}/answers", response=StatementOut, summary="State controls")
def answer(request: ActorRequest, pk: int, body: AnswersIn) -> Statement:
    """Say of one or more controls what is done about them."""
    statement = _load(request, pk)
    bases = Service.objects.in_bulk([one.inherited_from for one in body.answers if one.inherited_from])
    unknown = [one for one in body.answers if one.inherited_from and one.inherited_from not in bases]
    if unknown:
        raise Incomplete([Problem("statements.base_unknown", "inherited_from", one.number) for one in unknown])
    answers = [
        Answer(
            number=one.number,
            state=one.state,
            reason=one.reason,
            text=one.text,
            responsible=one.responsible,
            inherited_from=bases.get(one.inherited_from or 0),
            seen=one.seen,
        )
        for one in body.answers
    ]
    return actions.answer(statement=statement, answers=answers, actor=request.actor, now=timezone.now())
