"""What the tables themselves insist on, and how their rows are called."""

import pytest
from django.db import IntegrityError, models, transaction
from tests.assurance.criteria.drafts import LINES, bring_in, comment_in, install, mapping_in

from kansatsu.assurance.criteria.models import Control, Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(people):
    return people["office"]


def copied(row, **changes):
    """Write the row once more, with changes."""
    row.pk, row._state.adding = None, True
    for name, value in changes.items():
        setattr(row, name, value)
    with transaction.atomic():
        row.save()


@pytest.mark.parametrize("changes", [{"number": "9.9.9"}, {"stable_id": "obj-9.9.9"}])
def test_a_number_and_an_id_stand_once_in_an_edition(office, changes):
    control = bring_in(office).controls.get(number="5.1.1")
    with pytest.raises(IntegrityError):
        copied(control, **changes)


def test_a_number_and_an_id_may_stand_in_several_editions(office):
    control = bring_in(office).controls.get(number="5.1.1")
    other = bring_in(office, "test-2027", LINES[3:])
    copied(control, edition=other)
    assert Control.objects.filter(number="5.1.1", stable_id="obj-5.1.1").count() == 2


def test_a_pair_stands_once_in_a_mapping_set(office):
    row = mapping_in("in_use", office).rows.get()
    with pytest.raises(IntegrityError):
        copied(row, relation="subset")


def test_an_edition_that_something_rests_on_cannot_be_deleted(office):
    mapping_in("in_use", office)
    for edition in Edition.objects.all():
        with pytest.raises(models.ProtectedError), transaction.atomic():
            edition.delete()


def test_rows_are_called_by_their_ids_and_numbers(people, office):
    edition = install("ismap-2022-04")
    assert str(edition) == "ismap-2022-04"
    assert str(edition.controls.get(number="5.1.1")) == "5.1.1"
    comment = comment_in("open", office, people["provider"])
    assert str(comment) == f"test-2026 5.1.1 ({comment.pk})"


def test_a_mapping_set_and_its_rows_are_called_by_what_they_lead_to(office):
    loaded = mapping_in("in_use", office)
    assert (str(loaded), str(loaded.rows.get())) == ("test-set", "5.1.1 → 5.1.1")


def test_a_line_comes_back_from_the_table_as_the_value_it_was(office):
    edition = bring_in(office)
    assert [edition.controls.get(number=one.number).facts() for one in LINES] == list(LINES)
