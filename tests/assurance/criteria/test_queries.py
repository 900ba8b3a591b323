"""The list of installed editions."""

from tests.assurance.doing import BEGINNING

from kansatsu.accounts.actors import SYSTEM
from kansatsu.assurance.criteria import queries
from kansatsu.assurance.criteria.actions import install


def test_no_edition_is_listed_before_one_is_installed(db):
    assert list(queries.editions()) == []


def test_editions_are_listed_newest_first_each_with_its_number_of_controls(db):
    for edition_id in ("ismap-2022-04", "ismap-2024-07-synthetic", "ismap-2024-07"):
        install(edition_id=edition_id, actor=SYSTEM, now=BEGINNING)
    assert [(one.pk, one.size) for one in queries.editions()] == [
        ("ismap-2024-07", 265),
        ("ismap-2024-07-synthetic", 1311),
        ("ismap-2022-04", 261),
    ]
