"""Who may install an edition; the criteria themselves are open to everybody who is signed in."""

from typing import Any

from kansatsu.accounts.actors import Actor
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.criteria.workflow import EDITION, Act
from kansatsu.core.policies import Policy
from kansatsu.core.problems import Problem


def _office_or_system(actor: Actor, _edition: Any) -> Problem | None:
    return None if actor.is_system or actor.is_of(Kind.OFFICE) else Problem("accounts.not_office")


POLICY: Policy[Actor] = Policy(Act, {Act.INSTALL: _office_or_system}, EDITION)
