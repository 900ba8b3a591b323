"""Every status of an edition, of a comment and of a mapping set against every act, by the tables and by the acts."""

import pytest
from tests.assurance.criteria.drafts import COMMENTING, EDITING, MAPPING, comment_in, edition_in, mapping_in
from tests.assurance.doing import refusal, traces

from kansatsu.assurance.criteria import workflow
from kansatsu.assurance.criteria.workflow import (
    Act,
    CommentAct,
    CommentStatus,
    MappingAct,
    MappingStatus,
    Status,
)

EDITION = {
    "draft": {
        "replace": "draft", "classify": "draft", "consult": "consultation", "publish": "published",
        "discard": "discarded",
    },
    "consultation": {"end_consultation": "draft"},
    "published": {},
    "discarded": {},
}  # fmt: skip
COMMENT = {"open": {"answer": "answered", "retract": "retracted"}, "answered": {}, "retracted": {}}
MAPPING_SET = {"in_use": {"withdraw": "withdrawn"}, "withdrawn": {}}
BEGIN = {"install": "published", "import": "draft", "comment": "open", "load": "in_use"}
TABLES = [
    (workflow.EDITION, Status, Act, EDITION),
    (workflow.COMMENT, CommentStatus, CommentAct, COMMENT),
    (workflow.MAPPING, MappingStatus, MappingAct, MAPPING_SET),
]


def pairs(statuses, acts, table):
    return [(status, act, table[status].get(act)) for status in statuses for act in acts if act not in BEGIN]


def moved(record, status, expected, act, actor):
    """Do the act; what came of it must be what the table says, and nothing is written when it is refused."""
    before = traces()
    refused = refusal(act, record, actor)
    assert refused == (None if expected else ("wrong-state", "core.wrong_state"))
    record.refresh_from_db()
    assert record.status == (expected or status)
    assert expected or traces() == before


@pytest.mark.parametrize(("table", "statuses", "acts", "expected"), TABLES)
def test_the_tables_of_steps(table, statuses, acts, expected):
    assert set(expected) == set(statuses)
    for act in acts:
        step = table.steps[act]
        assert step.begins == (act in BEGIN)
        if step.begins:
            assert step.target == BEGIN[act]
        for status in statuses:
            assert (step.target if status in step.sources else None) == expected[status].get(act)


@pytest.mark.parametrize(("status", "act", "expected"), pairs(Status, Act, EDITION))
def test_each_act_on_an_edition_in_each_status(people, status, act, expected):
    moved(edition_in(status, people["office"]), status, expected, EDITING[act], people["office"])


@pytest.mark.parametrize(("status", "act", "expected"), pairs(CommentStatus, CommentAct, COMMENT))
def test_each_act_on_a_comment_in_each_status(people, status, act, expected):
    record = comment_in(status, people["office"], people["provider"])
    moved(record, status, expected, COMMENTING[act], people["office" if act == "answer" else "provider"])


@pytest.mark.parametrize(("status", "act", "expected"), pairs(MappingStatus, MappingAct, MAPPING_SET))
def test_each_act_on_a_mapping_set_in_each_status(people, status, act, expected):
    moved(mapping_in(status, people["office"]), status, expected, MAPPING[act], people["office"])


@pytest.mark.parametrize("status", Status)
def test_a_line_takes_comments_only_while_its_edition_is_out_for_comment(people, status):
    comment = comment_in("open", people["office"], people["provider"])
    edition = comment.edition
    if status != "consultation":
        EDITING["end_consultation"](edition, people["office"])
        for act in {"draft": (), "published": ("publish",), "discarded": ("discard",)}[status]:
            EDITING[act](edition, people["office"])
    expected = None if status == "consultation" else ("incomplete", "criteria.no_comments_now")
    assert refusal(COMMENTING["comment"], comment, people["provider"]) == expected
