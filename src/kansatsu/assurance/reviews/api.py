"""Applications for programs: look at one, hand it in."""

from datetime import date

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema

from kansatsu.accounts.actors import ActorRequest
from kansatsu.assurance.reviews import actions, queries
from kansatsu.assurance.reviews.models import Application

router = Router(tags=["applications"])


class ApplicationOut(Schema):
    """Where an application stands."""

    id: int
    status: str
    version: int
    is_renewal: bool
    filed_on: date | None
    decided_on: date | None


class Seen(Schema, extra="forbid"):
    """The version that the sender has seen."""

    version: int = Field(ge=1, le=10**9)


@router.get("/{int:pk}", response=ApplicationOut, summary="One application")
def application(request: ActorRequest, pk: int) -> Application:
    """One application, if its reader may see it."""
    return get_object_or_404(queries.listed(request.actor), pk=pk)


@router.post("/{int:pk}/submit", response=ApplicationOut, summary="Submit")
def submit(request: ActorRequest, pk: int, body: Seen) -> Application:
    """Hand the application to the operations support body."""
    found = get_object_or_404(queries.listed(request.actor), pk=pk)
    found.version = body.version
    return actions.submit(application=found, actor=request.actor, now=timezone.now())
