"""Every status of an engagement against every act, by the table and by the acts themselves."""

import pytest
from tests.assurance.doing import AUDITING, ENGAGEMENT_IN, refusal, traces

from kansatsu.assurance.audits.workflow import ENGAGEMENT, Act, Status

STAGE = "final"
NO = None
ACTS = (
    "propose", "cancel", "accept", "decline", "fix_period", "record_finding", "issue", "take_back", "freeze",
)  # fmt: skip
EXPECTED = {
    #            propose cancel    accept      decline     fix_period   finding      issue       take_back    freeze
    "proposed":  (NO, "cancelled", "accepted", "declined", NO,          NO,          NO,         NO,          NO),
    "declined":  (NO, NO,          NO,         NO,         NO,          NO,          NO,         NO,          NO),
    "cancelled": (NO, NO,          NO,         NO,         NO,          NO,          NO,         NO,          NO),
    "accepted":  (NO, NO,          NO,         NO,         "fieldwork", NO,          NO,         NO,          NO),
    "fieldwork": (NO, NO,          NO,         NO,         NO,          "fieldwork", "reported", NO,          NO),
    "reported":  (NO, NO,          NO,         NO,         NO,          NO,          NO,         "fieldwork", "frozen"),
    "frozen":    (NO, NO,          NO,         NO,         NO,          NO,          NO,         NO,          NO),
}  # fmt: skip
PAIRS = [(status, act, EXPECTED[status][column]) for status in EXPECTED for column, act in enumerate(ACTS)]


def test_the_table_of_this_test_knows_every_status_and_every_act():
    assert set(EXPECTED) == set(Status) and tuple(Act) == ACTS


@pytest.mark.parametrize(("status", "act", "expected"), PAIRS)
def test_the_table_of_steps(status, act, expected):
    step = ENGAGEMENT.steps[Act(act)]
    leads_to = (step.target or status) if status in step.sources else None
    assert leads_to == expected


def test_an_engagement_begins_as_a_proposal():
    assert ENGAGEMENT.steps[Act.PROPOSE].begins and ENGAGEMENT.steps[Act.PROPOSE].target is Status.PROPOSED


@pytest.mark.parametrize(("status", "act", "expected"), [pair for pair in PAIRS if pair[1] != "propose"])
def test_each_act_in_each_status(walk, status, act, expected):
    ENGAGEMENT_IN[status](walk)
    before = traces()
    actor = walk.actor("provider" if act == "cancel" else "auditor")
    refused = refusal(AUDITING[Act(act)], walk, actor)
    assert refused == (None if expected else ("wrong-state", "core.wrong_state"))
    walk.engagement.refresh_from_db()
    assert walk.engagement.status == (expected or status)
    assert expected or traces() == before
