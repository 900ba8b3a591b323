"""What must hold for a service's particulars, and what its standing is on a given day.

Validity is computed when it is read. An application for renewal that was filed by the last day of validity keeps the
registration valid until it is decided (基本規程 3.5).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kansatsu.core.text import Field

SERVICE = {
    "name": Field(200, required=True, name=True),
    "name_en": Field(200, name=True),
    "overview": Field(4000, lines=True),
}


class StandingState(StrEnum):
    """How a service stands on the register."""

    NONE = "none"
    VALID = "valid"
    RENEWAL_PENDING = "renewal_pending"
    EXPIRED = "expired"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """One period on the register. All days are Tokyo days; the last day of validity counts.

    :param renewal_filed_on: when an application for renewal was first filed.
    :param renewal_closed_on: when that application was refused or withdrawn; an approval leaves it open until renewed.
        From that day on it keeps nothing valid.
    :param ended_on: the first day on which the service is off the register.
    """

    entered_on: date
    valid_until: date
    renewal_filed_on: date | None = None
    renewal_closed_on: date | None = None
    ended_on: date | None = None

    @property
    def is_renewal_under_way(self) -> bool:
        """Is an application for renewal filed and not closed?"""
        return self.renewal_filed_on is not None and self.renewal_closed_on is None


def standing_on(facts: PeriodFacts | None, day: date) -> StandingState:
    """The standing on that day."""
    if facts is None or day < facts.entered_on:
        return StandingState.NONE
    if facts.ended_on is not None and facts.ended_on <= day:
        return StandingState.REMOVED
    if day <= facts.valid_until:
        return StandingState.VALID
    filed, closed = facts.renewal_filed_on, facts.renewal_closed_on
    if filed is not None and filed <= facts.valid_until and (closed is None or day < closed):
        return StandingState.RENEWAL_PENDING
    return StandingState.EXPIRED


def is_valid(state: StandingState) -> bool:
    """May agencies rely on the registration?"""
    return state in (StandingState.VALID, StandingState.RENEWAL_PENDING)
