"""Every status, act and other fixed value that people see has a word in both languages."""

import importlib
from enum import StrEnum

import pytest

from kansatsu.accounts.workflow import Kind as OrganisationKind
from kansatsu.accounts.workflow import Role
from kansatsu.assurance.criteria.differences import Carry, Change
from kansatsu.assurance.criteria.mappings import Confidence, Relation
from kansatsu.assurance.criteria.rules import Kind, Part, Requirement
from kansatsu.assurance.providers.rules import StandingState
from kansatsu.assurance.providers.workflow import Model
from kansatsu.assurance.statements.rules import HEADER
from kansatsu.assurance.statements.workflow import LineState
from kansatsu.core.datafiles import HOUSE
from kansatsu.core.policies import Policy
from kansatsu.core.steps import Workflow
from kansatsu.core.words import all_words, word


def things(file, kind):
    """Everything of that kind in the files of that name: (folder, thing)."""
    found = []
    for path in sorted(HOUSE.glob(f"**/{file}.py")):
        name = ".".join(("kansatsu", *path.relative_to(HOUSE).with_suffix("").parts))
        module = importlib.import_module(name)
        found += [(path.parent.name, one) for one in vars(module).values() if kind(one, name)]
    return found


def is_act(one, module):
    return (
        isinstance(one, type) and issubclass(one, StrEnum) and one.__name__.endswith("Act") and one.__module__ == module
    )


def defined(kind):
    return lambda one, module: isinstance(one, kind)


WORKFLOWS = things("workflow", defined(Workflow))
ACTS = things("workflow", is_act)
POLICIES = things("policy", defined(Policy))


def test_the_tables_of_steps_and_the_policies_are_found():
    assert {workflow.name for _, workflow in WORKFLOWS} == {
        "criteria.edition",
        "criteria.comment",
        "criteria.mapping",
        "statements.statement",
        "audits.engagement",
        "reviews.application",
        "register.entry",
    }
    assert {folder for folder, _ in POLICIES} == {
        "accounts", "criteria", "providers", "statements", "audits", "reviews", "register",
    }  # fmt: skip


def is_said(key):
    return bool(word(key, "ja").strip()) and bool(word(key, "en").strip())


@pytest.mark.parametrize(
    "key",
    [
        *(f"{workflow.folder}.status.{status}" for _, workflow in WORKFLOWS for status in workflow.statuses),
        *(f"{folder}.act.{act}" for folder, acts in ACTS for act in acts),
        *(f"statements.state.{one}" for one in LineState),
        *(f"statements.header.{one}" for one in HEADER),
        *(f"providers.standing.{one}" for one in StandingState),
        *(f"providers.model.{one}" for one in Model),
        *(f"criteria.part.{one}" for one in Part),
        *(f"criteria.kind.{one}" for one in Kind),
        *(f"criteria.requirement.{one}" for one in Requirement),
        *(f"criteria.stated.{one}" for one in Requirement),
        *(f"criteria.change.{one}" for one in Change),
        *(f"criteria.carry.{one}" for one in Carry),
        *(f"criteria.relation.{one}" for one in Relation),
        *(f"criteria.confidence.{one}" for one in Confidence),
        *(f"accounts.kind.{one}" for one in OrganisationKind),
        *(f"accounts.role.{one}" for one in Role),
    ],
)
def test_a_fixed_value_has_a_word(key):
    assert is_said(key)


def test_every_folder_with_acts_has_a_policy_with_a_row_for_each():
    assert sorted((folder, sorted(policy.rows)) for folder, policy in POLICIES) == sorted(
        (folder, sorted(acts)) for folder, acts in ACTS
    )


def test_a_policy_asks_the_table_of_steps_of_its_own_folder():
    own = {(workflow.folder, workflow.acts): workflow for _, workflow in WORKFLOWS}
    for folder, policy in POLICIES:
        assert policy.workflow is own.get((folder, type(next(iter(policy.rows)))))


def test_a_policy_that_forgets_an_act_cannot_be_made():
    for _, policy in POLICIES:
        rows = dict(policy.rows)
        acts = type(next(iter(rows)))
        assert Policy(acts, rows).rows == rows
        rows.popitem()
        with pytest.raises(ValueError, match="every act needs exactly one row"):
            Policy(acts, rows)


def test_a_word_belongs_to_a_fixed_value():
    known = {
        "status": {f"{workflow.folder}.{status}" for _, workflow in WORKFLOWS for status in workflow.statuses},
        "act": {f"{folder}.{act}" for folder, acts in ACTS for act in acts},
    }
    for key in all_words():
        folder, group, value = key.split(".")
        assert group not in known or f"{folder}.{value}" in known[group]
