"""The sample draft: out for comment for four weeks, plainly marked, with questions, one answer and nothing official."""

from datetime import UTC, date, datetime

import pytest
from tests.samples.conftest import NOW

from kansatsu.accounts.actors import SYSTEM
from kansatsu.assurance.criteria import actions, queries
from kansatsu.assurance.criteria.models import Comment, Edition
from kansatsu.core.events import history
from kansatsu.core.models import Event
from kansatsu.core.refusals import Incomplete
from kansatsu.samples.consultation import EDITION, put_out

THEN = datetime(2026, 11, 9, 1, 0, tzinfo=UTC)


@pytest.fixture
def draft(people):
    """The draft, put out two weeks before `NOW`."""
    for edition_id in ("ismap-2022-04", "ismap-2024-07"):
        actions.install(edition_id=edition_id, actor=SYSTEM, now=THEN)
    return put_out(people, now=THEN)


def test_it_takes_comments_for_four_weeks(draft):
    assert (draft.status, draft.comments_until) == ("consultation", date(2026, 12, 7))
    assert queries.takes_comments(draft, date(2026, 12, 7))
    assert not queries.takes_comments(draft, date(2026, 12, 8))


def test_its_title_says_in_both_languages_that_it_is_a_sample(draft):
    assert draft.title_ja.startswith("（見本）")
    assert draft.title_en.startswith("(sample) ")
    assert draft.is_incomplete


def test_every_text_in_it_says_that_it_is_a_sample(draft):
    texts = [one.text_ja for one in draft.controls.exclude(text_ja="")]
    assert len(texts) == 4
    assert all(text.startswith("（見本）") for text in texts)


def test_it_follows_the_edition_of_2024_and_has_the_lines_of_the_shipped_draft(draft):
    assert draft.predecessor_id == "ismap-2024-07"
    assert draft.controls.count() == 240
    assert draft.reading == "r7-selection"


def test_organisations_of_several_kinds_commented_and_one_has_its_answer(draft):
    said = [(one.number, one.organisation.kind, one.status, bool(one.answer)) for one in Comment.objects.order_by("pk")]
    assert said == [
        ("5.7", "provider", "answered", True),
        ("5.7", "provider", "open", False),
        ("8.9", "audit_body", "open", False),
        ("8.28", "provider", "open", False),
    ]
    assert queries.tally(draft) == {"total": 4, "unanswered": 3}


def test_everything_of_it_was_done_by_the_acts_in_their_order(draft):
    assert [one.act for one in history(draft)] == ["criteria.import", "criteria.consult"]
    answered = Comment.objects.get(status="answered")
    assert [one.act for one in history(answered)] == ["criteria.comment", "criteria.answer"]
    assert Event.objects.filter(act__startswith="criteria.", at__gt=NOW).count() == 0


def test_it_cannot_be_put_out_without_the_edition_it_follows(people):
    with pytest.raises(Incomplete) as refused:
        put_out(people, now=THEN)
    assert [(one.code, one.where) for one in refused.value.problems] == [("criteria.no_such_edition", "predecessor")]
    assert not Edition.objects.exists()


def test_the_sample_world_has_it_and_takes_comments_on_the_day_it_was_built(world):
    draft = Edition.objects.get(pk=EDITION)
    assert queries.takes_comments(draft, NOW.date())
    assert Comment.objects.filter(edition=draft, written_at__gt=NOW).count() == 0
