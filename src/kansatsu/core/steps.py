"""The table of steps: which act leads from which statuses to which.

>>> from enum import StrEnum
>>> class Status(StrEnum):
...     OPEN = "open"; SHUT = "shut"
>>> class Act(StrEnum):
...     START = "start"; NOTE = "note"; SHUT = "shut"
>>> START, NOTE = Step(Act.START, (), Status.OPEN), Step(Act.NOTE, (Status.OPEN,), None)
>>> TABLE = Workflow("door", Status, Act, [START, NOTE, Step(Act.SHUT, (Status.OPEN,), Status.SHUT)])
>>> TABLE.acts_from("open")
(<Act.NOTE: 'note'>, <Act.SHUT: 'shut'>)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table.

    :param sources: statuses from which the act is open; empty for the act that begins a record.
    :param target: status after the act; ``None`` when the act leaves the status as it is.
    """

    act: StrEnum
    sources: tuple[StrEnum, ...]
    target: StrEnum | None

    @property
    def begins(self) -> bool:
        """Does this act bring the record into being?"""
        return not self.sources


class Workflow:
    """All steps of one kind of record.

    :param name: folder and kind, ``reviews.application``; prefixes the acts in the events.
    :raises ValueError: an act stands twice or not at all in the table, or a status cannot be reached.
    """

    def __init__(self, name: str, statuses: type[StrEnum], acts: type[StrEnum], steps: Sequence[Step]) -> None:
        self.name = name
        self.statuses = statuses
        self.acts = acts
        self.steps = {step.act: step for step in steps}
        if len(self.steps) != len(steps) or set(self.steps) != set(acts):
            raise ValueError(f"{name}: every act needs exactly one row in the table of steps")
        reached = {step.target for step in steps if step.target is not None}
        if unreached := set(statuses) - reached:
            raise ValueError(f"{name}: no act leads to {sorted(unreached)}")

    @property
    def folder(self) -> str:
        """The folder of the house this record lives in; prefixes its words."""
        return self.name.partition(".")[0]

    def acts_from(self, status: str) -> tuple[StrEnum, ...]:
        """The acts that are open in this status, in the order of the table."""
        return tuple(step.act for step in self.steps.values() if status in step.sources)

    def ends_in(self) -> frozenset[str]:
        """The statuses that no act leaves."""
        left = {source for step in self.steps.values() for source in step.sources if step.target is not None}
        return frozenset(status for status in self.statuses if status not in left)
