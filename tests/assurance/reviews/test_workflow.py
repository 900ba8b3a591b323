"""Every status of an application against every act, by the table and by the acts themselves."""

import pytest
from tests.assurance.doing import APPLICATION_IN, APPLYING, refusal, traces

from kansatsu.assurance.reviews.workflow import APPLICATION, Act, Status

STAGE = "frozen"
ACTS = (
    "prepare", "rest_on", "submit", "withdraw", "return", "accept", "take_up", "ask", "answer", "present", "send_back",
    "approve", "refuse",
)  # fmt: skip
EXPECTED = {
    "draft": {"rest_on": "draft", "submit": "submitted", "withdraw": "withdrawn"},
    "submitted": {"withdraw": "withdrawn", "return": "returned", "accept": "accepted"},
    "returned": {"rest_on": "returned", "submit": "submitted", "withdraw": "withdrawn"},
    "accepted": {"withdraw": "withdrawn", "take_up": "under_review"},
    "under_review": {
        "withdraw": "withdrawn", "return": "returned", "ask": "questioned", "present": "before_committee",
    },
    "questioned": {"withdraw": "withdrawn", "answer": "under_review"},
    "before_committee": {"send_back": "under_review", "approve": "approved", "refuse": "refused"},
    "approved": {},
    "refused": {},
    "withdrawn": {},
}  # fmt: skip
PAIRS = [(status, act, EXPECTED[status].get(act)) for status in EXPECTED for act in ACTS]
DOES = {
    "rest_on": "provider", "submit": "provider", "withdraw": "provider", "answer": "provider",
    "return": "reviewer", "accept": "reviewer", "take_up": "reviewer", "ask": "reviewer", "present": "reviewer",
    "send_back": "decider", "approve": "decider", "refuse": "decider",
}  # fmt: skip


def test_the_table_of_this_test_knows_every_status_and_every_act():
    assert set(EXPECTED) == set(Status) and tuple(Act) == ACTS


@pytest.mark.parametrize(("status", "act", "expected"), PAIRS)
def test_the_table_of_steps(status, act, expected):
    step = APPLICATION.steps[Act(act)]
    leads_to = (step.target or status) if status in step.sources else None
    assert leads_to == expected


def test_an_application_begins_as_a_draft():
    assert APPLICATION.steps[Act.PREPARE].begins and APPLICATION.steps[Act.PREPARE].target is Status.DRAFT


@pytest.mark.parametrize(("status", "act", "expected"), [pair for pair in PAIRS if pair[1] != "prepare"])
def test_each_act_in_each_status(walk, status, act, expected):
    APPLICATION_IN[status](walk)
    before = traces()
    refused = refusal(APPLYING[Act(act)], walk, walk.actor(DOES[act]))
    assert refused == (None if expected else ("wrong-state", "core.wrong_state"))
    walk.application.refresh_from_db()
    assert walk.application.status == (expected or status)
    assert expected or traces() == before


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("draft", ("incomplete", "reviews.under_way")),
        ("submitted", ("incomplete", "reviews.under_way")),
        ("returned", ("incomplete", "reviews.under_way")),
        ("accepted", ("incomplete", "reviews.under_way")),
        ("under_review", ("incomplete", "reviews.under_way")),
        ("questioned", ("incomplete", "reviews.under_way")),
        ("before_committee", ("incomplete", "reviews.under_way")),
        ("approved", None),
        ("refused", None),
        ("withdrawn", None),
    ],
)
def test_another_application_can_be_prepared_once_the_first_is_over(walk, status, expected):
    APPLICATION_IN[status](walk)
    assert refusal(APPLYING[Act.PREPARE], walk, walk.actor("provider")) == expected
