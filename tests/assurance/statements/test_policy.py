"""Who may write a statement, and who may read it at which stage."""

import pytest
from tests.assurance.doing import STATING, refusal, traces

from kansatsu.assurance.statements import policy
from kansatsu.assurance.statements.workflow import Act

STAGE = "answered"
OTHERS = [
    "other provider", "auditor", "other auditor", "reviewer", "other reviewer", "committee", "office", "agency",
    "nobody", "system",
]  # fmt: skip


@pytest.mark.parametrize("act", ["start", "describe", "answer", "finalise", "revise"])
def test_the_provider_may_do_every_act(walk, who, act):
    record = walk.service if act == "start" else walk.statement
    assert policy.POLICY.objection(who["provider"], Act(act), record) is None


@pytest.mark.parametrize("person", OTHERS)
@pytest.mark.parametrize("act", ["start", "describe", "answer", "finalise", "revise"])
def test_nobody_else_may_do_any(walk, who, act, person):
    before = traces()
    assert refusal(STATING[Act(act)], walk, who[person]) == ("not-allowed", "providers.not_provider")
    assert traces() == before


READERS = {
    "answered": {"provider"},
    "final": {"provider"},
    "proposed": {"provider", "auditor"},
    "frozen": {"provider", "auditor"},
    "prepared": {"provider", "auditor"},
    "submitted": {"provider", "auditor", "reviewer", "other reviewer"},
    "questioned": {"provider", "auditor", "reviewer", "other reviewer"},
    "before_committee": {"provider", "auditor", "reviewer", "other reviewer", "committee"},
    "registered": {"provider", "auditor", "reviewer", "other reviewer", "committee"},
}


@pytest.mark.parametrize("stage", READERS)
def test_who_can_read_a_statement_at_each_stage(walk, who, stage):
    walk.to(stage)
    assert {person for person in who if policy.visible_to(who[person]).contains(walk.statement)} == READERS[stage]
