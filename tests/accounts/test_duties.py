"""Who has a record in hand, from the act that takes it up to the one that lets it go."""

import pytest

from kansatsu.accounts import duties
from kansatsu.accounts.actors import SYSTEM
from kansatsu.accounts.models import Duty


def open_kinds(record):
    rows = Duty.objects.filter(object_type=record._meta.label_lower, object_id=str(record.pk), until__isnull=True)
    return sorted(rows.values_list("kind", flat=True))


def test_whoever_starts_a_statement_has_it_in_hand(walk, people):
    walk.to("started")
    duty = duties.holder(walk.statement, "statement")
    assert (duty.holder.name, duty.organisation_id) == ("言明 かおり", people["provider"].organisation_id)
    assert (duty.label, duty.since, duty.until) == ("あおぞらファイル共有 (ismap-2022-04, 1)", walk.clock, None)


def test_nobody_has_a_record_in_hand_for_another_kind_of_work(walk):
    walk.to("started")
    assert duties.holder(walk.statement, "audit") is None


def test_each_record_has_its_own_holder(walk):
    walk.to("under_review")
    assert duties.holder(walk.engagement, "audit") is None
    assert duties.holder(walk.application, "review").holder.name == "審査 みお"
    assert open_kinds(walk.statement) == []


def test_a_statement_is_in_hand_until_it_is_final(walk):
    walk.to("answered")
    assert open_kinds(walk.statement) == ["statement"]
    walk.to("final")
    assert open_kinds(walk.statement) == []


def test_a_record_that_is_taken_up_anew_changes_hands(walk, people, noon):
    walk.to("started")
    duties.assign(walk.statement, "statement", actor=people["provider2"], now=noon)
    assert duties.holder(walk.statement, "statement").holder.name == "統制 けん"
    before = Duty.objects.get(object_type="statements.statement", until__isnull=False)
    assert (before.holder.name, before.until) == ("言明 かおり", noon)


def test_a_released_record_is_in_nobodys_hands(walk, noon):
    walk.to("started")
    duties.release(walk.statement, "statement", now=noon)
    assert duties.holder(walk.statement, "statement") is None
    assert open_kinds(walk.statement) == []


def test_releasing_again_does_not_move_the_end(walk, noon):
    walk.to("started")
    duties.release(walk.statement, "statement", now=noon)
    duties.release(walk.statement, "statement", now=walk.later(10))
    assert Duty.objects.get().until == noon


def test_the_system_takes_nothing_up(walk, noon):
    walk.to("started")
    with pytest.raises(AssertionError):
        duties.assign(walk.statement, "statement", actor=SYSTEM, now=noon)


def test_a_long_label_is_cut_to_its_column(walk, people, noon):
    walk.to("started")
    walk.statement.service.name = "長" * 200
    assert duties.assign(walk.statement, "statement", actor=people["provider"], now=noon).label == "長" * 200
