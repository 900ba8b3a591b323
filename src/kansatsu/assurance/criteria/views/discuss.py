"""Comments on a draft, line by line, and their answers."""

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from kansatsu.accounts.actors import ActorRequest
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.criteria import actions, policy, queries
from kansatsu.assurance.criteria.forms import AnswerForm, CommentForm
from kansatsu.assurance.criteria.models import Comment, Control
from kansatsu.assurance.criteria.views.browse import control_page
from kansatsu.assurance.criteria.workflow import COMMENT, CommentAct, CommentStatus
from kansatsu.pages.acts import Door, offered, perform
from kansatsu.pages.gate import members_only, open_to_all
from kansatsu.pages.posted import sent

_A_PAGE = 50

DOORS = {
    CommentAct.ANSWER: Door(
        lambda r, v, a, n: actions.answer(comment=r, actor=a, now=n, **v), AnswerForm, leads=True, is_final=True
    ),
    CommentAct.RETRACT: Door(lambda r, v, a, n: actions.retract(comment=r, actor=a, now=n), is_final=True),
}


@open_to_all
def comments(request: ActorRequest, edition_id: str) -> HttpResponse:
    """All that was said of an edition, by line; ``?show=open`` only what waits for an answer."""
    found = get_object_or_404(policy.editions_visible_to(request.actor), pk=edition_id)
    rows = queries.comments_on(found)
    is_open_only = request.GET.get("show") == "open"
    if is_open_only:
        rows = rows.filter(status=CommentStatus.OPEN)
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
    ids = {one.stable_id for one in page.object_list}
    context = {
        "edition": found,
        "page": page,
        # A draft may have got other content since.
        "lines": dict(found.controls.filter(stable_id__in=ids).values_list("stable_id", "number")),
        "tally": queries.tally(found),
        "is_open_only": is_open_only,
    }
    return render(request, "criteria/comments.html", context)


@require_POST
@members_only
def comment(request: ActorRequest, edition_id: str, number: str) -> HttpResponse:
    """Say something of one line."""
    found = get_object_or_404(policy.editions_visible_to(request.actor), pk=edition_id)
    line = get_object_or_404(Control.objects.select_related("edition"), edition=found, number=number)
    form = CommentForm(request.POST)
    if sent(request, form, lambda v: actions.comment(control=line, actor=request.actor, now=timezone.now(), **v)):
        return redirect(f"{reverse('criteria:control', args=[edition_id, number])}#comments")
    return control_page(request, found, number, form, status=422)


def _load(request: ActorRequest, pk: int) -> Comment:
    visible = Comment.objects.filter(edition__in=policy.editions_visible_to(request.actor))
    if not request.actor.is_of(Kind.OFFICE):
        visible = visible.exclude(~Q(person=request.actor.person_id), status=CommentStatus.RETRACTED)
    return get_object_or_404(visible.select_related("edition", "organisation"), pk=pk)


@members_only
def one(request: ActorRequest, pk: int) -> HttpResponse:
    """One comment with what can be done about it."""
    return _page(request, _load(request, pk))


def _page(
    request: ActorRequest, found: Comment, tried: tuple[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "comment": found,
        "control": found.edition.controls.filter(stable_id=found.stable_id).first(),
        "acts": offered(DOORS, policy.COMMENTS, COMMENT, actor=request.actor, record=found, tried=tried),
        "act_url": "criteria:comment_act",
    }
    return render(request, "criteria/comment.html", context, status=status)


@require_POST
@members_only
def act(request: ActorRequest, pk: int, act: str) -> HttpResponse:
    """Answer a comment, or take one's own back."""
    found = _load(request, pk)
    return perform(
        request,
        DOORS,
        COMMENT,
        found,
        act,
        page=lambda tried: _page(request, found, tried, status=422),
        done=lambda result: reverse("criteria:comments", args=[result.edition_id]),
    )
