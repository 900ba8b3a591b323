"""The four ways in which an act is refused. Anything else that goes wrong is a bug.

Each refusal carries problems, so that it always says what to do next, and has one exit code and one HTTP status.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from kansatsu.core.problems import Problem


class Refusal(Exception):  # noqa: N818  (the field's word is refusal, not error)
    """An act was refused; nothing was changed.

    :param record: the record that stood in the way; pages show what happened to it meanwhile.
    """

    exit_code: ClassVar[int]
    http_status: ClassVar[int]
    kind: ClassVar[str]

    def __init__(self, problems: Sequence[Problem] | Problem, record: Any = None) -> None:
        self.record = record
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(", ".join(problem.code for problem in self.problems))


class Incomplete(Refusal):
    """What was given is not right; each problem names its place."""

    exit_code, http_status, kind = 3, 422, "incomplete"


class NotAllowed(Refusal):
    """The actor may not do this act on this record."""

    exit_code, http_status, kind = 4, 403, "not-allowed"


class WrongState(Refusal):
    """The act is not open in the record's present status."""

    exit_code, http_status, kind = 5, 409, "wrong-state"


class Conflict(Refusal):
    """Somebody else changed the record first."""

    exit_code, http_status, kind = 6, 409, "conflict"
