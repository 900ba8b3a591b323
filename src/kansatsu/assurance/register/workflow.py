"""An entry stands on the register until it is removed; whether it is valid today is computed, not stored."""

from enum import StrEnum

from kansatsu.core.steps import Step, Workflow


class Status(StrEnum):
    REGISTERED = "registered"
    REMOVED = "removed"


class Act(StrEnum):
    ENTER = "enter"
    ADOPT = "adopt"
    RENEW = "renew"
    REMARK = "remark"
    REMIND = "remind"
    REMOVE = "remove"


ENTRY = Workflow(
    "register.entry",
    Status,
    Act,
    [
        Step(Act.ENTER, (), Status.REGISTERED),
        Step(Act.ADOPT, (), Status.REGISTERED),
        Step(Act.RENEW, (Status.REGISTERED,), None),
        Step(Act.REMARK, (Status.REGISTERED, Status.REMOVED), None),
        Step(Act.REMIND, (Status.REGISTERED,), None),
        Step(Act.REMOVE, (Status.REGISTERED,), Status.REMOVED),
    ],
)
