"""Who may install an edition."""

import pytest
from tests.assurance.doing import BEGINNING, refusal

from kansatsu.assurance.criteria import actions

REFUSED = [
    "provider", "other provider", "auditor", "other auditor", "reviewer", "other reviewer", "committee", "agency",
    "nobody",
]  # fmt: skip


def install(_walk, actor):
    return actions.install(edition_id="ismap-2024-07", actor=actor, now=BEGINNING)


@pytest.mark.parametrize("person", ["office", "system"])
def test_the_office_and_the_system_may_install_an_edition(who, person):
    assert refusal(install, None, who[person]) is None


@pytest.mark.parametrize("person", REFUSED)
def test_nobody_else_may_install_an_edition(who, person):
    assert refusal(install, None, who[person]) == ("not-allowed", "accounts.not_office")
