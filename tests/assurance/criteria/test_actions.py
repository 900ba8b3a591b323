"""Installing an edition: what is in the database afterwards, twice, and against other content."""

import pytest
from tests.assurance.doing import BEGINNING

from kansatsu.accounts.actors import SYSTEM
from kansatsu.assurance.criteria.actions import install
from kansatsu.assurance.criteria.models import Control, Edition
from kansatsu.core.events import history
from kansatsu.core.models import Event
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Conflict, Incomplete

pytestmark = pytest.mark.django_db


def installed(edition_id="ismap-2022-04"):
    return install(edition_id=edition_id, actor=SYSTEM, now=BEGINNING)


def test_an_installed_edition_is_published_with_all_its_controls():
    edition = installed()
    assert (edition.status, edition.is_incomplete, edition.is_synthetic) == ("published", True, False)
    assert edition.controls.count() == 261


def test_controls_come_in_numeric_order_by_their_sort_key():
    found = list(installed().controls.order_by("sort_key").values_list("number", flat=True))
    assert found[0] == "3.1.1" and found[-1].startswith("18.")
    assert found.index("5.1.1") < found.index("6.1.1") < found.index("10.1.1") < found.index("18.1.1")


def test_a_control_keeps_its_parent_its_part_and_its_requirement():
    detail = installed().controls.get(number="9.5.2.1.PB")
    assert (detail.parent_number, detail.part, detail.kind, detail.mark, detail.requirement) == (
        "9.5.2.P", "controls", "detailed", "PB", "with_objective",
    )  # fmt: skip


def test_an_objective_has_no_parent():
    assert set(installed().controls.filter(kind="objective").values_list("parent_number", flat=True)) == {""}


def test_the_event_of_the_installation_carries_the_content_hash():
    edition = installed()
    event = history(edition).get()
    assert (event.act, event.after, event.actor) == ("criteria.install", "published", "system")
    assert event.details == {"content_hash": edition.content_hash}


def test_installing_again_changes_nothing():
    first = installed()
    events = Event.objects.count()
    second = installed()
    assert (second.pk, second.content_hash) == (first.pk, first.content_hash)
    assert (Edition.objects.count(), Control.objects.count(), Event.objects.count()) == (1, 261, events)


def test_two_editions_live_side_by_side():
    installed()
    installed("ismap-2024-07-synthetic")
    assert Control.objects.filter(edition="ismap-2024-07-synthetic").count() == 1311
    assert Control.objects.filter(edition="ismap-2022-04").count() == 261


def test_an_edition_that_does_not_ship_is_refused_with_the_ones_that_do():
    with pytest.raises(Incomplete) as refused:
        installed("ismap-1999-01")
    assert refused.value.problems == (
        Problem(
            "criteria.no_such_edition",
            where="edition",
            params={"edition": "ismap-1999-01", "known": "ismap-2022-04, ismap-2024-07, ismap-2024-07-synthetic"},
        ),
    )


def test_an_edition_of_the_same_id_with_other_content_is_never_overwritten():
    Edition.objects.filter(pk=installed().pk).update(content_hash="0" * 64)
    with pytest.raises(Conflict) as refused:
        installed()
    assert [problem.code for problem in refused.value.problems] == ["criteria.other_content"]
    assert Edition.objects.get().content_hash == "0" * 64


def test_an_edition_and_a_control_are_called_by_their_numbers():
    edition = installed()
    assert str(edition) == "ismap-2022-04"
    assert str(edition.controls.get(number="5.1.1")) == "5.1.1"
