"""What organisations, people and acts are called."""

import pytest

from kansatsu.accounts.policy import POLICY
from kansatsu.accounts.workflow import Act, Kind, Role
from kansatsu.core.words import word


def test_the_kinds_roles_and_acts_are_these():
    assert set(Kind) == {"provider", "audit_body", "support_body", "committee", "office", "agency"}
    assert set(Role) == {"member", "administrator"}
    assert set(Act) == {"found", "invite", "withdraw_invitation", "join", "hand_over", "leave"}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_of_them_has_a_word_of_its_own(language):
    for group, values in (("kind", Kind), ("role", Role), ("act", Act)):
        words = [word(f"accounts.{group}.{value}", language) for value in values]
        assert len(set(words)) == len(values)


def test_every_act_has_its_row_in_the_policy():
    assert set(POLICY.rows) == set(Act)
