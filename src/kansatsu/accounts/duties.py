"""Who has a record in hand. Stages call these inside their acts; they are not acts of their own."""

from datetime import datetime

from django.db import models

from kansatsu.accounts.actors import Actor
from kansatsu.accounts.models import Duty


def assign(record: models.Model, kind: str, *, actor: Actor, now: datetime) -> Duty:
    """The actor takes the record up; whoever had it before is released."""
    assert actor.organisation_id is not None and actor.person_id is not None
    release(record, kind, now=now)
    return Duty.objects.create(
        organisation_id=actor.organisation_id,
        holder_id=actor.person_id,
        kind=kind,
        object_type=record._meta.label_lower,
        object_id=str(record.pk),
        label=str(record)[:200],
        since=now,
    )


def release(record: models.Model, kind: str, *, now: datetime) -> None:
    """Nobody has the record in hand any more."""
    _open(record, kind).update(until=now)


def holder(record: models.Model, kind: str) -> Duty | None:
    """The open duty on the record, with its holder."""
    return _open(record, kind).select_related("holder").first()


def _open(record: models.Model, kind: str) -> models.QuerySet[Duty]:
    return Duty.objects.filter(
        object_type=record._meta.label_lower, object_id=str(record.pk), kind=kind, until__isnull=True
    )
