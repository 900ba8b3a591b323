"""What must hold before an application may be filed."""

from dataclasses import dataclass
from datetime import date, timedelta

from kansatsu.assurance.providers.rules import StandingState, is_valid
from kansatsu.core.calendar import last_day_of_period
from kansatsu.core.problems import Problem
from kansatsu.core.text import Field

NOTE = {"note": Field(4000, lines=True)}
REASON = {"reason": Field(4000, required=True, lines=True)}
QUESTION = {"question": Field(4000, required=True, lines=True)}
ANSWER = {"answer": Field(8000, required=True, lines=True)}
SUMMARY = {"summary": Field(8000, required=True, lines=True)}


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """An application as a value.

    :param standing: how the service stands on the register on the day of filing.
    """

    is_renewal: bool
    standing: StandingState
    report_is_frozen: bool
    statement_is_final: bool
    report_is_on_this_statement: bool


def application_problems(facts: ApplicationFacts) -> list[Problem]:
    """Why the application is not fit to be filed."""
    problems = []
    if not facts.report_is_frozen:
        problems.append(Problem("reviews.report_not_frozen", where="engagement"))
    if not facts.statement_is_final:
        problems.append(Problem("reviews.statement_not_current", where="statement"))
    if not facts.report_is_on_this_statement:
        problems.append(Problem("reviews.report_on_other_statement", where="engagement"))
    if facts.is_renewal and not is_valid(facts.standing):
        problems.append(Problem("reviews.renewal_too_late", where="is_renewal"))
    if not facts.is_renewal and is_valid(facts.standing):
        problems.append(Problem("reviews.is_registered", where="is_renewal"))
    return problems


def decision_target(accepted_on: date, months: int) -> date:
    """The day by which a decision is aimed at: a period of months from the day after acceptance."""
    return last_day_of_period(accepted_on + timedelta(days=1), months)
