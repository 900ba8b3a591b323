"""The public list on a given day, what waits to be entered, and what is due for renewal."""

from dataclasses import replace
from datetime import date

import pytest
from tests.assurance.doing import ADOPTED, REGISTERING

from kansatsu.accounts.actors import SYSTEM
from kansatsu.assurance.providers.models import Standing
from kansatsu.assurance.providers.workflow import Model
from kansatsu.assurance.register import actions, queries
from kansatsu.assurance.register.models import Entry
from kansatsu.core.models import Event
from kansatsu.samples.walk import Walk

STAGE = "approved"
LAST_DAY, NEXT_DAY = date(2026, 7, 31), date(2026, 8, 1)


@pytest.fixture
def registered(walk):
    return walk.to("registered")


@pytest.fixture
def adopted(people, walk):
    """Two registrations taken over: one of the west, one of the east in English letters."""
    west = replace(ADOPTED, service="にしの雲", service_en="Western Cloud", regions="西日本", model=Model.IAAS)
    east = replace(ADOPTED, number="C23-0002-1", service="Higashi CLOUD", provider="ひがし電算", regions="東日本")
    return actions.adopt(rows=[east, west], actor=people["office"], now=walk.later())


def listed(day=date(2025, 8, 1), **wanted):
    return [row.entry.number for row in queries.public_list(day, **wanted)]


def test_expiry_needs_no_sweep(registered):
    events = Event.objects.count()
    stored = Entry.objects.values().get(), Standing.objects.values().get()
    assert [(row.state, row.is_valid) for row in queries.public_list(LAST_DAY)] == [("valid", True)]
    assert [(row.state, row.is_valid) for row in queries.public_list(NEXT_DAY)] == [("expired", False)]
    assert (Entry.objects.values().get(), Standing.objects.values().get()) == stored
    assert Event.objects.count() == events
    assert stored[0]["status"] == "registered"


def test_the_list_is_in_the_order_of_registration(registered, adopted):
    assert listed() == ["C21-0008-2", "C23-0002-1", "C25-0001-1"]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("", ["C21-0008-2", "C23-0002-1", "C25-0001-1"]),
        ("雲", ["C21-0008-2"]),
        ("cloud", ["C21-0008-2", "C23-0002-1", "C25-0001-1"]),
        ("ＣＬＯＵＤ　west", ["C21-0008-2"]),
        ("東日本", ["C23-0002-1", "C25-0001-1"]),
        ("西日本", ["C21-0008-2", "C25-0001-1"]),
        ("ひがし", ["C23-0002-1"]),
        ("c23-0002", ["C23-0002-1"]),
        ("ファイル あおぞら", ["C25-0001-1"]),
        ("ファイル ひがし", []),
        ("%", []),
        ("_", []),
    ],
)
def test_the_list_is_searched_by_every_word_in_name_provider_region_and_number(registered, adopted, search, expected):
    assert listed(search=search) == expected


@pytest.mark.parametrize(
    ("model", "expected"), [("saas", ["C23-0002-1", "C25-0001-1"]), ("iaas", ["C21-0008-2"]), ("paas", [])]
)
def test_the_list_can_be_narrowed_to_a_delivery_model(registered, adopted, model, expected):
    assert listed(model=model) == expected


def test_the_list_can_be_narrowed_to_what_is_valid(registered, adopted):
    REGISTERING["remove"](registered, registered.actor("office"))
    assert listed(only_valid=True) == ["C21-0008-2", "C23-0002-1"]
    assert listed(date(2027, 1, 1), only_valid=True) == []
    assert listed(date(2027, 1, 1)) == ["C21-0008-2", "C23-0002-1", "C25-0001-1"]


def test_the_list_takes_one_query_however_many_entries(registered, adopted, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = queries.public_list(LAST_DAY)
        assert [(row.entry.service_name, row.state) for row in rows] == [
            ("にしの雲", "valid"), ("Higashi CLOUD", "valid"), ("あおぞらファイル共有", "valid"),
        ]  # fmt: skip


def test_the_states_are_counted_in_their_order(registered, adopted):
    REGISTERING["remove"](registered, registered.actor("office"))
    assert list(queries.states(queries.public_list(LAST_DAY)).items()) == [("valid", 2), ("removed", 1)]
    assert list(queries.states(queries.public_list(NEXT_DAY)).items()) == [("expired", 2), ("removed", 1)]
    assert queries.states([]) == {}


def test_remarks_come_by_entry_oldest_first_in_one_query(registered, adopted, django_assert_num_queries):
    office = registered.actor("office")
    for day, text in ((date(2025, 4, 2), "二つ目"), (date(2025, 4, 1), "一つ目")):
        actions.remark(entry=registered.entry, on=day, text=text, actor=office, now=registered.later())
        registered.entry.refresh_from_db()
    rows = queries.public_list(LAST_DAY)
    with django_assert_num_queries(1):
        found = queries.remarks_of(rows)
    assert {number: [one.text for one in remarks] for number, remarks in found.items()} == {
        registered.entry.pk: ["一つ目", "二つ目"]
    }
    assert [one.text for one in queries.entries().get(pk=registered.entry.pk).remarks.all()] == ["一つ目", "二つ目"]


def test_an_approved_application_waits_for_the_office_until_it_is_entered(walk):
    assert list(queries.to_enter(walk.actor("office"))) == [walk.application]
    walk.to("registered")
    assert list(queries.to_enter(walk.actor("office"))) == []


@pytest.mark.parametrize(
    "person",
    ["provider", "other provider", "auditor", "reviewer", "committee", "agency", "nobody", "system"],
)
def test_an_approved_application_waits_for_nobody_else(walk, who, person):
    assert list(queries.to_enter(who[person])) == []


def test_what_was_refused_does_not_wait_to_be_entered(walk):
    other = Walk(people=walk.people, edition=walk.edition, period=walk.period, name="べつのもの")
    other.to("before_committee").refuse()
    assert list(queries.to_enter(walk.actor("office"))) == [walk.application]


def test_serials_begin_with_one_each_year_and_go_on_after_the_highest(registered, adopted):
    assert [queries.next_serial(year) for year in (2020, 2021, 2023, 2025)] == [1, 9, 3, 2]


def due(day):
    return [(entry.number, notice) for entry, notice in queries.due_reminders(day)]


def test_reminders_fall_due_at_each_notice_and_once_only(registered):
    assert due(date(2026, 1, 31)) == []
    for day, notice in ((date(2026, 2, 1), 180), (date(2026, 5, 2), 90), (date(2026, 7, 24), 7)):
        assert due(day) == [("C25-0001-1", notice)]
        registered.entry = actions.remind(entry=registered.entry, notice=notice, actor=SYSTEM, now=registered.later())
        assert due(day) == []
    assert due(LAST_DAY) == due(NEXT_DAY) == []


def test_nobody_is_reminded_of_what_is_removed(registered):
    REGISTERING["remove"](registered, registered.actor("office"))
    assert due(date(2026, 2, 1)) == []


def renewals(walk, day, key="provider"):
    return [row.entry.number for row in queries.renewals_due(walk.actor(key), day)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 31), []),
        (date(2026, 2, 1), ["C25-0001-1"]),
        (LAST_DAY, ["C25-0001-1"]),
        (NEXT_DAY, []),
    ],
)
def test_a_renewal_is_due_from_the_longest_notice_to_the_last_day(registered, day, expected):
    assert renewals(registered, day) == expected


@pytest.mark.parametrize("key", ["minato", "auditor", "reviewer", "decider", "office", "buyer"])
def test_a_renewal_is_due_for_its_provider_only(registered, key):
    assert renewals(registered, LAST_DAY, key) == []


def test_nothing_is_due_for_what_is_removed(registered):
    REGISTERING["remove"](registered, registered.actor("office"))
    assert renewals(registered, LAST_DAY) == []
