"""Questions about services and their standing."""

from collections.abc import Iterable
from datetime import date

from kansatsu.assurance.providers.models import Service, Standing
from kansatsu.assurance.providers.rules import StandingState, standing_on


def last_standing(service_id: int) -> Standing | None:
    """The service's newest period on the register."""
    return Standing.objects.filter(service=service_id).order_by("-audit_to").first()


def standing_states(service_ids: Iterable[int], day: date) -> dict[int, StandingState]:
    """The standing of several services on that day, by service; those not registered by then are left out."""
    states: dict[int, StandingState] = {}
    for standing in Standing.objects.filter(service__in=set(service_ids), entered_on__lte=day).order_by("audit_to"):
        states[standing.service_id] = standing_on(standing.facts(), day)
    return states


def registered_services() -> list[Service]:
    """Services that ever stood on the register, for choosing what one builds on."""
    return list(Service.objects.filter(standings__isnull=False).select_related("provider").distinct().order_by("name"))
