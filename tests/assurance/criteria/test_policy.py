"""Who may bring editions and mapping sets in, who may comment and answer, and who sees which edition."""

import pytest
from tests.assurance.criteria.drafts import COMMENTING, EDITING, MAPPING, comment_in, edition_in, mapping_in
from tests.assurance.doing import refusal, traces

from kansatsu.accounts.actors import actor_of
from kansatsu.accounts.models import Membership
from kansatsu.assurance.criteria import policy, queries
from kansatsu.assurance.criteria.workflow import Act, CommentAct, MappingAct, Status

EVERYBODY = (
    "provider", "other provider", "auditor", "other auditor", "reviewer", "other reviewer", "committee", "office",
    "agency", "nobody", "system",
)  # fmt: skip
OFFICE = {"office"}
OFFICE_OR_SYSTEM = {"office", "system"}
EDITION = {
    "install": OFFICE_OR_SYSTEM, "import": OFFICE_OR_SYSTEM, "replace": OFFICE, "classify": OFFICE, "consult": OFFICE,
    "end_consultation": OFFICE, "publish": OFFICE, "discard": OFFICE,
}  # fmt: skip
COMMENT = {
    "comment": (set(EVERYBODY) - {"nobody", "system"}, "criteria.no_organisation"),
    "answer": (OFFICE, "accounts.not_office"),
    "retract": ({"provider"}, "criteria.not_author"),
}
MAPPING_SET = {"load": OFFICE_OR_SYSTEM, "withdraw": OFFICE}


def check(act, record, actor, *, may, otherwise):
    before = traces()
    refused = refusal(act, record, actor)
    assert refused == (None if may else ("not-allowed", otherwise))
    assert may or traces() == before


def test_the_tables_of_this_test_know_every_act():
    assert (set(EDITION), set(COMMENT), set(MAPPING_SET)) == (set(Act), set(CommentAct), set(MappingAct))


@pytest.mark.parametrize("person", EVERYBODY)
@pytest.mark.parametrize("act", EDITION)
def test_who_may_do_what_with_an_edition(who, act, person):
    edition = edition_in("consultation" if act == "end_consultation" else "draft", who["office"])
    check(EDITING[Act(act)], edition, who[person], may=person in EDITION[act], otherwise="accounts.not_office")


@pytest.mark.parametrize("person", EVERYBODY)
@pytest.mark.parametrize("act", COMMENT)
def test_who_may_do_what_with_a_comment(who, act, person):
    may, otherwise = COMMENT[act]
    comment = comment_in("open", who["office"], who["provider"])
    check(COMMENTING[CommentAct(act)], comment, who[person], may=person in may, otherwise=otherwise)


@pytest.mark.parametrize("person", EVERYBODY)
@pytest.mark.parametrize("act", MAPPING_SET)
def test_who_may_do_what_with_a_mapping_set(who, act, person):
    loaded = mapping_in("in_use", who["office"])
    check(
        MAPPING[MappingAct(act)], loaded, who[person], may=person in MAPPING_SET[act], otherwise="accounts.not_office"
    )


@pytest.mark.parametrize("act", [act for act in Act if act not in ("install", "import", "end_consultation")])
def test_a_stranger_is_told_so_before_anything_about_the_status(who, act):
    edition = edition_in("published", who["office"])
    assert refusal(EDITING[act], edition, who["provider"]) == ("not-allowed", "accounts.not_office")


def test_a_colleague_cannot_retract_what_somebody_else_wrote(people):
    comment = comment_in("open", people["office"], people["provider"])
    assert refusal(COMMENTING["retract"], comment, people["provider2"]) == ("not-allowed", "criteria.not_author")


def test_the_author_can_retract_a_comment_for_whatever_organisation_they_act_now(people):
    comment = comment_in("open", people["office"], people["provider"])
    lone = type(people["provider"])("言明 かおり", person_id=people["provider"].person_id)
    assert refusal(COMMENTING["retract"], comment, lone) is None


def test_the_acts_that_a_page_offers_to_the_office_and_to_others(people):
    edition = edition_in("draft", people["office"])
    offered = policy.POLICY.open_acts(people["office"], edition)
    assert set(offered) == {Act.REPLACE, Act.CLASSIFY, Act.CONSULT, Act.PUBLISH, Act.DISCARD}
    assert policy.POLICY.open_acts(people["provider"], edition) == ()


@pytest.mark.parametrize(
    ("status", "seen_by"),
    [
        ("draft", OFFICE_OR_SYSTEM),
        ("consultation", set(EVERYBODY)),
        ("published", set(EVERYBODY)),
        ("discarded", set()),
    ],
)
def test_who_sees_an_edition_in_each_status(who, status, seen_by):
    edition = edition_in(Status(status), who["office"])
    assert {person for person in who if policy.editions_visible_to(who[person]).contains(edition)} == seen_by
    assert {person for person in who if edition in queries.shelf(who[person])} == seen_by


def test_every_member_of_the_office_sees_drafts(people):
    edition = edition_in("draft", people["office"])
    clerk = actor_of(Membership.objects.get(person=people["clerk"].person_id))
    assert policy.editions_visible_to(clerk).contains(edition)
