"""`@act` makes a function one act: one outermost transaction that either happens whole or not at all."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, transaction

from kansatsu.core.events import queue
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Conflict

P = ParamSpec("P")
R = TypeVar("R")

_LOST_RACE = ("database is locked", "deadlock detected", "could not serialize access")


def act(function: Callable[P, R]) -> Callable[P, R]:
    """Run the function in a durable transaction; an action therefore never calls another action.

    Acts queue behind each other from their first look to their last word, on both databases: what an act has seen
    holds until it has written.

    :raises Conflict: another act held the same rows too long, or wrote a row that may exist only once just before.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic(durable=True):
                queue()
                return function(*args, **kwargs)
        except OperationalError as error:
            if any(sign in str(error) for sign in _LOST_RACE):
                raise Conflict(Problem("core.busy")) from error
            raise
        except IntegrityError as error:
            if "unique" in str(error).lower():
                raise Conflict(Problem("core.busy")) from error
            raise

    run.is_act = True  # type: ignore[attr-defined]
    return run
