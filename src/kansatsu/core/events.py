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
    """Append one event about the record, inside the act's transaction."""
    head = queue()
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


def queue() -> ChainHead:
    """Wait until no other act is under way, and hold the chain's end for the rest of the transaction.

    PostgreSQL waits on the head's row; SQLite has waited already, since its transactions are ``IMMEDIATE``.
    """
    return ChainHead.objects.select_for_update().get_or_create(pk=1, defaults={"number": 0, "hash": GENESIS})[0]


def history(record: models.Model) -> models.QuerySet[Event]:
    """All events of one record, oldest first."""
    return Event.objects.filter(object_type=record._meta.label_lower, object_id=str(record.pk)).order_by("number")


def head() -> Head:
    """The present end of the chain."""
    last = Event.objects.order_by("-number").values_list("number", "hash").first()
    return Head(*last) if last else Head(0, GENESIS)


def breaks(saved: Head | None = None, *, using: str = "default") -> Iterator[Break]:
    """Every place where the chain does not hold, in order; nothing when it is whole.

    :param saved: a head kept elsewhere; without it a cut-off end cannot be told from an end.
    :param using: the database that holds the chain.
    """
    expected, previous = 1, GENESIS
    for event in Event.objects.using(using).order_by("number").iterator(chunk_size=2000):
        if event.number != expected:
            yield Break(expected, "dropped")
        follows = event.number != expected or event.previous == previous
        as_saved = saved is None or event.number != saved.number or event.hash == saved.hash
        if not (_is_whole(event) and follows and as_saved):
            yield Break(event.number, "changed")
        expected, previous = event.number + 1, event.hash
    own = ChainHead.objects.using(using).filter(pk=1).first()
    if own and own.number == expected - 1 and own.hash != previous:
        yield Break(own.number, "changed")
    known = max(own.number if own else 0, saved.number if saved else 0)
    if expected <= known:
        yield Break(expected, "truncated")


def _is_whole(event: Event) -> bool:
    try:
        return event.hash == hash_of(event)
    except (rfc8785.CanonicalizationError, AttributeError):  # a moment that is none reads as nothing
        return False
