"""The table of who may do what: nothing is allowed by silence, and pages and acts ask the same table."""

from dataclasses import dataclass
from enum import StrEnum

import pytest

from kansatsu.core.policies import Policy
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import NotAllowed
from kansatsu.core.steps import Step, Workflow


class Status(StrEnum):
    OPEN = "open"
    SHUT = "shut"


class Act(StrEnum):
    BUILD = "build"
    SHUT = "shut"
    OPEN = "open"


@dataclass
class Door:
    owner: str
    status: Status = Status.OPEN


def anybody(actor, door):
    return None


def owner_only(actor, door):
    return None if actor == door.owner else Problem("accounts.not_administrator")


WORKFLOW = Workflow(
    "house.door",
    Status,
    Act,
    [
        Step(Act.BUILD, (), Status.OPEN),
        Step(Act.SHUT, (Status.OPEN,), Status.SHUT),
        Step(Act.OPEN, (Status.SHUT,), Status.OPEN),
    ],
)
ROWS = {Act.BUILD: anybody, Act.SHUT: anybody, Act.OPEN: owner_only}
POLICY = Policy(Act, ROWS, WORKFLOW)


@pytest.mark.parametrize(
    "rows",
    [{Act.BUILD: anybody, Act.SHUT: anybody}, {**ROWS, "burn": anybody}, {}],
    ids=["a row is missing", "a row too many", "no rows"],
)
def test_every_act_needs_exactly_one_row(rows):
    with pytest.raises(ValueError, match="every act needs exactly one row in the policy"):
        Policy(Act, rows)


def test_an_actor_without_objection_passes():
    assert POLICY.objection("mio", Act.OPEN, Door("mio")) is None
    POLICY.require("mio", Act.OPEN, Door("mio"))


def test_an_objection_is_raised_with_its_problem():
    with pytest.raises(NotAllowed) as caught:
        POLICY.require("ken", Act.OPEN, Door("mio"))
    assert caught.value.problems == (Problem("accounts.not_administrator"),)


def test_the_status_of_the_record_does_not_matter_to_an_objection():
    assert POLICY.objection("mio", Act.OPEN, Door("mio", Status.OPEN)) is None


@pytest.mark.parametrize(
    ("actor", "status", "offered"),
    [
        ("mio", Status.OPEN, (Act.SHUT,)),
        ("mio", Status.SHUT, (Act.OPEN,)),
        ("ken", Status.OPEN, (Act.SHUT,)),
        ("ken", Status.SHUT, ()),
    ],
)
def test_a_page_offers_what_is_open_in_the_status_and_allowed_to_the_actor(actor, status, offered):
    assert POLICY.open_acts(actor, Door("mio", status)) == offered


@pytest.mark.parametrize(
    ("actor", "offered"), [("mio", (Act.BUILD, Act.SHUT, Act.OPEN)), ("ken", (Act.BUILD, Act.SHUT))]
)
def test_without_a_table_of_steps_every_allowed_act_is_offered(actor, offered):
    assert Policy(Act, ROWS).open_acts(actor, Door("mio")) == offered
