"""The only way a status changes: look the step up, compare and swap, append the event, all in the act's transaction."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import F

from kansatsu.core.events import Acting, append
from kansatsu.core.models import Moved
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Conflict, WrongState
from kansatsu.core.steps import Workflow
from kansatsu.core.words import word

M = TypeVar("M", bound=Moved)


def begin(record: M, workflow: Workflow, act: StrEnum, *, actor: Acting, now: datetime, **details: Any) -> M:
    """Bring a new record into being by the act that begins it, and append its first event."""
    step = workflow.steps[act]
    assert step.begins and step.target is not None
    record.status = step.target.value
    record.version = 1
    record.save(force_insert=True)
    append(record, f"{workflow.folder}.{act}", actor=actor, now=now, after=record.status, details=details)
    return record


def move(
    record: M,
    workflow: Workflow,
    act: StrEnum,
    *,
    actor: Acting,
    now: datetime,
    details: Mapping[str, Any] | None = None,
    **changes: Any,
) -> M:
    """Take one step and write the changed columns with it.

    A step that changes the status insists on the version that the actor saw; one that leaves it (a line answered, a
    finding noted) only on the status, so that colleagues working side by side do not stop each other.

    :param changes: further columns to set in the same update.
    :return: the same instance, updated.
    :raises WrongState: the act is not open in the record's status.
    :raises Conflict: somebody else moved the record first.
    """
    step = workflow.steps[act]
    if record.status not in step.sources:
        raise WrongState(Problem("core.wrong_state", params=_names(workflow, record.status, act)), record)
    before = record.status
    after = before if step.target is None else step.target.value
    seen = {"pk": record.pk, "status": before}
    if step.target is not None:
        seen["version"] = record.version
    swapped = type(record)._default_manager.filter(**seen).update(status=after, version=F("version") + 1, **changes)
    if swapped != 1:
        raise Conflict(Problem("core.moved_meanwhile"), record)
    record.refresh_from_db()
    append(record, f"{workflow.folder}.{act}", actor=actor, now=now, before=before, after=after, details=details or {})
    return record


def _names(workflow: Workflow, status: str, act: StrEnum) -> dict[str, str]:
    return {
        f"{part}_{tongue}": word(f"{workflow.folder}.{part}.{value}", tongue)
        for tongue in ("ja", "en")
        for part, value in (("status", status), ("act", act.value))
    }
