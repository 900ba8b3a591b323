"""What must hold before a result report may be issued."""

from dataclasses import dataclass
from datetime import date

from kansatsu.core.problems import Problem
from kansatsu.core.text import Field

CONCLUSION = {"conclusion": Field(8000, required=True, lines=True)}
FINDING = {"text": Field(4000, required=True, lines=True), "control_number": Field(24)}
REPORT_KINDS = frozenset({".pdf", ".docx", ".xlsx"})


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What the rules need to know of an engagement that is to be reported."""

    period_from: date
    period_to: date
    statement_from: date | None
    statement_to: date | None
    statement_is_final: bool


def period_agreement_problems(
    first: date, last: date, statement_from: date | None, statement_to: date | None
) -> list[Problem]:
    """The fixed period must be the one that the statement names."""
    if (first, last) != (statement_from, statement_to):
        params = {"first": str(statement_from or "–"), "last": str(statement_to or "–")}
        return [Problem("audits.other_period", where="period", params=params)]
    return []


def report_problems(facts: ReportFacts, today: date) -> list[Problem]:
    """Why the result report cannot be issued yet."""
    problems = period_agreement_problems(facts.period_from, facts.period_to, facts.statement_from, facts.statement_to)
    if not facts.statement_is_final:
        problems.append(Problem("audits.statement_not_final", where="statement"))
    if today <= facts.period_to:
        problems.append(Problem("audits.period_not_over", where="period", params={"last": facts.period_to.isoformat()}))
    return problems
