"""The one history: append-only events, each carrying the hash of the one before.

An event's hash is SHA-256 over the RFC 8785 form of its content and of the hash before it. A changed or dropped event
breaks the chain; a truncated end shows against a head that was saved elsewhere (``kansatsu events head``).
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import rfc8785
from django.db import models

from kansatsu.core.models import GENESIS, ChainHead, Event


class Acting(Protocol):
    """Who acts, as far as the history needs to know."""

    @property
    def person_id(self) -> int | None: ...
    @property
    def organisation_id(self) -> int | None: ...
    @property
    def label(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many events, and the last one's hash."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold. :param kind: ``changed``, ``dropped`` or ``truncated``."""

    number: int
    kind: str


def content(event: Event) -> dict[str, Any]:
    """What the hash covers: everything an event says."""
    return {
        "number": event.number,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "person": event.person_id,
        "organisation": event.organisation_id,
        "act": event.act,
        "object": event.object_type,
        "id": event.object_id,
        "label": event.object_label,
        "from": event.before,
        "to": event.after,
        "version": event.version,
        "details": event.details,
        "previous": event.previous,
    }


def hash_of(event: Event) -> str:
    """SHA-256 in hex over the event's canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(content(event))).hexdigest()


def append(
    record: models.Model,
    act: str,
    *,
    actor: Acting,
    now: datetime,
    before: str = "",
    after: str = "",
    details: Mapping[str, Any] | None = None,
) -> Event:
    """Append one event about the record, inside the act's transaction.

    Writers queue on the head's row (PostgreSQL) or on the database (SQLite, ``IMMEDIATE``), so the chain has no forks.
    """
    head = ChainHead.objects.select_for_update().get_or_create(pk=1, defaults={"number": 0, "hash": GENESIS})[0]
    event = Event(
        number=head.number + 1,
        at=now,
        actor=actor.label,
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        act=act,
        object_type=record._meta.label_lower,
        object_id=str(record.pk),
        object_label=str(record)[:200],
        before=before,
        after=after,
        version=getattr(record, "version", 0),
        details=dict(details or {}),
        previous=head.hash,
    )
    event.hash = hash_of(event)
    event.save(force_insert=True)
    ChainHead.objects.filter(pk=1).update(number=event.number, hash=event.hash)
    return event


def history(record: models.Model) -> models.QuerySet[Event]:
    """All events of one record, oldest first."""
    return Event.objects.filter(object_type=record._meta.label_lower, object_id=str(record.pk)).order_by("number")


def head() -> Head:
    """The present end of the chain."""
    last = Event.objects.order_by("-number").values_list("number", "hash").first()
    return Head(*last) if last else Head(0, GENESIS)


def breaks(saved: Head | None = None) -> Iterator[Break]:
    """Every place where the chain does not hold, in order; nothing when it is whole.

    :param saved: a head kept elsewhere; without it a cut-off end cannot be told from an end.
    """
    expected, previous, at_saved = 1, GENESIS, saved is None or saved.number == 0
    for event in Event.objects.order_by("number").iterator(chunk_size=2000):
        if event.number != expected:
            yield Break(expected, "dropped")
        elif event.previous != previous or event.hash != hash_of(event):
            yield Break(event.number, "changed")
        if saved is not None and event.number == saved.number:
            at_saved = True
            if event.hash != saved.hash:
                yield Break(event.number, "changed")
        expected, previous = event.number + 1, event.hash
    last = expected - 1
    own = ChainHead.objects.filter(pk=1).first()
    known = max(own.number if own else 0, saved.number if saved else 0)
    if last < known or not at_saved:
        yield Break(last + 1, "truncated")
