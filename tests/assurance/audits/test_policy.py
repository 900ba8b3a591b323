"""Who may do what in an engagement, that auditors are independent, and who may read it at which stage."""

import pytest
from tests.assurance.doing import AUDITING, once_worked, refusal, traces

from kansatsu.assurance.audits import policy
from kansatsu.assurance.audits.workflow import Act

STAGE = "proposed"
EVERYBODY = (
    "provider", "other provider", "auditor", "other auditor", "reviewer", "other reviewer", "committee", "office",
    "agency", "nobody", "system",
)  # fmt: skip
MAY = {
    "propose": "provider",
    "cancel": "provider",
    "accept": "auditor",
    "decline": "auditor",
    "fix_period": "auditor",
    "record_finding": "auditor",
    "issue": "auditor",
    "take_back": "auditor",
    "freeze": "auditor",
}
REFUSED_WITH = {"provider": "providers.not_provider", "auditor": "audits.not_auditor"}
AUDITORS_ACTS = [act for act, one in MAY.items() if one == "auditor"]


def record(walk, act):
    return walk.statement if act == "propose" else walk.engagement


def test_the_table_of_this_test_knows_every_act():
    assert set(MAY) == set(Act)


@pytest.mark.parametrize("act", MAY)
def test_who_may_do_an_act(walk, who, act):
    assert policy.POLICY.objection(who[MAY[act]], Act(act), record(walk, act)) is None


@pytest.mark.parametrize("person", EVERYBODY)
@pytest.mark.parametrize("act", MAY)
def test_nobody_else_may(walk, who, act, person):
    expected = None if person == MAY[act] else REFUSED_WITH[MAY[act]]
    objection = policy.POLICY.objection(who[person], Act(act), record(walk, act))
    assert (objection and objection.code) == expected
    if expected:
        before = traces()
        assert refusal(AUDITING[Act(act)], walk, who[person]) == ("not-allowed", expected)
        assert traces() == before


@pytest.mark.parametrize("act", AUDITORS_ACTS)
def test_an_auditor_who_once_worked_for_the_provider_is_not_independent(walk, people, act):
    once_worked(people, "auditor", at="provider")
    assert refusal(AUDITING[Act(act)], walk, people["auditor"]) == ("not-allowed", "audits.not_independent")
    assert policy.POLICY.objection(people["auditor2"], Act(act), walk.engagement) is None


@pytest.mark.parametrize("act", AUDITORS_ACTS)
def test_having_worked_for_another_provider_does_no_harm(walk, people, act):
    once_worked(people, "auditor", at="minato")
    assert policy.POLICY.objection(people["auditor"], Act(act), walk.engagement) is None


READERS = {
    "proposed": {"provider", "auditor"},
    "frozen": {"provider", "auditor"},
    "prepared": {"provider", "auditor"},
    "submitted": {"provider", "auditor", "reviewer", "other reviewer"},
    "before_committee": {"provider", "auditor", "reviewer", "other reviewer", "committee"},
    "registered": {"provider", "auditor", "reviewer", "other reviewer", "committee"},
}


@pytest.mark.parametrize("stage", READERS)
def test_who_can_read_an_engagement_at_each_stage(walk, who, stage):
    walk.to(stage)
    assert {person for person in who if policy.visible_to(who[person]).contains(walk.engagement)} == READERS[stage]
