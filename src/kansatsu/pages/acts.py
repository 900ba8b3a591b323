"""The acts of a record as a page offers them: only those open to this actor now, each with its own small form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from kansatsu.core.models import Moved
from kansatsu.core.policies import Policy
from kansatsu.core.steps import Workflow
from kansatsu.core.words import word
from kansatsu.pages.posted import language, sent, take_seen_version


class ActForm(forms.Form):
    """The form of an act; by itself of one that needs nothing but the press.

    :param record: the record the act is about, for forms whose choices depend on it.
    """

    def __init__(self, *args: Any, record: Any = None, **options: Any) -> None:
        self.record = record
        super().__init__(*args, **options)


@dataclass(frozen=True, slots=True)
class Door:
    """One act on a page.

    :param run: the act itself, taking ``record, values, actor, now``.
    :param form: what the act asks for.
    :param is_final: it cannot be undone; the page says so before.
    :param leads: it is what usually comes next.
    """

    run: Callable[[Any, Mapping[str, Any], Any, datetime], Any]
    form: Callable[..., forms.Form] = ActForm
    is_final: bool = False
    leads: bool = False


@dataclass(frozen=True, slots=True)
class OfferedAct:
    """An act as the template shows it."""

    act: str
    label: str
    form: forms.Form
    is_final: bool
    leads: bool

    @property
    def is_open(self) -> bool:
        """Show it unfolded: it was just tried and needs something."""
        return self.form.is_bound


def offered(
    doors: Mapping[Any, Door],
    policy: Policy[Any],
    workflow: Workflow,
    *,
    actor: Any,
    record: Moved,
    tried: tuple[str, forms.Form] | None = None,
) -> list[OfferedAct]:
    """The acts to offer on the record's page, the leading one first.

    :param tried: an act that was just refused, with its bound form.
    """
    found = []
    for act in policy.open_acts(actor, record):
        if door := doors.get(act):
            form = tried[1] if tried and tried[0] == act else door.form(prefix=act.value, record=record)
            label = word(f"{workflow.folder}.act.{act}", language())
            found.append(OfferedAct(act.value, label, form, door.is_final, door.leads))
    return sorted(found, key=lambda one: not one.leads)


def perform(
    request: HttpRequest,
    doors: Mapping[Any, Door],
    workflow: Workflow,
    record: Moved,
    act_name: str,
    *,
    page: Callable[[tuple[str, forms.Form]], HttpResponse],
    done: Callable[[Any], str],
) -> HttpResponse:
    """Run the act that the page posted.

    :param page: shows the page again with the act's bound form when something is missing (422).
    :param done: where to go afterwards.
    :raises Http404: there is no such act.
    """
    acts = {act.value: act for act in doors}
    if act_name not in acts:
        raise Http404
    door = doors[acts[act_name]]
    form = door.form(request.POST, request.FILES, prefix=act_name, record=record)

    def run(values: dict[str, Any]) -> Any:
        take_seen_version(request, record)
        return door.run(record, values, request.actor, timezone.now())  # type: ignore[attr-defined]

    if result := sent(request, form, run):
        return HttpResponseRedirect(done(result))
    response = page((act_name, form))
    response.status_code = 422
    return response
