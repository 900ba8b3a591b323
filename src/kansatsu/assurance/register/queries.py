"""Questions about the register: the public list, one entry, what waits to be entered, what is due for renewal."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from kansatsu.accounts.actors import Actor
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.providers.models import Standing
from kansatsu.assurance.providers.rules import StandingState, is_valid, standing_on
from kansatsu.assurance.register import rules
from kansatsu.assurance.register.models import Entry, Remark
from kansatsu.assurance.reviews.models import Application
from kansatsu.assurance.reviews.workflow import Status as ApplicationStatus
from kansatsu.core.dated import rulebook
from kansatsu.core.text import folded

_LISTED = (
    "number", "service_name", "service_name_en", "provider_name", "provider_name_en", "model", "regions", "is_adopted",
    "is_sample", "entered_on", "status", "version", "year", "serial", "service_id", "standing_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """An entry as the public list shows it on a given day."""

    entry: Entry
    state: StandingState

    @property
    def is_valid(self) -> bool:
        return is_valid(self.state)


def entries() -> QuerySet[Entry]:
    """All entries with their standing and remarks, in the order of registration."""
    remarks = Prefetch("remarks", Remark.objects.order_by("on", "pk"))
    return Entry.objects.select_related("standing").prefetch_related(remarks).order_by("year", "serial", "number")


def listed(entry: Entry, today: date) -> ListedEntry:
    """One entry with its state on that day."""
    return ListedEntry(entry, standing_on(entry.standing.facts(), today))


def public_list(today: date, *, search: str = "", model: str = "", only_valid: bool = False) -> list[ListedEntry]:
    """The public list on that day: entries that match every word in name, provider, region or number.

    Full texts and remarks are left to the page that shows them.
    """
    found = Entry.objects.select_related("standing").order_by("year", "serial", "number")
    found = found.only(*_LISTED, *(f"standing__{name}" for name in _STANDING))
    for word in folded(search).split():
        found = found.filter(search_text__contains=word)
    if model:
        found = found.filter(model=model)
    rows = [listed(entry, today) for entry in found]
    return [row for row in rows if row.is_valid] if only_valid else rows


_STANDING = (
    "number", "audit_from", "audit_to", "entered_on", "valid_until", "renewal_filed_on", "renewal_closed_on",
    "ended_on", "service_id",
)  # fmt: skip


def remarks_of(rows: Sequence[ListedEntry]) -> dict[int, list[Remark]]:
    """The remarks on these entries, by entry, oldest first. One query."""
    found: dict[int, list[Remark]] = {}
    for remark in Remark.objects.filter(entry__in=[row.entry.pk for row in rows]).order_by("on", "pk"):
        found.setdefault(remark.entry_id, []).append(remark)
    return found


def states(rows: Sequence[ListedEntry]) -> dict[StandingState, int]:
    """How many entries are in which state, in the order of the states, without those that do not occur."""
    counts = Counter(row.state for row in rows)
    return {state: counts[state] for state in StandingState if counts[state]}


def to_enter(actor: Actor) -> QuerySet[Application]:
    """Approved applications that are not on the register yet: what waits for the programme office."""
    if not actor.is_of(Kind.OFFICE):
        return Application.objects.none()
    entered = Standing.objects.filter(service=OuterRef("service"), audit_to__gte=OuterRef("engagement__period_to"))
    return (
        Application.objects.filter(~Exists(entered), status=ApplicationStatus.APPROVED)
        .select_related("service__provider", "statement", "engagement__audit_body")
        .order_by("decided_on")
    )


def entry_to_renew(application: Application) -> Entry:
    """The entry that an approved renewal is about: the one of the service's newest period."""
    newest = Standing.objects.filter(service=application.service_id).order_by("-audit_to")
    return entries().get(standing=newest[:1])


def next_serial(year: int) -> int:
    """The serial for the next number of that year."""
    last = Entry.objects.filter(year=year).order_by("-serial").values_list("serial", flat=True).first()
    return (last or 0) + 1


def due_reminders(today: date) -> Iterator[tuple[Entry, int]]:
    """Entries for which a reminder of renewal is due on that day, with the notice in days."""
    notices = rulebook("assurance/register").on("renewal_notices", today)["days"]
    for entry in entries().filter(standing__valid_until__gte=today, standing__ended_on__isnull=True):
        notice = rules.reminder_due(
            entry.standing.valid_until,
            today,
            notices=notices,
            reminded_days=entry.reminded_days,
            is_filed=entry.standing.facts().is_renewal_under_way,
        )
        if notice is not None:
            yield entry, notice


def renewals_due(actor: Actor, today: date) -> list[ListedEntry]:
    """A provider's entries whose renewal should be prepared: inside the longest notice, none filed, none lost yet."""
    if not actor.is_of(Kind.PROVIDER):
        return []
    longest = max(rulebook("assurance/register").on("renewal_notices", today)["days"])
    rows = [listed(entry, today) for entry in entries().filter(service__provider=actor.organisation_id)]
    return [
        row
        for row in rows
        if row.state == StandingState.VALID
        and not row.entry.standing.facts().is_renewal_under_way
        and (row.entry.standing.valid_until - today).days <= longest
    ]
