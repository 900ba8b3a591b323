"""The lives of an edition, of a comment on a draft, and of a mapping set."""

from enum import StrEnum

from kansatsu.core.steps import Step, Workflow


class Status(StrEnum):
    """A published edition never changes; a correction is a new edition."""

    DRAFT = "draft"
    CONSULTATION = "consultation"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class Act(StrEnum):
    INSTALL = "install"
    IMPORT = "import"
    REPLACE = "replace"
    CLASSIFY = "classify"
    CONSULT = "consult"
    END_CONSULTATION = "end_consultation"
    PUBLISH = "publish"
    DISCARD = "discard"


EDITION = Workflow(
    "criteria.edition",
    Status,
    Act,
    [
        Step(Act.INSTALL, (), Status.PUBLISHED),
        Step(Act.IMPORT, (), Status.DRAFT),
        Step(Act.CLASSIFY, (Status.DRAFT,), Status.DRAFT),
        Step(Act.REPLACE, (Status.DRAFT,), Status.DRAFT),
        Step(Act.CONSULT, (Status.DRAFT,), Status.CONSULTATION),
        Step(Act.END_CONSULTATION, (Status.CONSULTATION,), Status.DRAFT),
        Step(Act.PUBLISH, (Status.DRAFT,), Status.PUBLISHED),
        Step(Act.DISCARD, (Status.DRAFT,), Status.DISCARDED),
    ],
)


class CommentStatus(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    RETRACTED = "retracted"


class CommentAct(StrEnum):
    COMMENT = "comment"
    ANSWER = "answer"
    RETRACT = "retract"


COMMENT = Workflow(
    "criteria.comment",
    CommentStatus,
    CommentAct,
    [
        Step(CommentAct.COMMENT, (), CommentStatus.OPEN),
        Step(CommentAct.ANSWER, (CommentStatus.OPEN,), CommentStatus.ANSWERED),
        Step(CommentAct.RETRACT, (CommentStatus.OPEN,), CommentStatus.RETRACTED),
    ],
)


class MappingStatus(StrEnum):
    IN_USE = "in_use"
    WITHDRAWN = "withdrawn"


class MappingAct(StrEnum):
    LOAD = "load"
    WITHDRAW = "withdraw"


MAPPING = Workflow(
    "criteria.mapping",
    MappingStatus,
    MappingAct,
    [
        Step(MappingAct.LOAD, (), MappingStatus.IN_USE),
        Step(MappingAct.WITHDRAW, (MappingStatus.IN_USE,), MappingStatus.WITHDRAWN),
    ],
)
