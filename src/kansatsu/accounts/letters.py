"""Letters about people: the invitation and the hand-over."""

from datetime import datetime

from django.urls import reverse

from kansatsu.accounts.models import Duty, Invitation, Person
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.outbox import Recipient, post
from kansatsu.core.words import word


def invited(invitation: Invitation, key: str, *, language: str, now: datetime) -> None:
    """To the invited address, with the key that only this letter holds."""
    post(
        "accounts.invited",
        [Recipient(invitation.email, language)],
        now=now,
        about=invitation,
        secret=True,
        params={
            "organisation": invitation.organisation.name,
            "inviter": invitation.invited_by,
            "role_ja": word(f"accounts.role.{invitation.role}", "ja"),
            "role_en": word(f"accounts.role.{invitation.role}", "en"),
            "expires_on": tokyo_date(invitation.expires_at).isoformat(),
            "path": reverse("accounts:invitation", args=[key]),
        },
    )


def handed_over(duties: list[Duty], *, giver: Person, taker: Person, now: datetime) -> None:
    """To the one who takes the duties over."""
    post(
        "accounts.handed_over",
        [Recipient(taker.email, taker.language)],
        now=now,
        params={
            "count": len(duties),
            "from_name": giver.name,
            "duties": "\n".join(f"- {duty.label}" for duty in duties),
        },
    )
