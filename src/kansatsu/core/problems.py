"""A problem says what is wrong, where, by which clause, and how to mend it, in the reader's language.

Rules produce bare `Problem` values. Their sentences are data: every folder of the house may hold
``data/problems.toml``, keyed by code, so that page, JSON, command line and letter say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TypedDict

from kansatsu.core.datafiles import read_all


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    :param code: key into the problem texts, ``folder.what`` (``statements.reason_missing``).
    :param where: the field or part it concerns, a stable name for programs; empty when it concerns the whole.
    :param control: the control's number, when it concerns one line of a statement.
    :param params: values that the sentences mention.
    """

    code: str
    where: str = ""
    control: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)


class ProblemText(TypedDict):
    """A problem as people and programs read it: the shape of the command line contract."""

    code: str
    control: str | None
    where: str
    message: str
    clause: str
    remedy: str


@cache
def texts() -> dict[str, dict[str, str]]:
    """All problem texts by code, each with ``clause, ja, en, remedy_ja, remedy_en``."""
    found: dict[str, dict[str, str]] = {}
    for folder, table in read_all("problems.toml").items():
        for name, text in table.items():
            found[f"{folder}.{name}"] = text
    return found


def render(problem: Problem, language: str) -> ProblemText:
    """The problem in ``ja`` or ``en``; any other language falls back to English.

    :raises KeyError: no text exists for the code (a guard test makes this a build failure).
    """
    text = texts()[problem.code]
    tongue = "ja" if language.startswith("ja") else "en"
    values = {"where": problem.where, "control": problem.control or "", **problem.params}
    return ProblemText(
        code=problem.code,
        control=problem.control,
        where=problem.where,
        message=text[tongue].format_map(values),
        clause=text.get("clause", ""),
        remedy=text[f"remedy_{tongue}"].format_map(values),
    )
