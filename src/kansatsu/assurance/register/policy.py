"""Who may write the register; everybody may read it."""

from typing import Any

from kansatsu.accounts.actors import Actor
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.register.workflow import ENTRY, Act
from kansatsu.core.policies import Policy
from kansatsu.core.problems import Problem


def _keeps(actor: Actor, _record: Any) -> Problem | None:
    return None if actor.is_of(Kind.OFFICE) else Problem("accounts.not_office")


def _sweeps(actor: Actor, _record: Any) -> Problem | None:
    return None if actor.is_system else Problem("register.system_only")


POLICY: Policy[Actor] = Policy(
    Act,
    {
        Act.ENTER: _keeps,
        Act.ADOPT: _keeps,
        Act.RENEW: _keeps,
        Act.REMARK: _keeps,
        Act.REMIND: _sweeps,
        Act.REMOVE: _keeps,
    },
    ENTRY,
)
