"""Who may do which act: one table a stage, asked by the action, by the page (to show a button) and by the tests."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Generic, TypeVar

from kansatsu.core.problems import Problem
from kansatsu.core.refusals import NotAllowed
from kansatsu.core.steps import Workflow

A = TypeVar("A")
Objection = Callable[[A, Any], Problem | None]


class Policy(Generic[A]):
    """The table of acts and the objection that each actor must be free of.

    :param workflow: the table of steps, where the records have one.
    :raises ValueError: an act has no row; nothing is allowed by silence.
    """

    def __init__(self, acts: type[StrEnum], rows: Mapping[Any, Objection[A]], workflow: Workflow | None = None) -> None:
        if set(rows) != set(acts):
            raise ValueError(f"{acts.__module__}: every act needs exactly one row in the policy")
        self.rows = rows
        self.workflow = workflow

    def objection(self, actor: A, act: StrEnum, record: Any) -> Problem | None:
        """Why the actor may not do the act on the record, or nothing. The record's status does not matter here."""
        return self.rows[act](actor, record)

    def require(self, actor: A, act: StrEnum, record: Any) -> None:
        """:raises NotAllowed: the actor may not."""
        if problem := self.objection(actor, act, record):
            raise NotAllowed(problem)

    def open_acts(self, actor: A, record: Any) -> tuple[StrEnum, ...]:
        """The acts that this actor may do on the record as it stands now: what a page offers as buttons."""
        acts = self.workflow.acts_from(record.status) if self.workflow else tuple(self.rows)
        return tuple(act for act in acts if self.objection(actor, act, record) is None)
