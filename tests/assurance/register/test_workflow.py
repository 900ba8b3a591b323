"""Every status of an entry against every act, by the table and by the acts themselves."""

import pytest
from tests.assurance.doing import REGISTERING, refusal, traces

from kansatsu.assurance.register.models import Entry
from kansatsu.assurance.register.workflow import ENTRY, Act, Status

STAGE = "registered"
RENEWAL = True
NO = None
ACTS = ("enter", "adopt", "renew", "remark", "remind", "remove")
EXPECTED = {
    #            enter adopt renew        remark        remind        remove
    "registered": (NO, NO, "registered", "registered", "registered", "removed"),
    "removed":    (NO, NO, NO,           "removed",    NO,           NO),
}  # fmt: skip
PAIRS = [(status, act, EXPECTED[status][column]) for status in EXPECTED for column, act in enumerate(ACTS)]


def test_the_table_of_this_test_knows_every_status_and_every_act():
    assert set(EXPECTED) == set(Status) and tuple(Act) == ACTS


@pytest.mark.parametrize(("status", "act", "expected"), PAIRS)
def test_the_table_of_steps(status, act, expected):
    step = ENTRY.steps[Act(act)]
    leads_to = (step.target or status) if status in step.sources else None
    assert leads_to == expected


@pytest.mark.parametrize("act", ["enter", "adopt"])
def test_an_entry_begins_registered(act):
    assert ENTRY.steps[Act(act)].begins and ENTRY.steps[Act(act)].target is Status.REGISTERED


@pytest.mark.parametrize(("status", "act", "expected"), [pair for pair in PAIRS if pair[1] not in ("enter", "adopt")])
def test_each_act_in_each_status(walk, renewal, who, status, act, expected):
    walk.application = renewal.to("approved").application
    walk.clock = renewal.clock
    if status == "removed":
        REGISTERING[Act.REMOVE](walk, who["office"])
    before = traces()
    refused = refusal(REGISTERING[Act(act)], walk, who["system" if act == "remind" else "office"])
    assert refused == (None if expected else ("wrong-state", "core.wrong_state"))
    assert Entry.objects.get(pk=walk.entry.pk).status == (expected or status)
    assert expected or traces() == before
