"""The sample world: a service in every state, plainly marked, nothing of it in the future, its history whole."""

from datetime import date

import pytest
from tests.samples.conftest import NOW

from kansatsu.accounts.models import Organisation, Person
from kansatsu.assurance.audits.models import Engagement
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.register.models import Entry
from kansatsu.assurance.register.queries import public_list
from kansatsu.assurance.reviews.models import Application
from kansatsu.assurance.statements.models import Line, Statement
from kansatsu.core.events import breaks, head
from kansatsu.core.models import Event
from kansatsu.samples.cast import ORGANISATIONS
from kansatsu.samples.walk import STAGES
from kansatsu.samples.world import ADOPTED, PLANS

TODAY = date(2026, 11, 23)
EVERY_STATE = {
    "described", "started", "half", "final", "proposed", "declined", "accepted", "fieldwork", "reported", "frozen",
    "prepared", "submitted", "returned", "withdrawn", "accepted_for_review", "under_review", "questioned",
    "answered_question", "before_committee", "approved", "refused", "registered", "due", "renewal_pending", "renewed",
    "three_rounds", "expired", "removed",
}  # fmt: skip


# --- the plans ---


def test_there_are_at_least_forty_services():
    assert len(PLANS) >= 40
    assert len({plan.name for plan in PLANS}) == len({plan.name_en for plan in PLANS}) == len(PLANS)


def test_the_plans_cover_every_state_of_the_cycle():
    assert {plan.to for plan in PLANS} == EVERY_STATE


def test_every_provider_of_the_cast_has_services():
    assert {plan.provider for plan in PLANS} == {"provider", "minato", "yamabiko", "hoshizora", "kawasemi"}


def test_there_are_several_organisations_of_each_kind_that_competes():
    kinds = [one.kind for one in ORGANISATIONS]

    assert {kind: kinds.count(kind) for kind in kinds} == {
        "office": 1,
        "support_body": 1,
        "committee": 1,
        "provider": 5,
        "audit_body": 2,
        "agency": 2,
    }


def test_the_walk_knows_every_plain_stage_of_the_plans():
    assert EVERY_STATE - set(STAGES) == {
        "half", "declined", "returned", "withdrawn", "refused", "due", "renewal_pending", "renewed", "three_rounds",
        "expired", "removed",
    }  # fmt: skip


# --- the world ---


@pytest.mark.parametrize(
    ("state", "statuses"),
    [
        ("described", ([], [], [])),
        ("half", (["draft"], [], [])),
        ("declined", (["final"], ["declined"], [])),
        ("returned", (["final"], ["frozen"], ["returned"])),
        ("withdrawn", (["final"], ["frozen"], ["withdrawn"])),
        ("under_review", (["final"], ["frozen"], ["under_review"])),
        ("questioned", (["final"], ["frozen"], ["questioned"])),
        ("approved", (["final"], ["frozen"], ["approved"])),
        ("refused", (["final"], ["frozen"], ["refused"])),
        ("due", (["final"], ["frozen"], ["approved"])),
        ("renewal_pending", (["final"] * 2, ["frozen"] * 2, ["approved", "under_review"])),
        ("three_rounds", (["final"] * 3, ["frozen"] * 3, ["approved"] * 3)),
    ],
)
def test_each_service_has_come_as_far_as_its_plan_says(world, state, statuses):
    service = Service.objects.get(name=world[state])

    assert (
        [one.status for one in Statement.objects.filter(service=service).order_by("pk")],
        [one.status for one in Engagement.objects.filter(statement__service=service).order_by("pk")],
        [one.status for one in Application.objects.filter(service=service).order_by("pk")],
    ) == statuses


def test_a_half_written_statement_is_one_of_full_size(world):
    lines = Line.objects.filter(statement__service__name=world["half"])

    assert lines.count() == 1311
    assert lines.filter(state="unanswered").count() == 590


@pytest.mark.parametrize(
    ("state", "standing", "standings"),
    [
        ("three_rounds", "valid", 3),
        ("renewed", "valid", 2),
        ("due", "valid", 1),
        ("renewal_pending", "renewal_pending", 1),
        ("expired", "expired", 1),
        ("removed", "removed", 1),
    ],
)
def test_the_public_list_shows_every_standing_today(world, state, standing, standings):
    [row] = [row for row in public_list(TODAY) if row.entry.service_name == world[state]]

    assert row.state == standing
    assert row.entry.service.standings.count() == standings


@pytest.mark.parametrize("state", ["approved", "refused", "described"])
def test_what_was_not_entered_is_not_on_the_list(world, state):
    assert world[state] not in {row.entry.service_name for row in public_list(TODAY)}


def test_registrations_that_existed_already_are_adopted(world):
    adopted = Entry.objects.filter(is_adopted=True).order_by("number")

    assert [one.number for one in adopted] == ["C21-0101-2", "C21-0102-2", "C22-0107-2", "C23-0111-2"]
    assert len(ADOPTED) == 4


def test_everything_is_marked_as_a_sample_in_its_row_and_in_its_name(world):
    for model, name, name_en in (
        (Organisation, "name", "name_en"),
        (Service, "name", "name_en"),
        (Entry, "service_name", "service_name_en"),
    ):
        rows = list(model.objects.all())
        assert rows and all(row.is_sample for row in rows)
        assert all(getattr(row, name).startswith("（見本）") for row in rows)
        assert all(getattr(row, name_en).startswith("(sample) ") for row in rows)


def test_nobody_of_the_cast_has_a_real_address(world):
    assert {address.rpartition("@")[2] for address in Person.objects.values_list("email", flat=True)} == {
        "sample.example"
    }


def test_nothing_of_it_lies_in_the_future(world):
    assert Event.objects.filter(at__gt=NOW).count() == 0
    assert Entry.objects.filter(entered_on__gt=TODAY).count() == 0


def test_its_history_is_one_whole_chain(world):
    end = head()

    assert end.number == Event.objects.count() > 200
    assert list(breaks(end)) == []
