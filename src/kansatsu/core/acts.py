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

# SQLite by its error names, PostgreSQL by SQLSTATE: serialisation failure, deadlock, lock not available, unique.
_LOST_RACES = {"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_BUSY_SNAPSHOT", "40001", "40P01", "55P03"}
_DOUBLES = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505"}


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
        except (OperationalError, IntegrityError) as error:
            if _code(error) in _LOST_RACES | _DOUBLES:
                raise Conflict(Problem("core.busy")) from error
            raise

    run.is_act = True  # type: ignore[attr-defined]
    return run


def _code(error: Exception) -> str:
    """What the database itself calls the error, whatever language it speaks."""
    cause = error.__cause__
    return getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None) or ""
