"""The history is one chain: whatever is changed, dropped or cut off in it shows."""

import hashlib
from datetime import timedelta

import pytest

from kansatsu.accounts.actors import SYSTEM
from kansatsu.accounts.models import Organisation, Person
from kansatsu.core.events import Break, Head, append, breaks, content, hash_of, head, history
from kansatsu.core.models import GENESIS, ChainHead, Event


@pytest.fixture
def chain(db, noon):
    """An organisation with five events in the chain, one an hour."""
    lake = Organisation.objects.create(
        kind="provider", name="みずうみ株式会社", folded_name="みずうみ株式会社", founded_at=noon
    )
    for number in range(1, 6):
        append(
            lake,
            f"accounts.act{number}",
            actor=SYSTEM,
            now=noon + timedelta(hours=number),
            before="open",
            after="shut",
            details={"step": number},
        )
    return lake


def rehash(numbers):
    """What a forger with the database in hand does: make these events fit each other again."""
    previous = Event.objects.get(number=numbers[0]).previous
    for number in numbers:
        event = Event.objects.get(number=number)
        event.previous = previous
        previous = event.hash = hash_of(event)
        Event.objects.filter(number=number).update(previous=event.previous, hash=event.hash)


def test_before_the_first_event_the_head_is_the_genesis(db):
    assert head() == Head(0, GENESIS)
    assert GENESIS == "0" * 64
    assert list(breaks()) == []


def test_each_event_carries_the_hash_of_the_one_before(chain):
    rows = list(Event.objects.order_by("number").values_list("number", "previous", "hash"))
    assert [row[0] for row in rows] == [1, 2, 3, 4, 5]
    assert [row[1] for row in rows] == [GENESIS, *(row[2] for row in rows[:-1])]
    assert head() == Head(5, rows[-1][2])


def test_a_hash_is_sha256_over_canonical_json(chain, noon):
    event = Event.objects.get(number=1)
    canonical = (
        '{"act":"accounts.act1","actor":"system","at":"2025-04-01T04:00:00.000000+00:00","details":{"step":1},'
        f'"from":"open","id":"{chain.pk}","label":"みずうみ株式会社","number":1,"object":"accounts.organisation",'
        f'"organisation":null,"person":null,"previous":"{"0" * 64}","to":"shut","version":0}}'
    )
    assert event.hash == hashlib.sha256(canonical.encode()).hexdigest()


def test_an_event_says_everything_about_the_act(people, walk):
    statement = walk.to("started").statement
    actor = people["provider"]
    event = history(statement).get()
    assert content(event) == {
        "number": event.number,
        "at": walk.clock.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00"),
        "actor": "言明 かおり (（見本）あおぞらクラウド株式会社)",
        "person": actor.person_id,
        "organisation": actor.organisation_id,
        "act": "statements.start",
        "object": "statements.statement",
        "id": str(statement.pk),
        "label": "あおぞらファイル共有 (ismap-2022-04, 1)",
        "from": "",
        "to": "draft",
        "version": 1,
        "details": {"edition": "ismap-2022-04"},
        "previous": Event.objects.get(number=event.number - 1).hash,
    }


def test_an_event_reads_as_its_number_act_and_object(chain):
    assert str(Event.objects.get(number=2)) == "2 accounts.act2 みずうみ株式会社"


def test_the_head_row_follows_the_chain(chain):
    assert str(ChainHead.objects.get()) == f"5:{head().hash}"


def test_a_whole_chain_has_no_breaks(chain):
    assert list(breaks()) == []
    assert list(breaks(head())) == []
    assert list(breaks(Head(0, GENESIS))) == []


def test_a_chain_that_went_on_after_the_head_was_saved_has_no_breaks(chain, noon):
    saved = head()
    append(chain, "accounts.more", actor=SYSTEM, now=noon)
    assert list(breaks(saved)) == []


def test_a_whole_walk_through_the_programme_leaves_a_whole_chain(walk):
    saved = head()
    walk.to("submitted")
    assert head().number > saved.number
    assert list(breaks(saved)) == []


@pytest.mark.parametrize(
    "details",
    [
        {"name": "𠮷田 ｱ", "lines": ["一", "二\n三"], "deep": {"b": 1, "a": {"z": None, "y": True}}},
        {"share": 0.25, "whole": 1.0, "small": 1e-7, "minus": -7},
        {"": "empty key", "quote": '"\\/', "control": "\u0001\t", "html": "</script>"},
    ],
)
def test_details_come_back_from_the_database_as_they_were_hashed(chain, noon, details):
    append(chain, "accounts.more", actor=SYSTEM, now=noon, details=details)
    assert Event.objects.get(number=6).details == details
    assert list(breaks()) == []


def test_moments_keep_their_microseconds(chain, noon):
    append(chain, "accounts.more", actor=SYSTEM, now=noon + timedelta(microseconds=123457))
    assert content(Event.objects.get(number=6))["at"] == "2025-04-01T03:00:00.123457+00:00"
    assert list(breaks()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "somebody else"},
        {"person_id": 7},
        {"organisation_id": 7},
        {"act": "accounts.other"},
        {"object_type": "accounts.person"},
        {"object_id": "99999"},
        {"object_label": "みずうみ株式会杜"},
        {"before": ""},
        {"after": "open"},
        {"version": 3},
        {"details": {"step": 33}},
        {"details": {}},
        {"previous": "f" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_event_shows(chain, change):
    Event.objects.filter(number=3).update(**change)
    assert list(breaks()) == [Break(3, "changed")]


def test_a_moment_put_off_by_a_microsecond_shows(chain):
    event = Event.objects.get(number=3)
    Event.objects.filter(number=3).update(at=event.at + timedelta(microseconds=1))
    assert list(breaks()) == [Break(3, "changed")]


def test_a_changed_hash_no_longer_fits_its_own_event_nor_the_next(chain):
    Event.objects.filter(number=3).update(hash="f" * 64)
    assert list(breaks()) == [Break(3, "changed"), Break(4, "changed")]


def test_a_changed_event_with_its_hash_made_to_fit_shows_at_the_next(chain):
    Event.objects.filter(number=3).update(actor="somebody else")
    rehash([3])
    assert list(breaks()) == [Break(4, "changed")]


def test_two_events_in_each_others_place_show(chain):
    third, fourth = (Event.objects.filter(number=number).values("act", "details").get() for number in (3, 4))
    Event.objects.filter(number=3).update(**fourth)
    Event.objects.filter(number=4).update(**third)
    assert list(breaks()) == [Break(3, "changed"), Break(4, "changed")]


def test_an_end_written_anew_shows_against_a_saved_head(chain):
    saved = head()
    Event.objects.filter(number=4).update(actor="somebody else")
    rehash([4, 5])
    ChainHead.objects.update(hash=Event.objects.get(number=5).hash)
    assert list(breaks()) == []
    assert list(breaks(saved)) == [Break(5, "changed")]


def test_a_saved_head_in_the_middle_shows_what_was_written_anew_before_it(chain, noon):
    saved = head()
    append(chain, "accounts.more", actor=SYSTEM, now=noon)
    Event.objects.filter(number=2).update(actor="somebody else")
    rehash([2, 3, 4, 5, 6])
    assert list(breaks(saved)) == [Break(5, "changed"), Break(6, "changed")]


@pytest.mark.parametrize("number", [1, 3])
def test_a_dropped_event_shows(chain, number):
    Event.objects.filter(number=number).delete()
    assert list(breaks()) == [Break(number, "dropped")]


def test_a_gap_of_several_events_shows_at_its_first(chain):
    Event.objects.filter(number__in=[2, 3]).delete()
    assert list(breaks()) == [Break(2, "dropped")]


def test_a_gap_closed_by_new_numbers_shows(chain):
    Event.objects.filter(number=3).delete()
    Event.objects.filter(number=4).update(number=3)
    Event.objects.filter(number=5).update(number=4)
    assert next(breaks()) == Break(3, "changed")


def test_a_cut_off_end_shows_against_the_row_of_the_head(chain):
    Event.objects.filter(number__gte=4).delete()
    assert list(breaks()) == [Break(4, "truncated")]


def test_a_cut_off_end_with_the_head_set_back_shows_only_against_a_saved_head(chain):
    saved = head()
    Event.objects.filter(number=5).delete()
    ChainHead.objects.update(number=4, hash=Event.objects.get(number=4).hash)
    assert list(breaks()) == []
    assert list(breaks(saved)) == [Break(5, "truncated")]


def test_a_history_that_is_gone_altogether_shows_against_a_saved_head(chain):
    saved = head()
    Event.objects.all().delete()
    ChainHead.objects.all().delete()
    assert list(breaks()) == []
    assert list(breaks(saved)) == [Break(1, "truncated")]


def test_a_history_without_its_head_row_still_verifies(chain):
    ChainHead.objects.all().delete()
    assert list(breaks()) == []


def test_dropping_the_event_of_the_saved_head_is_one_break(chain, noon):
    saved = head()
    append(chain, "accounts.more", actor=SYSTEM, now=noon)
    Event.objects.filter(number=5).delete()
    assert list(breaks(saved)) == [Break(5, "dropped")]


def test_a_change_right_behind_a_gap_shows_too(chain):
    Event.objects.filter(number=2).delete()
    Event.objects.filter(number=3).update(actor="somebody else")
    assert list(breaks()) == [Break(2, "dropped"), Break(3, "changed")]


def test_details_changed_to_what_has_no_canonical_form_show(chain):
    Event.objects.filter(number=3).update(details={"step": 2**60})
    assert list(breaks()) == [Break(3, "changed")]


def test_a_record_has_its_own_history_oldest_first(chain, noon):
    hill = Organisation.objects.create(
        kind="provider", name="おか株式会社", folded_name="おか株式会社", founded_at=noon
    )
    append(hill, "accounts.found", actor=SYSTEM, now=noon)
    append(chain, "accounts.more", actor=SYSTEM, now=noon)
    assert [event.number for event in history(chain)] == [1, 2, 3, 4, 5, 7]
    assert [event.number for event in history(hill)] == [6]


def test_records_of_two_kinds_with_one_key_have_two_histories(chain, noon):
    namesake = Person.objects.create(pk=chain.pk, name="湖 ひろ", email="hiro@sample.example", joined_at=noon)
    append(namesake, "accounts.join", actor=SYSTEM, now=noon)
    assert [event.number for event in history(namesake)] == [6]
    assert [event.number for event in history(chain)] == [1, 2, 3, 4, 5]


def test_a_long_label_is_cut_to_its_column(db, noon):
    long = Organisation.objects.create(kind="provider", name="長" * 200, folded_name="長" * 200, founded_at=noon)
    long.name = "長" * 250
    event = append(long, "accounts.found", actor=SYSTEM, now=noon)
    assert event.object_label == "長" * 200
    assert list(breaks()) == []
