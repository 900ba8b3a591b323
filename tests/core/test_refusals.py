"""The four refusals: what each says to programs, and what it carries."""

import pytest

from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Conflict, Incomplete, NotAllowed, Refusal, WrongState

EMPTY, BUSY = Problem("core.empty", where="name"), Problem("core.busy")


@pytest.mark.parametrize(
    ("refusal", "exit_code", "http_status", "kind"),
    [
        (Incomplete, 3, 422, "incomplete"),
        (NotAllowed, 4, 403, "not-allowed"),
        (WrongState, 5, 409, "wrong-state"),
        (Conflict, 6, 409, "conflict"),
    ],
)
def test_each_refusal_has_its_exit_code_status_and_kind(refusal, exit_code, http_status, kind):
    assert (refusal.exit_code, refusal.http_status, refusal.kind) == (exit_code, http_status, kind)


def test_there_are_exactly_four():
    assert set(Refusal.__subclasses__()) == {Incomplete, NotAllowed, WrongState, Conflict}


@pytest.mark.parametrize(
    ("given", "kept"),
    [(BUSY, (BUSY,)), ([EMPTY, BUSY], (EMPTY, BUSY)), ((EMPTY,), (EMPTY,))],
    ids=["one problem", "a list", "a tuple"],
)
def test_a_refusal_carries_its_problems_in_order(given, kept):
    assert Incomplete(given).problems == kept


def test_a_refusal_reads_as_its_codes():
    assert str(Incomplete([EMPTY, BUSY])) == "core.empty, core.busy"


def test_a_refusal_knows_the_record_that_stood_in_the_way():
    assert Conflict(BUSY, "the record").record == "the record"
    assert Conflict(BUSY).record is None
