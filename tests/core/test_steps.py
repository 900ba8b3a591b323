"""The table of steps: what it refuses to be, and what it answers."""

from enum import StrEnum

import pytest

from kansatsu.core.steps import Step, Workflow


class Status(StrEnum):
    OPEN = "open"
    AJAR = "ajar"
    SHUT = "shut"


class Act(StrEnum):
    BUILD = "build"
    PAINT = "paint"
    PULL = "pull"
    PUSH = "push"
    LOCK = "lock"


BUILD = Step(Act.BUILD, (), Status.OPEN)
PAINT = Step(Act.PAINT, (Status.OPEN, Status.SHUT), None)
PULL = Step(Act.PULL, (Status.OPEN,), Status.AJAR)
PUSH = Step(Act.PUSH, (Status.AJAR,), Status.OPEN)
LOCK = Step(Act.LOCK, (Status.OPEN, Status.AJAR), Status.SHUT)
DOOR = Workflow("house.door", Status, Act, [BUILD, PAINT, PULL, PUSH, LOCK])


@pytest.mark.parametrize(
    ("status", "open_acts"),
    [("open", ("paint", "pull", "lock")), ("ajar", ("push", "lock")), ("shut", ("paint",)), ("burnt", ())],
)
def test_the_acts_open_in_a_status_come_in_the_order_of_the_table(status, open_acts):
    assert DOOR.acts_from(status) == open_acts


def test_a_status_that_is_only_painted_is_an_end():
    assert DOOR.ends_in() == {"shut"}


def test_the_act_without_sources_begins_a_record():
    assert [step.act for step in DOOR.steps.values() if step.begins] == ["build"]


def test_the_folder_is_the_first_part_of_the_name():
    assert DOOR.folder == "house"


@pytest.mark.parametrize(
    "steps",
    [[BUILD, PAINT, PULL, PUSH], [BUILD, PAINT, PULL, PUSH, LOCK, LOCK], []],
    ids=["an act is missing", "an act stands twice", "nothing at all"],
)
def test_every_act_needs_exactly_one_row(steps):
    with pytest.raises(ValueError, match=r"house\.door: every act needs exactly one row in the table of steps"):
        Workflow("house.door", Status, Act, steps)


def test_a_status_that_no_act_leads_to_is_refused():
    dead = Step(Act.LOCK, (Status.OPEN,), Status.AJAR)
    with pytest.raises(ValueError, match=r"house.door: no act leads to \[<Status.SHUT: 'shut'>\]"):
        Workflow("house.door", Status, Act, [BUILD, PAINT, PULL, PUSH, dead])
