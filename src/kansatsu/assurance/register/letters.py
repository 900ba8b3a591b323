"""Letters about an entry, to its provider."""

from datetime import datetime

from django.urls import reverse

from kansatsu.accounts.queries import recipients
from kansatsu.assurance.register.models import Entry
from kansatsu.core.outbox import post


def to_provider(key: str, entry: Entry, *, now: datetime, text: str = "") -> None:
    """To all people of the provider."""
    post(
        f"register.{key}",
        recipients(entry.service.provider_id),
        now=now,
        about=entry,
        params={
            "number": entry.number,
            "service": entry.service_name,
            "valid_until": entry.standing.valid_until.isoformat(),
            "text": text,
            "path": reverse("register:entry", args=[entry.number]),
        },
    )
