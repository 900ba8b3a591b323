"""A database of the first release with editions in it: what the second migration makes of them."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tests.assurance.doing import BEGINNING

from kansatsu.accounts.actors import SYSTEM
from kansatsu.assurance.criteria import actions, editions, queries, rules
from kansatsu.assurance.criteria.models import Edition

OLD = ("title_ja", "title_en", "published_on", "source", "is_incomplete", "is_synthetic")
OLD_LINE = ("number", "part", "kind", "mark", "requirement", "base", "title_ja", "title_en", "text_ja", "text_en")
IDS = ("ismap-2022-04", "ismap-2024-07")


def to(name=None):
    """Migrate this folder's tables to that migration, or everything to the present; gives the models as they were."""
    executor = MigrationExecutor(connection)
    targets = [("criteria", name)] if name else executor.loader.graph.leaf_nodes()
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


def filled(apps, edition_ids):
    """Editions as the first release wrote them."""
    old_edition, old_control = (apps.get_model("criteria", name) for name in ("Edition", "Control"))
    for edition_id in edition_ids:
        shipped = editions.shipped(edition_id)
        edition = old_edition.objects.create(
            id=edition_id,
            status="published",
            content_hash=rules.content_hash(shipped.controls),
            **{name: getattr(shipped, name) for name in OLD},
        )
        old_control.objects.bulk_create(
            old_control(edition=edition, sort_key=rules.sort_key(one.number), parent_number="",
                        **{name: getattr(one, name) for name in OLD_LINE})
            for one in shipped.controls
        )  # fmt: skip


@pytest.fixture
def old_database(transactional_db):
    """A database as the first release left it; afterwards it is at the present again."""
    yield to("0001_initial")
    to()


def test_the_lines_get_their_ids_and_search_texts_and_the_later_edition_its_predecessor(old_database):
    filled(old_database, IDS)
    to()
    for edition_id in IDS:
        edition, shipped = Edition.objects.get(pk=edition_id), editions.shipped(edition_id)
        assert queries.facts(edition) == shipped.controls
        assert dict(edition.controls.values_list("number", "search_text")) == {
            one.number: rules.search_text(one) for one in shipped.controls
        }
    assert list(Edition.objects.order_by("pk").values_list("predecessor", flat=True)) == [None, "ismap-2022-04"]
    found = [one.number for one in queries.search(SYSTEM, "暗号", edition_id="ismap-2022-04")]
    assert found == [one.number for one in editions.shipped("ismap-2022-04").controls if "暗号" in one.title_ja]
    assert found


def test_an_edition_whose_predecessor_is_not_there_gets_none(old_database):
    filled(old_database, IDS[1:])
    to()
    assert Edition.objects.get().predecessor is None


def test_an_empty_database_is_migrated_too(old_database):
    to()
    assert not Edition.objects.exists()


def test_an_edition_that_was_migrated_is_the_same_as_one_that_is_installed_now(old_database):
    filled(old_database, IDS)
    to()
    edition = actions.install(edition_id="ismap-2024-07", actor=SYSTEM, now=BEGINNING)
    shipped = editions.shipped("ismap-2024-07")
    assert edition.content_hash == rules.content_hash(shipped.controls)
    assert (edition.status, edition.is_unverified, edition.original) == ("published", False, None)
    assert queries.clauses_of(edition) == editions.clause_titles(shipped.layout)
    assert edition.reading == shipped.requirements
    assert edition.classes == list(editions.readings()[shipped.requirements].classes)
