"""Who may enter and change a service, and who sees which."""

import pytest
from tests.assurance.doing import refusal

from kansatsu.assurance.providers import actions, policy
from kansatsu.assurance.providers.workflow import Model

STAGE = "described"
NEITHER = [
    "auditor", "other auditor", "reviewer", "other reviewer", "committee", "office", "agency", "nobody", "system",
]  # fmt: skip


def enter(walk, actor):
    return actions.describe(name="べつのサービス", model=Model.PAAS, actor=actor, now=walk.later())


def change(walk, actor):
    return actions.describe(
        service=walk.service, name="あたらしい名称", model=Model.PAAS, actor=actor, now=walk.later()
    )


@pytest.mark.parametrize("person", ["provider", "other provider"])
def test_any_provider_may_enter_a_service(walk, who, person):
    assert refusal(enter, walk, who[person]) is None


@pytest.mark.parametrize("person", NEITHER)
def test_nobody_else_may_enter_a_service(walk, who, person):
    assert refusal(enter, walk, who[person]) == ("not-allowed", "providers.not_provider")


def test_the_services_own_provider_may_change_it(walk, who):
    assert refusal(change, walk, who["provider"]) is None


@pytest.mark.parametrize("person", ["other provider", *NEITHER])
def test_nobody_else_may_change_a_service(walk, who, person):
    assert refusal(change, walk, who[person]) == ("not-allowed", "providers.not_provider")


def test_a_provider_sees_its_own_services_only(walk, who):
    other = enter(walk, who["other provider"])
    assert list(policy.visible_to(who["provider"])) == [walk.service]
    assert list(policy.visible_to(who["other provider"])) == [other]


@pytest.mark.parametrize("person", NEITHER)
def test_nobody_else_sees_a_providers_services(walk, who, person):
    assert list(policy.visible_to(who[person])) == []
