"""A statement is drafted, made final, and perhaps superseded by a revision of itself; a final one never changes."""

from enum import StrEnum

from kansatsu.core.steps import Step, Workflow


class Status(StrEnum):
    DRAFT = "draft"
    FINAL = "final"
    SUPERSEDED = "superseded"


class Act(StrEnum):
    START = "start"
    DESCRIBE = "describe"
    ANSWER = "answer"
    FINALISE = "finalise"
    REVISE = "revise"


class LineState(StrEnum):
    """What the provider says of one control."""

    UNANSWERED = "unanswered"
    IMPLEMENTED = "implemented"
    INHERITED = "inherited"
    EXCLUDED = "excluded"
    NOT_SELECTED = "not_selected"


STATEMENT = Workflow(
    "statements.statement",
    Status,
    Act,
    [
        Step(Act.START, (), Status.DRAFT),
        Step(Act.DESCRIBE, (Status.DRAFT,), None),
        Step(Act.ANSWER, (Status.DRAFT,), None),
        Step(Act.FINALISE, (Status.DRAFT,), Status.FINAL),
        Step(Act.REVISE, (Status.FINAL,), Status.SUPERSEDED),
    ],
)
