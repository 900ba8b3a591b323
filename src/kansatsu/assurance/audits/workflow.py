"""An engagement (監査契約) goes from the proposal to the frozen result report."""

from enum import StrEnum

from kansatsu.core.steps import Step, Workflow


class Status(StrEnum):
    PROPOSED = "proposed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ACCEPTED = "accepted"
    FIELDWORK = "fieldwork"
    REPORTED = "reported"
    FROZEN = "frozen"


class Act(StrEnum):
    PROPOSE = "propose"
    CANCEL = "cancel"
    ACCEPT = "accept"
    DECLINE = "decline"
    FIX_PERIOD = "fix_period"
    RECORD_FINDING = "record_finding"
    ISSUE = "issue"
    TAKE_BACK = "take_back"
    FREEZE = "freeze"


ENGAGEMENT = Workflow(
    "audits.engagement",
    Status,
    Act,
    [
        Step(Act.PROPOSE, (), Status.PROPOSED),
        Step(Act.CANCEL, (Status.PROPOSED,), Status.CANCELLED),
        Step(Act.ACCEPT, (Status.PROPOSED,), Status.ACCEPTED),
        Step(Act.DECLINE, (Status.PROPOSED,), Status.DECLINED),
        Step(Act.FIX_PERIOD, (Status.ACCEPTED,), Status.FIELDWORK),
        Step(Act.RECORD_FINDING, (Status.FIELDWORK,), None),
        Step(Act.ISSUE, (Status.FIELDWORK,), Status.REPORTED),
        Step(Act.TAKE_BACK, (Status.REPORTED,), Status.FIELDWORK),
        Step(Act.FREEZE, (Status.REPORTED,), Status.FROZEN),
    ],
)
