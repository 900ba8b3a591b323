"""Who may do what with an application, that nobody decides on what they prepared, and who sees it when."""

import pytest
from tests.assurance.doing import APPLYING, joins, once_worked, refusal, traces

from kansatsu.accounts import actions as accounts
from kansatsu.accounts import duties
from kansatsu.accounts.actors import actor_of
from kansatsu.accounts.models import Membership
from kansatsu.assurance.reviews import policy
from kansatsu.assurance.reviews.workflow import Act

STAGE = "under_review"
EVERYBODY = (
    "provider", "other provider", "auditor", "other auditor", "reviewer", "other reviewer", "committee", "office",
    "agency", "nobody", "system",
)  # fmt: skip
REVIEWERS = {"reviewer", "other reviewer"}
# who may, while the reviewer has the review in hand; and what the others are told
MAY = {
    "prepare": ({"provider"}, "providers.not_provider"),
    "rest_on": ({"provider"}, "providers.not_provider"),
    "submit": ({"provider"}, "providers.not_provider"),
    "withdraw": ({"provider"}, "providers.not_provider"),
    "return": ({"reviewer"}, "reviews.not_reviewer"),
    "accept": (REVIEWERS, "reviews.not_reviewer"),
    "take_up": (REVIEWERS, "reviews.not_reviewer"),
    "ask": ({"reviewer"}, "reviews.not_reviewer"),
    "answer": ({"provider"}, "providers.not_provider"),
    "present": ({"reviewer"}, "reviews.not_reviewer"),
    "send_back": ({"committee"}, "reviews.not_committee"),
    "approve": ({"committee"}, "reviews.not_committee"),
    "refuse": ({"committee"}, "reviews.not_committee"),
}
REVIEWING = ("return", "accept", "take_up", "ask", "present")
DECIDING = ("send_back", "approve", "refuse")


def record(walk, act):
    return walk.service if act == "prepare" else walk.application


def objection(walk, actor, act):
    problem = policy.POLICY.objection(actor, Act(act), record(walk, act))
    return problem and problem.code


def test_the_table_of_this_test_knows_every_act():
    assert set(MAY) == set(Act)


@pytest.mark.parametrize("person", EVERYBODY)
@pytest.mark.parametrize("act", MAY)
def test_who_may_do_an_act_and_what_everybody_else_is_told(walk, who, act, person):
    may, otherwise = MAY[act]
    if person in may:
        assert objection(walk, who[person], act) is None
    else:
        expected = "reviews.other_reviewer" if person in REVIEWERS and "reviewer" in may else otherwise
        before = traces()
        assert refusal(APPLYING[Act(act)], walk, who[person]) == ("not-allowed", expected)
        assert traces() == before


def test_the_one_who_has_a_review_in_hand_is_named_to_colleagues(walk, people):
    problem = policy.POLICY.objection(people["reviewer2"], Act.ASK, walk.application)
    assert problem.params == {"name": "審査 みお"}


def test_a_review_that_is_handed_over_is_the_colleagues_and_no_longer_ones_own(walk, people):
    hand_over_the_review(walk, people, "reviewer", "reviewer2")
    assert objection(walk, people["reviewer2"], "ask") is None
    assert objection(walk, people["reviewer"], "ask") == "reviews.other_reviewer"


def hand_over_the_review(walk, people, giver, taker):
    body = people[giver].organisation_id
    accounts.hand_over(
        duties=[duties.holder(walk.application, "review")],
        giver=Membership.objects.get(person=people[giver].person_id, organisation=body),
        taker=Membership.objects.get(person=people[taker].person_id, organisation=body),
        actor=people[giver],
        now=walk.later(),
    )


@pytest.mark.parametrize("party", ["provider", "auditor"])
@pytest.mark.parametrize("act", REVIEWING)
def test_a_reviewer_who_once_worked_for_a_party_may_not_review(walk, people, act, party):
    once_worked(people, "reviewer", at=party)
    assert refusal(APPLYING[Act(act)], walk, people["reviewer"]) == ("not-allowed", "reviews.reviewer_is_party")


@pytest.mark.parametrize("party", ["provider", "auditor"])
def test_a_reviewer_who_works_for_a_party_now_may_not_review(walk, people, party):
    joins(people, "reviewer2", at=party)
    assert objection(walk, people["reviewer2"], "take_up") == "reviews.reviewer_is_party"


@pytest.mark.parametrize("stranger", ["minato", "tashika", "buyer"])
@pytest.mark.parametrize("act", REVIEWING)
def test_a_reviewer_who_once_worked_elsewhere_may_review(walk, people, act, stranger):
    once_worked(people, "reviewer", at=stranger)
    assert objection(walk, people["reviewer"], act) is None


@pytest.mark.parametrize("party", ["provider", "auditor"])
@pytest.mark.parametrize("act", DECIDING)
def test_a_decider_who_once_worked_for_a_party_may_not_decide(walk, people, act, party):
    walk.to("before_committee")
    once_worked(people, "decider", at=party)
    assert refusal(APPLYING[Act(act)], walk, people["decider"]) == ("not-allowed", "reviews.decider_is_party")
    assert objection(walk, people["decider2"], act) is None


@pytest.mark.parametrize("stranger", ["minato", "tashika", "office"])
@pytest.mark.parametrize("act", DECIDING)
def test_a_decider_who_once_worked_elsewhere_may_decide(walk, people, act, stranger):
    once_worked(people, "decider", at=stranger)
    assert objection(walk, people["decider"], act) is None


@pytest.mark.parametrize("act", DECIDING)
@pytest.mark.parametrize("reviewed", ["return", "ask", "present"])
def test_a_decider_who_had_the_review_in_hand_may_not_decide(walk, people, reviewed, act):
    membership = joins(people, "decider", at="reviewer")
    people["both"] = actor_of(membership)
    hand_over_the_review(walk, people, "reviewer", "both")
    APPLYING[Act(reviewed)](walk, people["both"])
    assert objection(walk, people["decider"], act) == "reviews.decider_reviewed"
    assert objection(walk, people["decider2"], act) is None


@pytest.mark.parametrize("reviewed", ["accept", "take_up"])
def test_a_decider_who_let_an_application_in_may_not_decide_on_it(walk, people, reviewed):
    both = actor_of(joins(people, "decider", at="reviewer"))
    APPLYING[Act.RETURN](walk, people["reviewer"])
    APPLYING[Act.SUBMIT](walk, people["provider"])
    APPLYING[Act.ACCEPT](walk, both if reviewed == "accept" else people["reviewer"])
    APPLYING[Act.TAKE_UP](walk, both if reviewed == "take_up" else people["reviewer"])
    assert objection(walk, people["decider"], "approve") == "reviews.decider_reviewed"


def test_a_decider_who_works_for_the_support_body_but_did_not_review_this_one_may_decide(walk, people):
    joins(people, "decider", at="reviewer")
    assert objection(walk.to("before_committee"), people["decider"], "approve") is None


def test_a_decider_who_reviewed_cannot_approve_by_the_act_either(walk, people):
    membership = joins(people, "decider", at="reviewer")
    people["both"] = actor_of(membership)
    hand_over_the_review(walk, people, "reviewer", "both")
    APPLYING[Act.PRESENT](walk, people["both"])
    refused = refusal(APPLYING[Act.APPROVE], walk, people["decider"])
    assert refused == ("not-allowed", "reviews.decider_reviewed")
