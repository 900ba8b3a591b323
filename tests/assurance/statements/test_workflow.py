"""Every status of a statement against every act, by the table and by the acts themselves."""

import pytest
from tests.assurance.doing import STATEMENT_IN, STATING, refusal, traces

from kansatsu.assurance.statements.workflow import STATEMENT, Act, Status

STAGE = "answered"
NO = None
EXPECTED = {
    #             start describe  answer   finalise revise
    "draft":      (NO, "draft",  "draft", "final", NO),
    "final":      (NO, NO,       NO,      NO,      "superseded"),
    "superseded": (NO, NO,       NO,      NO,      NO),
}  # fmt: skip
ACTS = ("start", "describe", "answer", "finalise", "revise")
PAIRS = [(status, act, EXPECTED[status][column]) for status in EXPECTED for column, act in enumerate(ACTS)]


def test_the_table_of_this_test_knows_every_status_and_every_act():
    assert set(EXPECTED) == set(Status) and tuple(Act) == ACTS


@pytest.mark.parametrize(("status", "act", "expected"), PAIRS)
def test_the_table_of_steps(status, act, expected):
    step = STATEMENT.steps[Act(act)]
    leads_to = (step.target or status) if status in step.sources else None
    assert leads_to == expected


def test_a_statement_starts_as_a_draft():
    assert STATEMENT.steps[Act.START].begins and STATEMENT.steps[Act.START].target is Status.DRAFT


@pytest.mark.parametrize(("status", "act", "expected"), [pair for pair in PAIRS if pair[1] != "start"])
def test_each_act_in_each_status(walk, status, act, expected):
    STATEMENT_IN[status](walk)
    before = traces()
    refused = refusal(STATING[Act(act)], walk, walk.actor("provider"))
    assert refused == (None if expected else ("wrong-state", "core.wrong_state"))
    walk.statement.refresh_from_db()
    assert walk.statement.status == (expected or status)
    assert expected or traces() == before
