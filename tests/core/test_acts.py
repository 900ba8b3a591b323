"""An act happens whole or not at all, and a lost race reads as a refusal, not as a bug."""

import sqlite3
import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from kansatsu.accounts.actors import SYSTEM
from kansatsu.accounts.founding import new_organisation
from kansatsu.accounts.models import Organisation, Person
from kansatsu.accounts.workflow import Kind
from kansatsu.core.acts import act
from kansatsu.core.events import append, breaks
from kansatsu.core.models import Event
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Conflict, Incomplete

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite says it")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="how PostgreSQL says it")


def enter(name, now):
    return new_organisation(Kind.PROVIDER, name, actor=SYSTEM, now=now)


@act
def found(name, *, now):
    """Enter one organisation."""
    return enter(name, now)


@act
def fall(error, *, now):
    """Enter one organisation, then fall over."""
    enter("みずうみ株式会社", now)
    raise error


def test_an_act_returns_what_its_function_returns(db, noon):
    assert found("みずうみ株式会社", now=noon).name == "みずうみ株式会社"


def test_an_act_is_known_as_one_and_keeps_its_name_and_words():
    assert found.is_act is True
    assert (found.__name__, found.__doc__) == ("found", "Enter one organisation.")


@pytest.mark.parametrize(
    "error", [Incomplete(Problem("core.empty")), ZeroDivisionError("a bug")], ids=["refusal", "bug"]
)
def test_an_act_that_fails_leaves_nothing_behind(db, noon, error):
    with pytest.raises(type(error)):
        fall(error, now=noon)
    assert not Organisation.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_inside_an_act_is_a_bug(noon):
    @act
    def outer():
        return found("みずうみ株式会社", now=noon)

    with pytest.raises(RuntimeError, match="durable"):
        outer()
    assert not Organisation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_inside_somebody_elses_transaction_is_a_bug(noon):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        found("みずうみ株式会社", now=noon)


def locked():
    """What SQLite raises when another connection holds the database."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorname = "SQLITE_BUSY"
    return error


@pytest.mark.parametrize(
    "cause",
    [locked(), DeadlockDetected("Verklemmung"), SerializationFailure("直列化に失敗"), LockNotAvailable("verrou")],
    ids=["sqlite is locked", "deadlock", "serialisation", "lock"],
)
def test_a_lost_race_is_a_conflict_in_whatever_language_it_is_told(db, noon, cause):
    lost = OperationalError(str(cause))
    lost.__cause__ = cause
    with pytest.raises(Conflict) as caught:
        fall(lost, now=noon)
    assert caught.value.problems == (Problem("core.busy"),)
    assert isinstance(caught.value.__cause__, OperationalError)


@pytest.mark.parametrize("said", ["disk I/O error", "server closed the connection unexpectedly"])
def test_trouble_with_the_database_itself_is_no_refusal(db, noon, said):
    with pytest.raises(OperationalError, match=said):
        fall(OperationalError(said), now=noon)


def test_a_row_that_may_exist_only_once_is_a_conflict(db, noon):
    @act
    def write_it_again(name):
        Organisation.objects.create(kind=Kind.PROVIDER, name=name, folded_name=name, founded_at=noon)

    write_it_again("みずうみ")
    with pytest.raises(Conflict) as caught:
        write_it_again("みずうみ")
    assert caught.value.problems == (Problem("core.busy"),)
    assert isinstance(caught.value.__cause__, IntegrityError)
    assert Organisation.objects.count() == 1


def test_a_row_that_lacks_a_value_is_no_refusal(db):
    @act
    def write():
        Person.objects.create(email="nobody@sample.example", name="無", joined_at=None)

    with pytest.raises(IntegrityError):
        write()


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_database_held_by_another_writer_is_a_conflict(noon):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Conflict):
            found("みずうみ株式会社", now=noon)
        other.execute("ROLLBACK")
        assert found("みずうみ株式会社", now=noon).pk
    finally:
        other.close()
        connection.close()


def rename(organisation, name):
    Organisation.objects.filter(pk=organisation.pk).update(name_en=name)


def be_quick_to_see_a_deadlock(wait):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL deadlock_timeout = '{wait}'")


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_an_act_that_waits_for_somebody_who_waits_for_it_is_a_conflict(noon):
    lake, hill = found("みずうみ株式会社", now=noon), found("おか株式会社", now=noon)
    both_hold_one = threading.Barrier(2)

    def rename_elsewhere():
        try:
            with transaction.atomic():
                be_quick_to_see_a_deadlock("30s")
                rename(hill, "elsewhere")
                both_hold_one.wait(timeout=20)
                rename(lake, "elsewhere")
        finally:
            connection.close()

    @act
    def rename_here():
        be_quick_to_see_a_deadlock("20ms")
        rename(lake, "here")
        both_hold_one.wait(timeout=20)
        rename(hill, "here")

    elsewhere = threading.Thread(target=rename_elsewhere)
    elsewhere.start()
    with pytest.raises(Conflict):
        rename_here()
    elsewhere.join()
    assert set(Organisation.objects.values_list("name_en", flat=True)) == {"elsewhere"}


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_an_act_that_cannot_be_put_in_order_with_another_is_a_conflict(noon):
    lake = found("みずうみ株式会社", now=noon)

    def rename_elsewhere():
        try:
            rename(lake, "elsewhere")
        finally:
            connection.close()

    @act
    def rename_here():
        assert Organisation.objects.get(pk=lake.pk).name_en == ""
        elsewhere = threading.Thread(target=rename_elsewhere)
        elsewhere.start()
        elsewhere.join()
        rename(lake, "here")

    with connection.cursor() as cursor:
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    try:
        with pytest.raises(Conflict):
            rename_here()
    finally:
        connection.close()
    assert Organisation.objects.get(pk=lake.pk).name_en == "elsewhere"


def test_the_history_of_an_undone_act_is_undone_with_it(db, noon):
    lake = found("みずうみ株式会社", now=noon)

    @act
    def try_it():
        append(lake, "accounts.found", actor=SYSTEM, now=noon)
        raise Incomplete(Problem("core.empty"))

    with pytest.raises(Incomplete):
        try_it()
    found("おか株式会社", now=noon)
    assert list(Event.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert list(breaks()) == []
