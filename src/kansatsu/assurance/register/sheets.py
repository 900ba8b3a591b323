"""Registrations that exist already, read from a table of public facts."""

from kansatsu.assurance.register import rules
from kansatsu.assurance.register.rules import AdoptedRow
from kansatsu.core.problems import Problem
from kansatsu.exchange.sheets import UnreadableTableError, read_csv


def adopted_rows(content: bytes) -> tuple[list[AdoptedRow], list[Problem]]:
    """The registrations in a CSV file and every problem with it; `where` of a problem is ``line:column``."""
    try:
        rows = read_csv(content)
    except UnreadableTableError as error:
        return [], [Problem(f"exchange.{error.code}", where="file", params=error.params)]
    if not rows:
        return [], [Problem("register.no_rows", where="file")]
    return rules.adopted_rows([(row.line, row.cells) for row in rows])
