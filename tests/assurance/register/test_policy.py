"""Who may write the register."""

import pytest
from tests.assurance.doing import REGISTERING, refusal, traces

from kansatsu.assurance.register import policy
from kansatsu.assurance.register.workflow import Act

STAGE = "registered"
EVERYBODY = (
    "provider", "other provider", "auditor", "other auditor", "reviewer", "other reviewer", "committee", "office",
    "agency", "nobody", "system",
)  # fmt: skip
MAY = {
    "enter": ("office", "accounts.not_office"),
    "adopt": ("office", "accounts.not_office"),
    "renew": ("office", "accounts.not_office"),
    "remark": ("office", "accounts.not_office"),
    "remind": ("system", "register.system_only"),
    "remove": ("office", "accounts.not_office"),
}


def test_the_table_of_this_test_knows_every_act():
    assert set(MAY) == set(Act)


@pytest.mark.parametrize("person", EVERYBODY)
@pytest.mark.parametrize("act", MAY)
def test_who_may_do_an_act_and_what_everybody_else_is_told(walk, who, act, person):
    may, otherwise = MAY[act]
    if person == may:
        assert policy.POLICY.objection(who[person], Act(act), walk.entry) is None
    else:
        before = traces()
        assert refusal(REGISTERING[Act(act)], walk, who[person]) == ("not-allowed", otherwise)
        assert traces() == before
