"""The house's password rule as Django's validators want it; the rule itself is in `rules`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language

from kansatsu.accounts import queries, rules
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.dated import rulebook
from kansatsu.core.problems import Problem, render


class HouseRule:
    """Long enough, and more than a known word repeated or padded."""

    def validate(self, password: str, user: Any = None) -> None:
        """:raises ValidationError: with the problem's message and remedy."""
        rule = rulebook("accounts").on("password", tokyo_date(timezone.now()))
        names = []
        if user is not None and user.pk:
            names = [user.name, *(one.organisation.name for one in queries.memberships_of(user))]
        found = rules.password_problems(
            password,
            shortest=rule["shortest"],
            common=rule["common"],
            address=getattr(user, "email", "") or "",
            names=names,
        )
        if found:
            raise ValidationError([self._sentence(problem) for problem in found])

    def get_help_text(self) -> str:
        rule = rulebook("accounts").on("password", tokyo_date(timezone.now()))
        problem = Problem("accounts.password_short", params={"shortest": rule["shortest"]})
        return render(problem, get_language() or "ja")["remedy"]

    @staticmethod
    def _sentence(problem: Problem) -> str:
        text = render(problem, get_language() or "ja")
        return f"{text['message']} {text['remedy']}"
