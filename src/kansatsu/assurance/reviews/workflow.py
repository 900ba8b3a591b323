"""An application goes from the draft to the committee's decision."""

from enum import StrEnum

from kansatsu.core.steps import Step, Workflow


class Status(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    UNDER_REVIEW = "under_review"
    QUESTIONED = "questioned"
    BEFORE_COMMITTEE = "before_committee"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    PREPARE = "prepare"
    REST_ON = "rest_on"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    ACCEPT = "accept"
    TAKE_UP = "take_up"
    ASK = "ask"
    ANSWER = "answer"
    PRESENT = "present"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    REFUSE = "refuse"


_BEFORE_PRESENTED = (
    Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.ACCEPTED, Status.UNDER_REVIEW, Status.QUESTIONED,
)  # fmt: skip

APPLICATION = Workflow(
    "reviews.application",
    Status,
    Act,
    [
        Step(Act.PREPARE, (), Status.DRAFT),
        Step(Act.REST_ON, (Status.DRAFT, Status.RETURNED), None),
        Step(Act.SUBMIT, (Status.DRAFT, Status.RETURNED), Status.SUBMITTED),
        Step(Act.WITHDRAW, _BEFORE_PRESENTED, Status.WITHDRAWN),
        Step(Act.RETURN, (Status.SUBMITTED, Status.UNDER_REVIEW), Status.RETURNED),
        Step(Act.ACCEPT, (Status.SUBMITTED,), Status.ACCEPTED),
        Step(Act.TAKE_UP, (Status.ACCEPTED,), Status.UNDER_REVIEW),
        Step(Act.ASK, (Status.UNDER_REVIEW,), Status.QUESTIONED),
        Step(Act.ANSWER, (Status.QUESTIONED,), Status.UNDER_REVIEW),
        Step(Act.PRESENT, (Status.UNDER_REVIEW,), Status.BEFORE_COMMITTEE),
        Step(Act.SEND_BACK, (Status.BEFORE_COMMITTEE,), Status.UNDER_REVIEW),
        Step(Act.APPROVE, (Status.BEFORE_COMMITTEE,), Status.APPROVED),
        Step(Act.REFUSE, (Status.BEFORE_COMMITTEE,), Status.REFUSED),
    ],
)
