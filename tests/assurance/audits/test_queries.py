"""Which engagements one sees, which wait for an audit body, and which reports an application can rest on."""

import pytest
from tests.assurance.doing import AUDITING, ENGAGEMENT_IN, audit_body

from kansatsu.assurance.audits import actions, queries
from kansatsu.assurance.audits.models import Engagement
from kansatsu.assurance.statements import actions as statements

STAGE = "final"


@pytest.mark.parametrize(
    ("status", "waits"),
    [
        ("proposed", True),
        ("declined", False),
        ("cancelled", False),
        ("accepted", True),
        ("fieldwork", True),
        ("reported", True),
        ("frozen", False),
    ],
)
def test_what_waits_for_the_audit_body(walk, status, waits):
    ENGAGEMENT_IN[status](walk)
    assert list(queries.waiting(walk.actor("auditor"))) == ([walk.engagement] if waits else [])


@pytest.mark.parametrize("person", ["provider", "tashika", "reviewer", "decider", "office", "buyer"])
def test_an_audit_waits_for_nobody_else(walk, person):
    walk.to("proposed")
    assert list(queries.waiting(walk.actor(person))) == []


def test_the_longest_waiting_comes_first_and_the_list_has_the_newest_first(walk):
    first = walk.to("proposed").engagement
    second = AUDITING["propose"](walk, walk.actor("provider"))
    assert list(queries.waiting(walk.actor("auditor"))) == [first, second]
    assert list(queries.listed(walk.actor("auditor"))) == [second, first]


def test_a_statements_engagements_are_those_the_actor_can_see(walk):
    first = walk.to("proposed").engagement
    other = actions.propose(
        statement=walk.statement,
        audit_body=audit_body_of(walk, "tashika"),
        actor=walk.actor("provider"),
        now=walk.later(),
    )
    assert list(queries.of_statement(walk.statement.pk, walk.actor("provider"))) == [other, first]
    assert list(queries.of_statement(walk.statement.pk, walk.actor("auditor"))) == [first]
    assert list(queries.of_statement(walk.statement.pk, walk.actor("tashika"))) == [other]
    assert list(queries.of_statement(walk.statement.pk, walk.actor("buyer"))) == []


def audit_body_of(walk, key):
    walk.auditor = key
    return audit_body(walk)


def test_an_application_can_rest_on_a_frozen_report_only(walk):
    walk.to("reported")
    assert list(queries.frozen_for(walk.service.pk)) == []
    walk.to("frozen")
    assert list(queries.frozen_for(walk.service.pk)) == [walk.engagement]


def test_a_report_on_a_superseded_statement_is_no_longer_offered(walk):
    walk.to("frozen")
    statements.revise(statement=walk.statement, actor=walk.actor("provider"), now=walk.later())
    assert list(queries.frozen_for(walk.service.pk)) == []


def test_the_content_hash_covers_the_findings_and_the_conclusion(walk):
    walk.to("fieldwork")
    hashes = [queries.content_hash(walk.engagement)]
    AUDITING["record_finding"](walk, walk.actor("auditor"))
    hashes.append(queries.content_hash(Engagement.objects.get(pk=walk.engagement.pk)))
    walk.engagement.refresh_from_db()
    AUDITING["issue"](walk, walk.actor("auditor"))
    hashes.append(queries.content_hash(walk.engagement))
    assert len(set(hashes)) == 3
    assert queries.content_hash(Engagement.objects.get(pk=walk.engagement.pk)) == hashes[-1]
